"""Streams and ``follow`` find what a batch finds, to the last id, on every engine."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_stream import TestStream as _TestStream
from apache_beam.transforms.window import TimestampedValue

from connectors.files.articles import read_inputs
from pipelines.jobs.follow import Following, follow_feeds
from pipelines.jobs.run import run_batch
from pipelines.jobs.stream import sink_dossiers
from pipelines.settings.run_config import MonitorConfig
from pipelines.settings.stream_config import StreamConfig
from pipelines.telemetry.prometheus import Exporter
from schemas.base import Instant
from schemas.page import Page
from support.agreement import ARTICLES, held, write_day
from support.engines import engine_options
from transforms.coders import coder_of, to_beam
from transforms.runtime.outcomes import Outcomes

ROOT = Path(__file__).parents[3]
NOON = Instant(1_794_312_000)  # 10 November 2026


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """What a batch run over the day holds."""
    folder = tmp_path_factory.mktemp("batch")
    watch, day = write_day(folder)
    archive = f"sqlite:///{folder}/batch.db"
    run_batch(
        MonitorConfig.from_options([str(watch)], inputs=[str(day)], archive=archive, deliver=False),
        "test",
    )
    return held(archive)


def streamed(folder: Path, articles, cuts=(), late=()) -> dict[str, list]:
    """What a stream over the day holds: the watermark moves on after each of ``cuts``, and each
    article in ``late`` comes two days behind it.
    """
    watch, day = write_day(folder, articles)
    archive = f"sqlite:///{folder}/stream.db"
    config = StreamConfig.from_options([str(watch)], source=str(day), sinks=[archive])
    held(archive)  # makes it
    stream = _TestStream(coder=coder_of(Page)).advance_watermark_to(to_beam(NOON))
    for n, page in enumerate(read_inputs([str(day)], NOON)):
        if n in cuts:
            stream = stream.advance_watermark_to(to_beam(NOON + 3 * 86400 + n))
        at = NOON + n if n in late else NOON + 5 * 86400 + n
        stream = stream.add_elements([TimestampedValue(page, to_beam(at))])
    options = PipelineOptions(["--runner=BundleBasedDirectRunner", "--streaming"])
    with beam.Pipeline(options=options) as pipeline:
        pages = pipeline | "Stream" >> stream.advance_watermark_to_infinity()
        pages.element_type = Page
        sink_dossiers(pages, config, Outcomes())
    return held(archive)


class Until:
    """Asks to stop once so many messages were read."""

    def __init__(self, exporter, messages):
        self._exporter, self._messages = exporter, messages

    @property
    def is_asked(self):
        return self._exporter.counters.get("messages_read", 0) >= self._messages

    def wait(self, seconds):
        """Nothing is waited for."""


@pytest.mark.slow
@pytest.mark.parametrize("batches", [(10,), (3, 3, 1, 3), (1,) * 10], ids=str)
def test_followed_in_any_batches_all_is_the_same(batch, tmp_path, desk, batches):
    assert sum(batches) == len(ARTICLES)
    watch, _ = write_day(tmp_path)
    archive = f"sqlite:///{tmp_path}/follow.db"
    topic = desk.topic()
    source = desk.subscription(topic).removeprefix("pubsub:")

    def load():
        return MonitorConfig.from_options([str(watch)], archive=archive, deliver=False)

    articles = iter(ARTICLES)
    for size in batches:
        for article in itertools.islice(articles, size):  # one by one: the server's clock orders
            desk.publish(topic, [json.dumps(article).encode()])
        exporter = Exporter()
        follow_feeds(Following(load, 60, source), exporter, Until(exporter, size))
    assert held(archive) == batch


def test_the_day_is_worth_comparing(batch):
    assert {kind for _, kind, *_ in batch["alerts"]} >= {"new"}
    assert {novelty for _, novelty, *_ in batch["statements"]} >= {"new", "repeated"}
    assert any(others for *_, others in batch["alerts"])


@pytest.mark.slow
def test_in_one_order_all_is_the_same(batch, tmp_path):
    found = streamed(tmp_path, ARTICLES, cuts=(3, 6, 7), late=(4, 7, 8))
    assert found == batch


@pytest.mark.slow
def test_in_another_order_nothing_alerts_twice(batch, tmp_path):
    found = streamed(tmp_path, random.Random(7).sample(ARTICLES, len(ARTICLES)), cuts=(2, 5))
    assert found["told"] == batch["told"]
    assert {row[0] for row in found["statements"]} == {row[0] for row in batch["statements"]}


@pytest.mark.engines
@pytest.mark.parametrize("engine", ["prism", "flink"])
def test_on_an_engine_all_is_the_same(batch, tmp_path, engine):
    watch, day = write_day(tmp_path)
    archive = f"sqlite:///{tmp_path}/{engine}.db"
    options = engine_options(engine)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "from pipelines.cli.app import main; main()",
         "stream", str(watch), "--source", str(day), "--sink", archive, *options],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert held(archive) == batch
