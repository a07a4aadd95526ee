"""``parley follow``: the monitor without end on one machine, in small batches.

A batch is one run of the same pipeline as ``parley run``. Between batches what is owed is
sent when its time comes. What is in memory may be lost at any moment: feeds' entries stand in
the archive before they are read, and messages are acknowledged after that.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from connectors.archive import Archive, open_archive
from connectors.pubsub.subscriber import Received, Subscriber
from pipelines.jobs.ports import ports_of
from pipelines.jobs.run import read_feeds
from pipelines.jobs.stopping import Stopping, until_stopped
from pipelines.services.check import channel_problems
from pipelines.services.deliver import Delivered, deliver_due, make_up
from pipelines.services.outbox import Sending
from pipelines.services.quiet_watches import notify_quiet_watches
from pipelines.services.silence import explanation, silence_since
from pipelines.settings.contact import NO_CONTACT
from pipelines.settings.run_config import MonitorConfig
from pipelines.telemetry.counters import Counted
from pipelines.telemetry.prometheus import Exporter
from schemas.base import Instant
from schemas.errors import ConfigurationError, QueueError
from schemas.feed import FeedEntry

_LOG = logging.getLogger("parley")

#: Entries and messages of one batch: SIGTERM waits for it, a crash repeats it. A page takes
#: some 50 ms of CPU, an article that is annotated 100 to 300 ms.
BATCH = 200
#: How often the ledger is asked whether anything is due.
CHECK_SECONDS = 15.0
#: How long a pull waits for a first message, and then for more. Servers answer an empty pull by
#: themselves; what comes just when we hang up is kept from us until its deadline passes.
_WAIT_SECONDS, _MORE_SECONDS = 10.0, 2.0


@dataclass(frozen=True)
class Following:
    """What is followed."""

    load: Callable[[], MonitorConfig]  #: reads watches and subscriptions anew
    every_seconds: int
    source: str = ""  #: the subscription whose messages are read instead of feeds
    command: str = ""


def follow_feeds(following: Following, exporter: Exporter, stopping: Stopping) -> None:
    """Read and send until asked to stop; the batch in hand is then finished.

    Raises:
        ConfigurationError: something cannot be used; nothing has been read yet.
    """
    config = following.load()
    ports_of(config)  # a model that is missing is told now
    _warn(config)
    if config.is_anonymous:
        _LOG.warning(NO_CONTACT)
    with (
        contextlib.closing(open_archive(config.archive, channels=config.channels())) as archive,
        contextlib.ExitStack() as stack,
    ):
        queue = Subscriber(following.source) if following.source else None
        if queue is not None:
            stack.enter_context(contextlib.closing(queue))
        follower = _Follower(following, config, archive, queue, exporter, stopping)
        run_id, watches = uuid.uuid4().hex, [watch.id for watch in config.watches]
        archive.runs.begin(run_id, Instant.now(), following.command, config.runner, watches)
        _LOG.info("following", extra={"fields": {"watches": ",".join(watches)}})
        until_stopped(follower.turn, stopping, lambda: exporter.count("batch_errors"))
        archive.runs.end(run_id, Instant.now(), {"counters": dict(exporter.counters)})
    _LOG.info("stopped", extra={"fields": {"batches": exporter.counters["batches"]}})


class _Follower:
    """One turn after another: a batch if it is time, then what is owed."""

    def __init__(
        self,
        following: Following,
        config: MonitorConfig,
        archive: Archive,
        queue: Subscriber | None,
        exporter: Exporter,
        stopping: Stopping,
    ) -> None:
        self._following, self._config = following, config
        self._archive, self._queue, self._exporter = archive, queue, exporter
        self._sending = Sending(sleep=stopping.wait)
        self._next_batch_at = self._next_check_at = 0.0
        self._files = _stamps(config)
        self._failing: frozenset[str] = frozenset()  # addresses of feeds
        self._told: frozenset[str] = frozenset()  # failures, when what is owed was sent last

    def turn(self) -> float:
        """Do what is due; how many seconds nothing is."""
        self._reload()
        has_read = self._read_queue(self._queue) if self._queue is not None else self._read_feeds()
        if has_read or time.monotonic() >= self._next_check_at:
            self._send()
            self._next_check_at = time.monotonic() + CHECK_SECONDS
        if self._queue is not None:
            return 0.0  # the next pull waits
        return min(self._next_batch_at, self._next_check_at) - time.monotonic()

    def _reload(self) -> None:
        """Take watches and subscriptions as they now stand, unless they hold a mistake."""
        files = _stamps(self._config)
        if files == self._files:
            return
        self._files = files
        try:
            self._config = self._following.load()
        except ConfigurationError as error:
            for mistake in error.mistakes:
                _LOG.error("%s; what was read before stays in force", mistake)
            return
        _warn(self._config)
        self._files = _stamps(self._config)
        _LOG.info("watches and subscriptions were read anew")

    def _read_feeds(self) -> bool:
        started = time.monotonic()
        if started < self._next_batch_at:
            return False
        ask_all = self._config.ask_all_feeds and not self._next_batch_at
        done = read_feeds(self._config, ask_all=ask_all, limit=BATCH)
        has_more = done.counters.get("entries_due", 0) == BATCH
        self._next_batch_at = (
            time.monotonic() if has_more else started + self._following.every_seconds
        )
        self._tell(done, started)
        self._tell_failing(done)
        return True

    def _tell_failing(self, done: Counted) -> None:
        """Name each feed that fails, when it begins to."""
        if not done.counters.get("feeds_failing"):
            self._failing = frozenset()
            return
        urls = {feed.url for feed in self._config.feeds}
        failing = [
            f for f in self._archive.feeds.health() if f.state.failures and f.state.url in urls
        ]
        for feed in failing:
            if feed.state.url not in self._failing:
                what = feed.message.removeprefix(f"{feed.state.url}: ")
                _LOG.warning("feed %s: %s: %s", feed.state.url, feed.reason, what)
        self._failing = frozenset(feed.state.url for feed in failing)

    def _read_queue(self, queue: Subscriber) -> bool:
        received = queue.pull(BATCH, _WAIT_SECONDS)
        try:
            _pull_more(queue, received)
            left = self._left()
            if not received and not left:
                return False
            started = time.monotonic()
            from pipelines.jobs import reading  # loads Beam

            done = reading.read_queue(self._config, [each.message for each in received], left)
        except BaseException:
            with contextlib.suppress(QueueError):
                queue.release([each.ack_id for each in received])
            raise
        queue.acknowledge([each.ack_id for each in received])
        self._tell(done, started)
        return True

    def _left(self) -> Sequence[FeedEntry]:
        """Entries that came by the queue, and are to be tried again."""
        now = time.monotonic()
        if now < self._next_batch_at:
            return ()
        left = self._archive.entries.claim_left(Instant.now(), BATCH)
        self._next_batch_at = now + self._following.every_seconds
        return left

    def _send(self) -> None:
        notify_quiet_watches(self._archive, self._config, self._sending.now())
        if self._archive.ledger.is_pending([watch.id for watch in self._config.watches]):
            delivered = deliver_due(self._archive, self._config, self._sending)
        else:
            delivered = Delivered(failures=make_up(self._archive, self._config))
        self._exporter.count("alerts_sent", delivered.sent)
        told = [failure for failure in delivered.failures if failure not in self._told]
        self._exporter.count("deliveries_failed", len(told))  # what lasts, once
        if delivered.sent:
            _LOG.info("sent", extra={"fields": {"alerts": delivered.sent}})
        for failure in told:
            _LOG.error("not delivered: %s", failure)
        self._told = frozenset(delivered.failures)

    def _tell(self, done: Counted, started: float) -> None:
        self._exporter.batch(done)
        shown = ("messages_read", "entries_due", "articles_selected", "alerts_raised")
        fields = {name: done.counters[name] for name in shown if done.counters.get(name)}
        fields |= {k: n for k, n in sorted(done.counters.items()) if k.startswith("outcome_")}
        seconds = round(time.monotonic() - started, 2)
        _LOG.info("batch", extra={"fields": {**fields, "seconds": seconds}})
        if articles := done.counters.get("articles_selected", 0):
            at = Instant.now() - (time.monotonic() - started)
            silence = silence_since(self._archive, self._config.watches, at)
            for line in explanation(silence, articles):
                _LOG.info("%s", line.strip())


def _warn(config: MonitorConfig) -> None:
    """Tell the channels that nothing can be sent to; what they are owed waits."""
    for problem in channel_problems(config):
        _LOG.warning("%s", problem)


def _pull_more(queue: Subscriber, received: list[Received]) -> None:
    """Add to a batch what comes without a pause, up to ``BATCH``; without the server, nothing."""
    has_more = bool(received)
    with contextlib.suppress(QueueError):  # the next turn's pull tells it, if it lasts
        while has_more and len(received) < BATCH:
            more = queue.pull(BATCH - len(received), _MORE_SECONDS)
            received += more
            has_more = bool(more)


def _stamps(config: MonitorConfig) -> dict[str, tuple[int, int, int]]:
    """By which the files of watches and subscriptions are known to have changed."""
    stamps = {}
    for place in (*config.references, config.subscriptions_file):
        with contextlib.suppress(OSError):
            found = os.stat(place)
            stamps[place] = (found.st_mtime_ns, found.st_size, found.st_ino)
    return stamps
