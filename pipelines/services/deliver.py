"""Working off the ledger: what is owed goes to files and the terminal here, and away by
messengers.

Alerts stand in the archive before this begins. Each is then routed to the subscriptions that
ask for it, put together with others where they want that, claimed, and sent. A process that
is killed in between leaves claims that end with it; the next one sends what is left, under
the same ids.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from connectors.archive import Archive
from connectors.archive.claim_owners import is_dead
from connectors.archive.ledger import Claim
from connectors.channels.json_lines import JsonLinesSink
from connectors.channels.registry import UNSET, Sink, open_sink
from connectors.channels.targets import Target, unset_target
from connectors.formats.humanize import counted
from pipelines.services.cases import write_owed_cases
from pipelines.services.outbox import Outbox, Sending, label
from pipelines.services.quiet_watches import notify_quiet_watches
from pipelines.settings.run_config import OUT_CHANNEL, MonitorConfig
from schemas.alert import Alert
from schemas.errors import ConfigurationError, StoreError
from schemas.subscription import Subscription
from transforms.core.delivery.routing import matches

#: How many bundles a feed file holds: what a reader that looks once a week may have missed.
FEED_LENGTH = 200
#: Silences, beside them, are rare.
_FEED_NOTICES = 10
#: Receivers served at the same time, so that one that stalls does not hold up the others.
_PARALLEL = 8


@dataclass
class Delivered:
    """What was sent, and what could not be."""

    sent: int = 0  #: alerts that reached at least one channel in this run
    bundles: int = 0  #: messages to people
    failures: list[str] = field(default_factory=list)  #: one line per message or channel


def deliver_due(
    archive: Archive, config: MonitorConfig, sending: Sending | None = None
) -> Delivered:
    """Send what is owed to every subscription of the run's watches, and due.

    A channel that fails keeps what it is owed, with the error; the others go on.
    """
    sending = sending or Sending()
    delivered, sent = Delivered(failures=write_owed_cases(archive)), set[str]()
    watches = [watch.id for watch in config.watches]
    targets = config.targets() if config.deliver else {}
    if config.deliver:
        _remember(archive, config)
        _move_what_waited(archive, targets)
        archive.routing.route(watches, _router(targets), sending.now())
        notify_quiet_watches(archive, config, sending.now())
    dead = [owner for owner in archive.ledger.owners() if is_dead(owner)]
    local = [(target, s) for target, s in targets.items() if not target.traits.is_remote]
    remote = [(target, s) for target, s in targets.items() if target.traits.is_remote]
    if config.out:
        local.insert(0, (Target(OUT_CHANNEL), []))
    for target, subscriptions in local:
        _write(archive, target, subscriptions, config, sending.claim(dead), delivered, sent)
    outbox = Outbox(archive, watches, config, sending, dead)
    with ThreadPoolExecutor(_PARALLEL) as pool:
        for posted in pool.map(lambda item: outbox.work_off(*item), remote):
            sent |= posted.alert_ids
            delivered.bundles = max(delivered.bundles, posted.messages)
            delivered.failures += posted.failures.values()
    delivered.failures = [*filter(None, delivered.failures), *_given_up(archive, targets)]
    delivered.sent = len(sent)
    return delivered


def make_up(archive: Archive, config: MonitorConfig) -> list[str]:
    """Write the cases and tell the losses that a process left that died; a line for each failure.

    ``deliver_due`` does it by the way; this is for where it has nothing to send.
    """
    return [*write_owed_cases(archive), *_given_up(archive, config.targets())]


def _given_up(archive: Archive, targets: Mapping[Target, Sequence[Subscription]]) -> list[str]:
    """A line for each channel and reason; of a process that died before it could tell, too."""
    by_channel = {target.channel: found for target, found in targets.items()}
    return [
        f"{label(each.channel, by_channel.get(each.channel, ()))}: {each.error}; "
        f"{counted(each.number, 'delivery', 'deliveries')} given up; retry with "
        "`parley deliver --retry`"
        for each in archive.ledger.tell_given_up()
    ]


def _remember(archive: Archive, config: MonitorConfig) -> None:
    """Keep where the watches stand, so that ``parley deliver`` finds them again."""
    known = archive.runs.watch_files()
    file = os.path.abspath(config.subscriptions_file) if config.subscriptions_file else ""
    for watch, reference in zip(config.watches, config.references, strict=True):
        place = os.path.abspath(reference) if Path(reference).is_file() else reference
        if known.get(watch.id) != (place, file):
            archive.runs.remember_watch_file(watch.id, place, file)


def _move_what_waited(archive: Archive, targets: Mapping[Target, Sequence[Subscription]]) -> None:
    """Hand over what was kept for subscriptions while a variable in their targets was not set."""
    for target, subscriptions in targets.items():
        if target.kind != UNSET:
            for subscription in subscriptions:
                archive.ledger.move(unset_target(subscription).channel, target.channel)


def _router(
    targets: dict[Target, list[Subscription]],
) -> Callable[[Alert, Collection[str]], dict[str, list[str]]]:
    def route(alert: Alert, article_tags: Collection[str]) -> dict[str, list[str]]:
        asked = {
            target.channel: [s.name for s in subscriptions if matches(alert, s, article_tags)]
            for target, subscriptions in targets.items()
        }
        return {channel: names for channel, names in asked.items() if names}

    return route


def _write(
    archive: Archive,
    target: Target,
    subscriptions: Sequence[Subscription],
    config: MonitorConfig,
    claim: Claim,
    delivered: Delivered,
    sent: set[str],
) -> None:
    """Write what is owed to a file or the terminal; it has no retry plan but the next run."""
    watches = [watch.id for watch in config.watches]
    channel, ledger = target.channel, archive.ledger
    shown = "--out" if channel == OUT_CHANNEL else label(channel, subscriptions)
    try:
        sink = sink_of(target, subscriptions, config)
    except ConfigurationError as error:
        told = _describe(error, channel)
        if number := ledger.hinder(channel, told):
            owed = counted(number, "delivery", "deliveries")
            delivered.failures.append(f"{shown}: {told}; {owed} kept for it")
        return
    bundles, notices = ledger.claim_loose(channel, watches, claim)
    try:
        if target.traits.is_feed:  # written whole
            sink.write(
                archive.alerts.recent_bundles(channel, watches, FEED_LENGTH),
                ledger.recent_notices(channel, watches, _FEED_NOTICES),
            )
        elif bundles or notices or channel == OUT_CHANNEL:  # --out is written though it be empty
            sink.write(bundles, notices)
    except StoreError:
        raise
    except Exception as error:  # whatever is wrong with one channel, the others go on
        told = _describe(error, channel)
        ledger.mark_failed(channel, "", claim.owner, told, claim.at)
        delivered.failures.append(f"{shown}: {told}")
        return
    except BaseException:  # a bug, or the reader of our output has gone: others may go on
        with contextlib.suppress(Exception):
            ledger.mark_failed(channel, "", claim.owner, "interrupted", claim.at)
        raise
    ledger.mark_sent(channel, "", claim.owner, claim.at)
    sent.update(alert.id for bundle in bundles for alert in bundle.alerts)
    delivered.bundles = max(delivered.bundles, len(bundles))


def _describe(error: Exception, channel: str) -> str:
    """What went wrong, without the channel, which is told beside it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    is_known = isinstance(error, OSError | ConfigurationError)
    return str(error).removeprefix(f"{channel}: ") if is_known else repr(error)


def sink_of(target: Target, subscriptions: Sequence[Subscription], config: MonitorConfig) -> Sink:
    """What writes to a target on this machine.

    Raises:
        ConfigurationError: the place cannot be written.
    """
    if target.channel == OUT_CHANNEL:
        return JsonLinesSink(config.out, append=False)
    served = {watch for subscription in subscriptions for watch in subscription.watches}
    titles = [watch.title for watch in config.watches if not served or watch.id in served]
    return open_sink(target.channel, console=Console(), title=f"Parley: {', '.join(titles)}")
