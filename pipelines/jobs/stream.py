"""A streaming job: messages in, alerts out, memory in the engine's state."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.io.flink.flink_streaming_impulse_source import FlinkStreamingImpulseSource
from apache_beam.io.gcp.pubsub import PubsubMessage, ReadFromPubSub
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from apache_beam.transforms.window import TimestampedValue

from connectors.archive import ArchivePlace
from connectors.files.articles import check_inputs, read_inputs
from connectors.models.onnx_meaning import load_meaning_model
from connectors.models.spacy_model import find_language_model, load_language_model
from connectors.pubsub.messages import alert_message, dead_letter_message, read_message
from connectors.pubsub.publisher import Topic
from connectors.pubsub.subscriber import Subscriber
from connectors.web.fetcher import HttpFetcher
from pipelines.jobs.stages import archive_outcomes, dossiers_of_pages
from pipelines.settings.stream_config import StreamConfig
from schemas.base import Instant
from schemas.errors import ConfigurationError
from schemas.feed import FeedEntry
from schemas.page import Page
from schemas.queue_message import QueueMessage
from transforms.archive_dossiers import ArchiveDossiers
from transforms.coders import to_beam
from transforms.core.ports import Fetcher
from transforms.core.text.urls import canonical_url, registrable_domain
from transforms.fetch_pages import FetchPages
from transforms.publish_alerts import PublishAlerts
from transforms.publish_dead_letters import publish_dead_letters
from transforms.pull_messages import PullMessages
from transforms.read_inputs import ReadInputs
from transforms.read_messages import ReadMessages
from transforms.runtime.log_outcomes import log_outcomes
from transforms.runtime.outcomes import Outcomes

#: How often a queue is looked at.
_TICK_MILLISECONDS = 50
#: Where an engine is, if it is not where Beam looks for it.
_WHERE = {"PrismRunner": "--prism_location=FILE", "FlinkRunner": "--flink_job_server_jar=FILE"}


def run_stream(config: StreamConfig) -> Any:
    """Start the job; its result, which may be waited for.

    Raises:
        ConfigurationError: an input, the archive or the model cannot be used, or the engine
            refuses its options.
    """
    find_language_model(config.model)
    load_meaning_model(config.meaning)
    check_inputs(config.inputs)
    if config.archive:  # made or migrated once, before many workers open it
        ArchivePlace(config.archive).open().close()
    with _told_as_mistakes(config.runner):
        pipeline = beam.Pipeline(options=PipelineOptions(list(config.beam)))
        build(pipeline, config)
        return pipeline.run()


@contextlib.contextmanager
def _told_as_mistakes(runner: str) -> Iterator[None]:
    """What Beam or the engine finds wrong with its options, or misses on this machine."""
    try:
        yield
    except (ValueError, ImportError, RuntimeError) as error:
        is_missing = "Unable to" in str(error) and runner in _WHERE
        if isinstance(error, RuntimeError) and not is_missing:
            raise
        lines = [line for line in str(error).splitlines() if line.strip()] or [repr(error)]
        lines += [f"say where it is: {_WHERE[runner]}"] if is_missing else []
        raise ConfigurationError([f"{runner}: {line}" for line in lines]) from error


def build(pipeline: beam.Pipeline, config: StreamConfig) -> None:
    """The stages, from the source to the sinks."""
    outcomes = Outcomes()
    if config.subscription:
        messages = pipeline | "Messages" >> _source(config)
        pages = pages_to_judge(messages, config, outcomes)
    else:
        read = functools.partial(_read_inputs, config.inputs)
        pages = pipeline | "ReadInputs" >> ReadInputs(read, Page) | "StampArrival" >> _arrived()
    sink_dossiers(pages, config, outcomes)


def pages_to_judge(
    messages: beam.PCollection[QueueMessage], config: StreamConfig, outcomes: Outcomes
) -> beam.PCollection[Page]:
    """The articles in messages, and the pages behind the entries in others."""
    read = messages | "ReadMessages" >> ReadMessages(_read_message, outcomes=outcomes)
    fetcher = _page_fetcher(config.allow_hosts, config.contact)
    fetched = read.entries | "FetchPages" >> FetchPages(fetcher, outcomes=outcomes)
    return (read.pages, fetched) | "Pages" >> beam.Flatten()


def sink_dossiers(pages: beam.PCollection[Page], config: StreamConfig, outcomes: Outcomes) -> None:
    """Judge what is said on the pages, and hand it to the sinks."""
    load_model = functools.partial(load_language_model, config.model)
    load_meaning = functools.partial(load_meaning_model, config.meaning)
    dossiers = dossiers_of_pages(
        pages,
        config.watches,
        load_model,
        outcomes,
        load_meaning,
        has_watermark=not config.is_clocked,
    )
    if config.topic:
        open_topic = functools.partial(Topic, config.topic, alert_message)
        dossiers | "PublishAlerts" >> PublishAlerts(open_topic, outcomes=outcomes)
    if config.archive:
        archive = ArchivePlace(config.archive, {watch.id: () for watch in config.watches})
        dossiers | "ArchiveDossiers" >> ArchiveDossiers(archive.dossiers)
        archive_outcomes(outcomes, archive.dossiers)
    if config.dead_letters:
        open_letters = functools.partial(Topic, config.dead_letters, dead_letter_message)
        publish_dead_letters(outcomes, open_letters)
    if not config.archive and not config.dead_letters:
        log_outcomes(outcomes)


def _source(config: StreamConfig) -> beam.PTransform:
    """Dataflow's own source, or ours."""
    source = f"pubsub:{config.subscription}"
    if config.runner == "DataflowRunner":
        return _ReadNatively(config.subscription, source)
    return PullMessages(functools.partial(Subscriber, config.subscription), _ticks(config))


def _ticks(config: StreamConfig) -> beam.PTransform:
    """Elements without end, in every slot."""
    if config.is_clocked:
        return FlinkStreamingImpulseSource().set_interval_ms(_TICK_MILLISECONDS)
    return PeriodicImpulse(fire_interval=_TICK_MILLISECONDS / 1000)


class _ReadNatively(beam.PTransform):
    """Dataflow's source, which acknowledges when its workers have stored what came of it."""

    def __init__(self, subscription: str, source: str) -> None:
        super().__init__()
        self._subscription, self._to_message = subscription, functools.partial(_message, source)

    def expand(self, begin: Any) -> Any:
        return (
            begin
            | "ReadFromPubSub"
            >> ReadFromPubSub(subscription=self._subscription, with_attributes=True)
            | "ToMessage" >> beam.Map(self._to_message).with_output_types(QueueMessage)
        )


def _message(source: str, message: PubsubMessage) -> QueueMessage:
    at = Instant.from_utc_datetime(message.publish_time)
    return QueueMessage(message.message_id, source, message.data, at)


def _read_message(message: QueueMessage) -> FeedEntry | Page:
    return read_message(message, canonical_url)


def _read_inputs(paths: Sequence[str]) -> Iterator[Page]:
    yield from read_inputs(paths, Instant.now())


def _arrived() -> beam.PTransform:
    """Each page at the time when it came."""
    return beam.Map(_at_arrival).with_output_types(Page)


def _at_arrival(page: Page) -> TimestampedValue:
    return TimestampedValue(page, to_beam(page.fetched_at))


def _page_fetcher(allow_hosts: Sequence[str], contact: str) -> Callable[[], Fetcher]:
    return functools.partial(
        HttpFetcher,
        allow_hosts=tuple(allow_hosts),
        contact=contact,
        domain_of=registrable_domain,
        obey_robots=True,
    )
