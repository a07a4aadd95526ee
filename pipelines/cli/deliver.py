"""`parley deliver`: sends what is due; `--list` shows the ledger of deliveries."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.channels.registry import kind_of
from connectors.formats.cloudevents import instant, write_json_line
from connectors.formats.console import put, put_whole
from connectors.formats.humanize import counted, moment
from connectors.formats.sanitizing import clean_line
from pipelines.cli.options import (
    EXIT_FAILED,
    AllowHosts,
    ArchiveUrl,
    AsJson,
    SubscriptionsFile,
    messages,
)
from pipelines.services.archives import open_existing
from pipelines.services.deliver_pending import served_channels
from pipelines.settings.run_config import OUT_CHANNEL
from schemas.base import Instant
from schemas.delivery import Delivery

_COUNTS = ("sent", "pending", "failed", "given_up")
_OPEN = ("pending", "claimed", "failed")
_WAITS = {
    "digest": "for its digest",
    "group": "for others to come with",
    "quiet": "for the end of quiet hours",
    "budget": "for the next day: today's budget is spent",
    "retry": "to be tried again",
    "now": "to be sent by the next run or deliver",
    "sending": "for the process that is sending it",
    "nobody": "in vain: no subscription leads there any more",
}


def deliver(
    watches: Annotated[
        list[str] | None,
        typer.Argument(
            help="Watches whose subscriptions are served. Default: those of the last runs.",
            show_default=False,
        ),
    ] = None,
    archive: ArchiveUrl = "sqlite:///parley.db",
    subscriptions: SubscriptionsFile = "",
    allow_host: AllowHosts = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Also try now what failed or was given up.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--list", help="Send nothing; show the ledger, channel by channel.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send what is pending and due; `parley run` does it at its end.

    \b
    parley deliver
    parley deliver --subscriptions people.yaml --archive sqlite:///desk.db
    parley deliver --list
    """
    from pipelines.services.deliver_pending import deliver_pending

    if show:
        print_ledger(archive, as_json=as_json)
        return
    done = deliver_pending(
        archive,
        watches or (),
        subscriptions_file=subscriptions,
        allow_hosts=tuple(allow_host or ()),
        retry=retry,
        console=messages(),
    )
    if done.failures:
        raise typer.Exit(EXIT_FAILED)


def print_ledger(url: str, *, as_json: bool) -> None:
    """What each channel got and waits for; no address and no secret is in it."""
    with open_existing(url) as archive:
        rows, unrouted = _rows(archive), archive.routing.unrouted()
    if as_json:
        for row in rows:
            write_json_line(sys.stdout.buffer, row)
        return
    console = Console(highlight=False)
    for row in rows:
        _print_row(row, console)
    if unrouted:
        put(console, Text(f"{counted(unrouted, 'alert')} not sent anywhere yet: `parley deliver`"))
    elif not rows:
        put(console, Text("no deliveries"))


def _rows(archive: Archive) -> list[dict[str, Any]]:
    """One a channel; ``--out`` is none: what a run writes there is the run's own."""
    served = served_channels(archive)
    channels: dict[str, list[Delivery]] = {}
    for delivery in archive.ledger.all():
        if delivery.channel != OUT_CHANNEL:
            channels.setdefault(delivery.channel, []).append(delivery)
    return [_row(channel, owed, served) for channel, owed in sorted(channels.items())]


def _row(channel: str, owed: Sequence[Delivery], served: Collection[str] | None) -> dict[str, Any]:
    """A claim that is not settled yet counts as pending."""
    counts: Counter[str] = Counter("pending" if d.status == "claimed" else d.status for d in owed)
    errors = [d.error for d in owed if d.error and d.status != "sent"]
    is_served = served is None or channel in served
    return {
        "channel": channel,
        "subscriptions": sorted({name for d in owed for name in d.subscriptions}),
        **{status: counts[status] for status in _COUNTS},
        **_next(owed, is_served=is_served),
        "error": errors[-1] if errors else "",
    }


def _next(owed: Sequence[Delivery], *, is_served: bool) -> dict[str, str]:
    """When something goes there next, and what it waits for until then; "" for nothing."""
    times = [_time_of(delivery) for delivery in owed if delivery.status in _OPEN]
    if not times:
        return {"next_try_at": "", "waits_for": ""}
    if not is_served:
        return {"next_try_at": "", "waits_for": "nobody"}
    if any(d.status == "failed" and not d.is_refused for d in owed):
        times = [each for each in times if each[1] != "now"]  # they wait behind it
    at, why = min(times, key=lambda each: (each[0] or Instant(0), each[1]))
    return {"next_try_at": instant(at) if at is not None else "", "waits_for": why}


def _time_of(delivery: Delivery) -> tuple[Instant | None, str]:
    if delivery.status == "claimed":
        return delivery.claimed_until, "sending"
    return delivery.next_try_at, delivery.waits_for or (
        "now" if delivery.next_try_at is None else "retry"
    )


def _print_row(row: dict[str, Any], console: Console) -> None:
    kind = row["channel"].partition(":")[0]
    to = kind if kind_of(kind).is_remote else row["channel"]
    head = clean_line(f"{', '.join(row['subscriptions']) or 'nobody'} ({to})")
    counts = ", ".join(f"{row[s]} {s.replace('_', ' ')}" for s in _COUNTS if row[s])
    put(console, Text(head, "bold").append(f": {counts or 'nothing yet'}", "not bold"), rest="  ")
    if row["waits_for"]:
        at = row["next_try_at"]
        when = f"next {moment(Instant.from_rfc3339(at))}, " if at else ""
        put(console, Text(f"{when}waits {_WAITS[row['waits_for']]}"), "  ", "  ")
    if row["error"]:
        put_whole(console, Text(f"  last error: {clean_line(row['error'])}", "yellow"))
