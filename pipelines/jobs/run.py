"""One run on one machine: read what is due, archive it, hand out the alerts.

Beam is loaded when there is something to read: most runs on a schedule find nothing new.
"""

from __future__ import annotations

import contextlib
import uuid
from collections import Counter
from dataclasses import dataclass, field

from connectors.files.articles import check_inputs
from pipelines.jobs.ports import ports_of
from pipelines.services.deliver import Delivered, deliver_due
from pipelines.services.silence import silence_since
from pipelines.settings.run_config import MonitorConfig
from pipelines.telemetry.counters import Counted, outcomes_of
from schemas.base import Instant
from schemas.feed import FeedEntry
from schemas.outcome import Reason
from transforms.core.alerts.silence import Silence
from transforms.core.failures import dead_letter_of
from transforms.runtime.feed_polls import FailedPoll, poll_feeds


@dataclass(frozen=True)
class RunSummary:
    """What a run did, in numbers."""

    runner: str
    seconds: float
    counters: dict[str, int] = field(default_factory=dict)  #: transforms/runtime/metrics.py
    delivered: Delivered = field(default_factory=Delivered)
    silence: Silence = field(default_factory=Silence)

    @property
    def outcomes(self) -> dict[Reason, int]:
        """How many elements were not read on, by reason, most first."""
        return outcomes_of(self.counters)

    @property
    def have_most_feeds_failed(self) -> bool:
        """Whether more than half of the run's feeds give nothing: those that failed now, and
        those that rest because they failed before.
        """
        feeds = self.counters.get("feeds_polled", 0) + self.counters.get("feeds_resting", 0)
        return 2 * self.counters.get("feeds_failing", 0) > feeds


def run_batch(config: MonitorConfig, command: str) -> RunSummary:
    """Run the monitor once.

    Alerts are in the archive, with a delivery for each channel, before any is sent; so a run
    that dies loses none: the next one sends what is pending.

    Raises:
        ConfigurationError: an input, the archive or the model cannot be used.
    """
    check_inputs(config.inputs)  # a file that cannot be read is told before anything runs
    archive_of = ports_of(config).archive
    started, run_id = Instant.now(), uuid.uuid4().hex
    watches = [watch.id for watch in config.watches]
    with contextlib.closing(archive_of.open()) as archive:
        archive.runs.begin(run_id, started, command, config.runner, watches)
        try:
            counters = _read(config).counters
        except Exception:
            deliver_due(archive, config)  # what was found before the error is owed all the same
            raise
        delivered = deliver_due(archive, config)
        ended = Instant.now()
        seconds = (ended.micros - started.micros) / 1e6
        silence = silence_since(archive, config.watches, started)
        summary = RunSummary(config.runner, seconds, counters, delivered, silence)
        archive.runs.end(run_id, ended, {"counters": counters, "sent": delivered.sent})
    return summary


def _read(config: MonitorConfig) -> Counted:
    """Read what the run is for."""
    if config.inputs or config.read_articles is not None:
        from pipelines.jobs.reading import read_given

        return read_given(config)
    return read_feeds(config, ask_all=config.ask_all_feeds)


def read_feeds(config: MonitorConfig, *, ask_all: bool, limit: int | None = None) -> Counted:
    """Poll the feeds that are due, or all, and read the entries that are, or ``limit`` of them."""
    polled, due = _poll(config, ask_all=ask_all, limit=limit)
    if not due:
        return Counted(dict(polled))
    from pipelines.jobs.reading import read_entries

    read = read_entries(config, due)
    return Counted(dict(polled + Counter(read.counters)), read.spreads)


def _poll(
    config: MonitorConfig, *, ask_all: bool, limit: int | None
) -> tuple[Counter[str], list[FeedEntry]]:
    """What the polls of the run's feeds count, and the entries to read; failures go to the
    archive.
    """
    ports, counters, due = ports_of(config), Counter[str](), list[FeedEntry]()

    def count(name: str, n: int) -> None:
        counters[name] += n

    with (
        contextlib.closing(ports.archive.open()) as archive,
        contextlib.closing(ports.open_fetcher()) as fetcher,
    ):
        for found in poll_feeds(
            config.feeds, fetcher, archive.feeds, count, ask_all=ask_all, limit=limit
        ):
            if isinstance(found, FailedPoll):
                letter = dead_letter_of("PollFeeds", *found, Instant.now())
                archive.dossiers.store_dead_letter(letter)
                count(f"outcome_{letter.reason}", 1)
            else:
                due.append(found)
    return counters, due
