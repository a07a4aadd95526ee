"""What a running job depends on when it is replaced by a new version: names, edges, state."""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import re
import typing
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from pipelines.jobs.stream import build
from pipelines.settings.stream_config import StreamConfig
from pipelines.telemetry.counters import Counted, counted
from schemas.alert import Alert
from schemas.keyed_memory import Recollection, SpeakerPart
from schemas.person import NameRecord
from support.engines import HOW, REQUIRED

PINNED = Path(__file__).parent / "stream_state.txt"
STEPS = [
    "Messages", "ReadMessages", "FetchPages", "Pages", "ScreenPages", "ExtractArticles",
    "SelectArticles", "AnnotateArticles", "MatchWatches", "JudgeBySpeaker", "PublishAlerts",
    "ArchiveDossiers",
]  # fmt: skip
KEYED = ("JudgeBySpeaker/SplitByNameKey", "JudgeBySpeaker/KeyByArticle")


def graph(runner):
    cloud = ["--project=news-desk", "--region=europe-west1", "--temp_location=gs://desk/tmp"]
    config = StreamConfig.from_options(
        ["sample"],
        source="pubsub:projects/news-desk/subscriptions/entries",
        sinks=["pubsub:projects/news-desk/topics/alerts", "postgresql://parley@db/parley"],
        runner=runner,
        beam=[*cloud, "--dry_run=True", "--no_auth", "--sdk_location=container"],
    )
    pipeline = beam.Pipeline(options=PipelineOptions(list(config.beam)))
    build(pipeline, config)
    return pipeline


@pytest.mark.parametrize("runner", ["prism", "dataflow"])
def test_steps_keep_their_names_on_every_engine(runner):
    names = {t.full_label for t in graph(runner).transforms_stack[0].parts}
    assert set(STEPS) <= names


def test_dataflow_reads_with_its_own_source():
    proto = graph("dataflow").to_runner_api()
    urns = {transform.spec.urn for transform in proto.components.transforms.values()}
    assert "beam:transform:pubsub_read:v1" in urns


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--runner", "NoRunner"], "NoRunner: Unexpected pipeline runner: NoRunner"),
        (
            ["--runner", "flink", "--flink_job_server_jar=/no.jar"],
            "say where it is: --flink_job_server_jar",
        ),
        (["--runner", "dataflow", "--project=x"], "DataflowRunner: "),
    ],
)
def test_what_an_engine_refuses_is_a_line_and_no_trace(parley, options, told):
    source, sink = "pubsub:projects/news-desk/subscriptions/s01", "sqlite:///a.db"
    ended = parley("stream", "sample", "--source", source, "--sink", sink, *options)
    assert ended.status == 2
    assert told in ended.err
    assert "Traceback" not in ended.err


def test_dataflow_takes_the_job():
    """The runner's own checks, as far as they go without a cloud."""
    if importlib.util.find_spec("apitools") is None and not os.environ.get(REQUIRED):
        pytest.skip(f"dataflow: the extra parley-monitor[dataflow] is not installed; {HOW}")
    assert counted(graph("dataflow").run()) == Counted(), "it has no figures, and says so"


def test_only_bytes_under_a_text_cross_between_machines():
    """A row that crosses is taken apart by Java engines, and a pickle by nobody in a year."""
    proto = graph("prism").to_runner_api().components
    for name in KEYED:
        (step,) = (t for t in proto.transforms.values() if t.unique_name == name)
        coder = proto.coders[proto.pcollections[step.outputs["None"]].coder_id]
        parts = [proto.coders[part].spec.urn for part in coder.component_coder_ids]
        assert coder.spec.urn == "beam:coder:kv:v1"
        assert parts == ["beam:coder:string_utf8:v1", "beam:coder:bytes:v1"]


def rows(cls, found):
    """The row and all rows in it, field by field."""
    if cls.__name__ in found:
        return
    hints = typing.get_type_hints(cls)
    fields = dataclasses.fields(cls)
    found[cls.__name__] = [f"{f.name}: {_shown(hints[f.name])}" for f in fields]
    for hint in hints.values():
        for part in (hint, *typing.get_args(hint)):
            if dataclasses.is_dataclass(part):
                rows(part, found)


def _shown(hint):
    """The type without its module, which may move: what is encoded hangs on names and fields."""
    return hint.__name__ if isinstance(hint, type) else re.sub(r"\b(\w+\.)+", "", str(hint))


def current():
    found = {}
    for cls in (SpeakerPart, Recollection, NameRecord, Alert):
        rows(cls, found)
    return found


def pinned():
    found, name = {}, ""
    for line in PINNED.read_text(encoding="utf8").splitlines():
        if line.startswith("  "):
            found[name].append(line.strip())
        else:
            name, found[line] = line, []
    return found


@pytest.mark.slow
def test_what_a_savepoint_holds_can_still_be_read():
    """A field may be added at the end, as Optional or Sequence: what lacks it reads as None or
    empty. Anything else: a new name for the state, a word in the changelog, and then
    ``python tests/pipelines/jobs/test_stream_graph.py > tests/pipelines/jobs/stream_state.txt``.
    """
    now = current()
    for name, fields in pinned().items():
        assert now[name][: len(fields)] == fields, name
        for added in now[name][len(fields) :]:
            assert "Optional[" in added or "Sequence[" in added, f"{name}.{added}"


if __name__ == "__main__":
    for name, fields in current().items():
        print(name, *(f"  {field}" for field in fields), sep="\n")
