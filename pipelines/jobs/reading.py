"""What a run reads: entries, messages or given articles, each through the same stages."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Sequence

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from connectors.pubsub.messages import read_message
from pipelines.jobs.given_articles import given_pages
from pipelines.jobs.in_memory_source import InHand
from pipelines.jobs.ports import Ports, ports_of
from pipelines.jobs.stages import (
    alerts_of_articles,
    archive_outcomes,
    articles_of_pages,
    pages_of_messages,
)
from pipelines.settings.run_config import MonitorConfig
from pipelines.telemetry.counters import Counted, counted
from schemas.article import Article
from schemas.base import Instant
from schemas.feed import FeedEntry
from schemas.page import Page
from schemas.queue_message import QueueMessage
from transforms.core.text.urls import canonical_url
from transforms.fetch_pages import FetchPages
from transforms.read_inputs import ReadInputs
from transforms.runtime.outcomes import Outcomes


def read_given(config: MonitorConfig) -> Counted:
    """Read the articles of ``--input``, or those that were read before."""
    ports = ports_of(config)
    if config.read_articles is not None:
        stored = ReadInputs(config.read_articles, Article)
        return _read(config, ports, lambda pipeline, _: pipeline | "ReadInputs" >> stored)
    given = ReadInputs(functools.partial(_recorded_pages, config, ports), Page)
    return _read_pages(config, ports, lambda pipeline, _: pipeline | "ReadInputs" >> given)


def read_entries(config: MonitorConfig, entries: Sequence[FeedEntry]) -> Counted:
    """Read the pages of entries, in their order."""
    ports = ports_of(config)
    with InHand(entries, FeedEntry) as due:
        return _read_pages(
            config,
            ports,
            lambda pipeline, outcomes: (
                pipeline
                | "Entries" >> due
                | "FetchPages" >> FetchPages(ports.open_page_fetcher, outcomes=outcomes)
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
