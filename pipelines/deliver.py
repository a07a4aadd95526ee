"""Sending what is pending: from the ledger of deliveries to the sinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console

from connectors.archive import Archive
from connectors.json_lines import JsonLinesSink
from connectors.sinks import Sink, open_sink
from pipelines.config import OUT_CHANNEL, MonitorConfig
from schemas.alert import Bundle
from schemas.base import Timestamp
from schemas.errors import ConfigurationError

#: Channels whose file shows the latest bundles of the watch, old ones too.
FEED_KIND = "atom:"
#: How many bundles an alert feed holds: what a reader that looks once a week may have missed.
FEED_LENGTH = 200


@dataclass
class Delivered:
    """What was sent, and what could not be."""

    sent: int = 0  #: alerts that reached at least one channel in this run
    bundles: int = 0  #: messages to people
    failures: list[str] = field(default_factory=list)  #: one line per channel


def deliver(archive: Archive, config: MonitorConfig) -> Delivered:
    """Send every pending alert on every channel of the run's watches.

    A channel that fails keeps its alerts pending, with the error; the others go on.
    """
    delivered, seen = Delivered(), set[str]()
    by_channel: dict[str, list[str]] = {}
    for watch, channels in config.channels().items():
        for channel in channels:
            if config.deliver or channel == OUT_CHANNEL:
                by_channel.setdefault(channel, []).append(watch)
    for channel, watches in by_channel.items():
        bundles = archive.pending_bundles(channel, watches)
        alert_ids = [alert.id for bundle in bundles for alert in bundle.alerts]
        try:
            _write(archive, channel, watches, bundles, config)
        except (OSError, ConfigurationError) as error:
            archive.mark_failed(channel, alert_ids, str(error), Timestamp.now())
            delivered.failures.append(f"{channel}: {error}")
            continue
        archive.mark_sent(channel, alert_ids, Timestamp.now())
        seen.update(alert_ids)
        delivered.bundles = max(delivered.bundles, len(bundles))
    delivered.sent = len(seen)
    return delivered


def _write(
    archive: Archive,
    channel: str,
    watches: Sequence[str],
    bundles: Sequence[Bundle],
    config: MonitorConfig,
) -> None:
    """Write pending bundles; feeds are written whole, and ``--out`` though it be empty."""
    sink = _open(channel, watches, config)
    if channel.startswith(FEED_KIND):
        recent = [b for watch in watches for b in archive.recent_bundles(watch, FEED_LENGTH)]
        sink.write(recent)
    elif bundles or channel == OUT_CHANNEL:
        sink.write(bundles)


def _open(channel: str, watches: Sequence[str], config: MonitorConfig) -> Sink:
    if channel == OUT_CHANNEL:
        return JsonLinesSink(config.out, append=False)
    titles = [watch.title for watch in config.watches if watch.id in watches]
    return open_sink(channel, console=Console(), title=f"Parley: {', '.join(titles)}")
