"""Options of a streaming job, checked before anything is built."""

import pytest

from pipelines.settings.stream_config import StreamConfig
from schemas.errors import ConfigurationError

READER = "pubsub:projects/desk/subscriptions/entries"
ALERTS = "pubsub:projects/desk/topics/alerts"


def config(source=READER, sinks=(ALERTS,), watch="sample", **more):
    return StreamConfig.from_options([watch], source=source, sinks=sinks, **more)


def test_a_queue_and_both_sinks():
    found = config(sinks=(ALERTS, "postgresql://parley@db/parley"), runner="dataflow")
    assert found.subscription == "projects/desk/subscriptions/entries"
    assert (found.topic, found.archive) == (
        "projects/desk/topics/alerts",
        "postgresql://parley@db/parley",
    )
    assert found.runner == "DataflowRunner"
    assert found.inputs == ()


def test_flink_is_told_to_take_checkpoints_only_where_the_source_has_no_end(tmp_path):
    assert "--checkpointing_interval=10000" in config(runner="flink").beam
    assert config(source=str(tmp_path), runner="flink").beam == (
        "--runner=FlinkRunner",
        "--streaming",
    )


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ({"source": ALERTS}, "names a topic"),
        ({"sinks": (READER,)}, "names a subscription"),
        ({"sinks": ()}, "--sink: give"),
        ({"sinks": ("postgresql://parley:hunter2@db/parley",)}, "holds a password"),
        ({"sinks": ("alerts.jsonl",)}, "neither pubsub:… nor"),
        ({"sinks": ("sqlite://",)}, "no memory in common"),
        ({"runner": "flnk"}, "did you mean 'flink'"),
        ({"beam": ("--dead-leters=pubsub:x",)}, "did you mean '--dead-letters'"),
        ({"beam": ("--max-age", "all")}, "--max-age: neither parley stream nor Beam"),
    ],
)
def test_mistakes_are_told_with_what_to_do(mistake, told):
    with pytest.raises(ConfigurationError, match=told) as error:
        config(**mistake)
    assert "hunter2" not in str(error.value)


def test_articles_that_are_given_have_no_age_limit(tmp_path):
    (given,) = config(source=str(tmp_path), watch="ukraine-peace-talks").watches
    (queued,) = config(watch="ukraine-peace-talks").watches
    assert given.max_age_seconds is None
    assert queued.max_age_seconds is not None
