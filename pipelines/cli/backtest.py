"""`parley backtest`: what a watch would have sent, by subscription and day."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connectors.channels.registry import kind_of
from connectors.formats import headlines, humanize
from connectors.formats.cloudevents import event_of, instant, write_json_line
from connectors.formats.console import put, put_whole
from connectors.formats.sanitizing import clean_line, web_address
from pipelines.cli.options import (
    AsJson,
    Meaning,
    Model,
    SubscriptionsFile,
    Watches,
    Workers,
    messages,
)
from pipelines.services.silence import explanation
from schemas.alert import Alert, Bundle
from schemas.base import Instant
from transforms.core.delivery.rehearsal import Rehearsed, said_at

if TYPE_CHECKING:
    from pipelines.jobs.backtest import Backtest, Channel


def backtest(
    watches: Watches,
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="ARCHIVE|PATH",
            help="An archive (sqlite:///parley.db), or WARC, files and folders. Repeatable.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="TIME",
            help="Only what was published later: 2025-05-21, or 3d. The rest is for memory.",
        ),
    ] = None,
    subscriptions: SubscriptionsFile = "",
    max_age: Annotated[
        str | None,
        typer.Option(
            "--max-age", metavar="AGE", help="Older articles raise no alert: 12h, 7d, all."
        ),
    ] = None,
    workers: Workers = 1,
    model: Model = None,
    meaning: Meaning = "",
    as_json: AsJson = False,
) -> None:
    """Show what a watch would have sent, by subscription and day; sends nothing.

    \b
    parley backtest my-watch.yaml --input sqlite:///parley.db --since 30d
    parley backtest my-watch.yaml --input day.warc.gz --json
    """
    from pipelines.jobs.backtest import run_backtest
    from pipelines.settings.times import since as instant_of

    done = run_backtest(
        watches,
        inputs or (),
        instant_of(since),
        subscriptions_file=subscriptions,
        max_age=max_age,
        workers=workers,
        model=model,
        meaning=meaning,
        console=messages(),
    )
    print_backtest(done, as_json=as_json)


def print_backtest(done: Backtest, *, as_json: bool) -> None:
    """What would have been sent."""
    if as_json:
        _print_json(done)
        return
    console = Console(highlight=False)
    put(console, Text(_summary(done)))
    for line in explanation(done.silence, done.articles):
        put(console, Text(line.strip()), "  " if line.startswith(" ") else "", "    ")
    if done.channels:
        put_whole(console, Text())
        console.print(_table(done))
    days = sorted({_day(said_at(a)) for a in done.alerts} | {_day(m.at) for m in _all(done)})
    for day in days:
        _print_day(day, done, console)


def _summary(done: Backtest) -> str:
    read = f"{humanize.counted(done.articles, 'article')} read"
    alerts = humanize.counted(len(done.alerts), "alert")
    shown = f"Back-test of {', '.join(done.watches)}: {read}, {alerts}, nothing sent."
    if done.too_old:
        shown += (
            f" {humanize.counted(done.too_old, 'article')} with something to tell kept silent, for "
            "they were older than max_age when they were first seen: --max-age all lets them speak."
        )
    if done.not_kept:
        shown += (
            f" The archive looked at {humanize.counted(done.not_kept, 'more article')} that its "
            "watches did not ask for, and keeps none of these; days kept by --warc have them all."
        )
    return shown if done.channels else f"{shown} Nobody subscribes."


def _table(done: Backtest) -> Table:
    table = Table(box=None, pad_edge=False)
    for name, justify in {"subscription": "left", "by": "left"}.items():
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for name in ("alerts", "messages", "on its busiest day"):
        table.add_column(name, justify="right")
    for channel in done.channels:
        table.add_row(*(Text(cell) for cell in _row(channel)))
    return table


def _row(channel: Channel) -> tuple[str, ...]:
    by_day = Counter(_day(message.at) for message in channel.messages)
    busiest = max(by_day.items(), key=lambda item: item[1], default=None)
    shown = f"{humanize.counted(busiest[1], 'message')} ({busiest[0]})" if busiest else "-"
    alerts = sum(len(message.alert_ids) for message in channel.messages)
    names = clean_line(", ".join(channel.names))
    return names, channel.kind, str(alerts), str(len(channel.messages)), shown


def _print_day(day: str, done: Backtest, console: Console) -> None:
    put_whole(console, Text(f"\n{day}", style="bold"))
    for channel in done.channels:
        messages = [m for m in channel.messages if _day(m.at) == day]
        if messages:
            put(console, Text(_told(channel, messages)), "  ", "    ")
    for alert in done.alerts:
        if _day(said_at(alert)) == day:
            _print_alert(alert, console)


def _told(channel: Channel, messages: list[Rehearsed]) -> str:
    alerts = humanize.counted(sum(len(m.alert_ids) for m in messages), "alert")
    names = clean_line(f"{', '.join(channel.names)} ({channel.kind})")
    if kind_of(channel.kind).is_timed:
        times = ", ".join(f"{m.at.to_utc_datetime():%H:%M}" for m in messages)
        return f"{names}: {alerts} in {humanize.counted(len(messages), 'message')} ({times} UTC)"
    return f"{names}: {alerts}"


def _print_alert(alert: Alert, console: Console) -> None:
    at = Text(f"  {said_at(alert).to_utc_datetime():%H:%M} ", style="dim")
    put(console, Text(headlines.headline(Bundle("", alert.watch, [alert]))), at, " " * 8)
    link = alert.statements[0].link
    put_whole(console, Text(f"{'':8}{web_address(link) or clean_line(link)}", style="dim"))


def _all(done: Backtest) -> list[Rehearsed]:
    return [message for channel in done.channels for message in channel.messages]


def _day(at: Instant) -> str:
    return f"{at.to_utc_datetime():%Y-%m-%d}"


def _print_json(done: Backtest) -> None:
    """First each alert as its event, then each message with the ids of its alerts."""
    for alert in done.alerts:
        row = {"day": _day(said_at(alert)), "subscriptions": _names(done, alert.id)}
        write_json_line(sys.stdout.buffer, {**row, "alert": event_of(alert)})
    for channel in done.channels:
        for message in channel.messages:
            write_json_line(sys.stdout.buffer, _message(channel, message))


def _names(done: Backtest, alert_id: str) -> list[str]:
    brought = [c for c in done.channels if any(alert_id in m.alert_ids for m in c.messages)]
    return [name for channel in brought for name in channel.names]


def _message(channel: Channel, message: Rehearsed) -> dict[str, Any]:
    return {
        "day": _day(message.at),
        "subscriptions": list(channel.names),
        "by": channel.kind,
        "message": {
            "kind": message.kind,
            "at": instant(message.at),
            "alert_ids": list(message.alert_ids),
        },
    }
