"""One run on one machine: read what is due, archive it, hand out the alerts."""

from __future__ import annotations

import contextlib
import functools
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from connectors.archive import ArchivePlace
from connectors.files.articles import check_inputs
from connectors.models.onnx_meaning import load_meaning_model
from connectors.models.spacy_model import find_language_model, load_language_model
from connectors.pubsub.messages import read_message
from connectors.web.fetcher import HttpFetcher
from connectors.web.recorded import RecordedFetcher
from connectors.web.warc import RecordingFetcher
from pipelines.jobs.given_articles import given_pages
from pipelines.jobs.in_memory_source import InHand
from pipelines.jobs.stages import (
    Ports,
    alerts_of_articles,
    archive_outcomes,
    articles_of_pages,
    pages_of_feeds,
    pages_of_messages,
)
from pipelines.services.deliver import Delivered, deliver
from pipelines.settings.run_config import MonitorConfig
from pipelines.telemetry.counters import Counted, counted, outcomes_of
from schemas.article import Article
from schemas.base import Instant
from schemas.feed import FeedEntry
from schemas.outcome import Reason
from schemas.page import Page
from schemas.queue_message import QueueMessage
from transforms.core.ports import Fetcher
from transforms.core.text.urls import canonical_url, registrable_domain
from transforms.read_inputs import ReadInputs
from transforms.runtime.outcomes import Outcomes


@dataclass(frozen=True)
class RunSummary:
    """What a run did, in numbers."""

    runner: str
    seconds: float
    counters: dict[str, int] = field(default_factory=dict)  #: transforms/metrics.py
    delivered: Delivered = field(default_factory=Delivered)

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


def run(config: MonitorConfig, command: str) -> RunSummary:
    """Run the monitor once.

    Alerts are in the archive, with a delivery for each channel, before any is sent; so a run
    that dies loses none: the next one sends what is pending.

    Raises:
        ConfigurationError: an input, the archive or the model cannot be used.
    """
    check_inputs(config.inputs)  # a file that cannot be read is told before anything runs
    ports = ports_of(config)
    started, run_id = Instant.now(), uuid.uuid4().hex
    watches = [watch.id for watch in config.watches]
    with contextlib.closing(ports.archive.open()) as archive:
        archive.runs.begin(run_id, started, command, config.runner, watches)
        try:
            counters = _run_pipeline(config, ports)
        except Exception:
            deliver(archive, config)  # what was found before the error is owed all the same
            raise
        delivered = deliver(archive, config)
        ended = Instant.now()
        seconds = (ended.micros - started.micros) / 1e6
        summary = RunSummary(config.runner, seconds, counters, delivered)
        archive.runs.end(run_id, ended, {"counters": counters, "sent": delivered.sent})
    return summary


def ports_of(config: MonitorConfig) -> Ports:
    """The factories that the stages call once per worker.

    Raises:
        ConfigurationError: the language model is not installed, or that of meaning is none.
    """
    find_language_model(config.model)
    load_meaning_model(config.meaning)
    load_model = functools.partial(load_language_model, config.model)
    open_fetcher, open_page_fetcher = fetchers_of(config)
    archive = ArchivePlace(config.archive, config.channels())
    load_meaning = functools.partial(load_meaning_model, config.meaning)
    return Ports(open_fetcher, open_page_fetcher, archive, load_model, config.workers, load_meaning)


def fetchers_of(config: MonitorConfig) -> tuple[Callable[[], Fetcher], Callable[[], Fetcher]]:
    """What asks for feeds, and what for pages: only for these robots.txt is obeyed."""
    http = functools.partial(
        HttpFetcher,
        allow_hosts=config.allow_hosts,
        contact=config.contact,
        domain_of=registrable_domain,
    )
    for_feeds: Callable[[], Fetcher] = http
    for_pages: Callable[[], Fetcher] = functools.partial(http, obey_robots=True)
    if config.recorded:
        for_feeds = for_pages = functools.partial(RecordedFetcher, config.recorded)
    if config.warc is None:
        return for_feeds, for_pages
    record = functools.partial(RecordingFetcher, path=config.warc)
    return functools.partial(record, for_feeds), functools.partial(record, for_pages)


def _run_pipeline(config: MonitorConfig, ports: Ports) -> dict[str, int]:
    """Run the stages over what the run is for; the counters by name."""
    if config.read_articles is not None:
        stored = ReadInputs(config.read_articles, Article)
        return _read(config, ports, lambda pipeline, _: pipeline | "ReadInputs" >> stored).counters
    if not config.inputs:
        return read_feeds(config, ask_all=config.ask_all_feeds).counters
    given = ReadInputs(functools.partial(_recorded_pages, config, ports), Page)
    return _read_pages(config, ports, lambda pipeline, _: pipeline | "ReadInputs" >> given).counters


def read_feeds(config: MonitorConfig, *, ask_all: bool, limit: int | None = None) -> Counted:
    """Poll the feeds that are due, or all, and read the entries that are, or ``limit`` of them."""
    ports = ports_of(config)
    return _read_pages(
        config,
        ports,
        lambda pipeline, outcomes: pages_of_feeds(
            pipeline, config.feeds, ports, outcomes, ask_all=ask_all, limit=limit
        ),
    )


def read_queue(
    config: MonitorConfig, messages: Sequence[QueueMessage], left: Sequence[FeedEntry]
) -> Counted:
    """Read what stands in messages, and entries that are due since earlier ones."""
    ports = ports_of(config)
    with InHand(messages, QueueMessage) as in_hand, InHand(left, FeedEntry) as left_over:
        return _read_pages(
            config,
            ports,
            lambda pipeline, outcomes: pages_of_messages(
                pipeline | "Messages" >> in_hand,
                pipeline | "Left" >> left_over,
                functools.partial(read_message, canonical_url=canonical_url),
                ports,
                outcomes,
            ),
        )


def _read_pages(
    config: MonitorConfig,
    ports: Ports,
    pages_of: Callable[[beam.Pipeline, Outcomes], beam.PCollection[Page]],
) -> Counted:
    """Build and run the stages behind ``pages_of``."""
    return _read(
        config,
        ports,
        lambda pipeline, outcomes: articles_of_pages(
            pages_of(pipeline, outcomes), config.watches, outcomes, ports.archive.memory
        ),
    )


def _read(
    config: MonitorConfig,
    ports: Ports,
    articles_of: Callable[[beam.Pipeline, Outcomes], beam.PCollection[Article]],
) -> Counted:
    """Build and run the stages behind ``articles_of``."""
    outcomes = Outcomes()
    pipeline = beam.Pipeline(options=PipelineOptions(["--runner", config.runner]))
    alerts_of_articles(articles_of(pipeline, outcomes), config.watches, ports, outcomes)
    archive_outcomes(outcomes, ports.archive.dossiers)
    result = pipeline.run()
    result.wait_until_finish()
    return counted(result)


def _recorded_pages(config: MonitorConfig, ports: Ports) -> Iterable[Page]:
    """The pages of ``--input``, each accounted for in the archive before it is read on."""
    with contextlib.closing(ports.archive.entries()) as entries:
        for page in given_pages(config.inputs, config.feeds, Instant.now()):
            entries.record_input([page.entry])
            yield page
