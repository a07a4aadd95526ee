"""``parley poll``: feeds are polled here, and their entries read elsewhere."""

from __future__ import annotations

import functools
import itertools
import logging
import time
from dataclasses import replace

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions

from connectors.archive import ArchivePlace
from connectors.pubsub.messages import entry_message
from connectors.pubsub.publisher import Topic
from pipelines.jobs.ports import fetchers_of
from pipelines.jobs.stages import archive_outcomes
from pipelines.jobs.stopping import Stopping, until_stopped
from pipelines.settings.run_config import MonitorConfig
from pipelines.telemetry.counters import Counted, counted
from schemas.feed import Feed
from transforms.poll_feeds import PollFeeds
from transforms.publish_entries import PublishEntries
from transforms.runtime.outcomes import Outcomes

_LOG = logging.getLogger("parley")


def poll_once(config: MonitorConfig, topic: str) -> Counted:
    """Poll the feeds that are due, and hand their new entries on to the topic.

    What a run that died had not handed on is due again.

    Raises:
        ParleyError: the archive or the topic cannot be used.
    """
    outcomes = Outcomes()
    open_fetcher, _ = fetchers_of(config)
    archive = ArchivePlace(config.archive)
    open_topic = functools.partial(Topic, topic, entry_message)
    pipeline = beam.Pipeline(options=PipelineOptions(["--runner", config.runner]))
    entries = (
        pipeline
        | "Feeds" >> beam.Create(config.feeds, reshuffle=False).with_output_types(Feed)
        | "PollFeeds"
        >> PollFeeds(open_fetcher, archive.feeds, outcomes=outcomes, ask_all=config.ask_all_feeds)
    )
    entries | "PublishEntries" >> PublishEntries(open_topic, archive.entries)
    archive_outcomes(outcomes, archive.dossiers)
    result = pipeline.run()
    result.wait_until_finish()
    return counted(result)


def poll_on(config: MonitorConfig, topic: str, every_seconds: int, stopping: Stopping) -> None:
    """The same again and again, until asked to stop. Feeds that were named are asked at once
    the first time, then in their rhythm.
    """
    later = replace(config, ask_all_feeds=False)
    turns = itertools.chain([config], itertools.repeat(later))

    def turn() -> float:
        started = time.monotonic()
        count = poll_once(next(turns), topic).counters
        shown = ("feeds_polled", "feeds_failed", "entries_published")
        _LOG.info("polled", extra={"fields": {name: count.get(name, 0) for name in shown}})
        return every_seconds - (time.monotonic() - started)

    until_stopped(turn, stopping)
    _LOG.info("stopped")
