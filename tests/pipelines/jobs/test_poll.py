"""`parley poll`: entries are handed on once; a crash hands them on again, and loses none."""

import json
import logging
import re
from contextlib import closing
from pathlib import Path

import pytest

from connectors.archive import open_archive
from connectors.archive.entries import Entries
from pipelines.jobs.poll import poll_on, poll_once
from pipelines.settings.run_config import MonitorConfig, topic_path
from schemas.errors import DeliveryError


@pytest.fixture
def sink(desk):
    return desk.topic("entries")


@pytest.fixture
def reader(desk, sink):
    return desk.subscription(sink)


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return MonitorConfig.from_options(
        ["sample"], archive="sqlite:///poll.db", recorded="sample", shows_terminal=False
    )


def ids(messages):
    return sorted(message.attributes["id"] for message in messages)


def test_each_entry_is_handed_on_once_under_its_id(config, desk, sink, reader):
    assert poll_once(config, topic_path(sink)).counters["entries_published"] == 12
    messages = desk.take_all(reader)
    assert len(set(ids(messages))) == len(messages) == 12
    assert all(json.loads(m.data)["id"] == m.attributes["id"] for m in messages)
    assert "entries_published" not in poll_once(config, topic_path(sink)).counters
    assert desk.take_all(reader) == []
    with closing(open_archive(config.archive)) as archive:
        assert archive.entries.counts() == {("skipped", "published"): 12}


def test_the_command_says_what_it_did(sink, parley):
    first = parley("feeds", "export", "sample").out.partition('xmlUrl="')[2].partition('"')[0]
    Path("one.txt").write_text(first, encoding="utf8")
    done = parley("poll", "sample", "--recorded", "sample", "--feeds", "one.txt", "--sink", sink)
    assert done.status == 0, done.err
    assert re.fullmatch(
        r"1 feed polled, 0 failed; [2-9] entries handed on", done.err.splitlines()[-1]
    )


def test_a_crash_before_the_mark_hands_them_on_again(config, desk, sink, reader, monkeypatch):
    def dies(*_):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(Entries, "mark_published", dies)
        with pytest.raises(RuntimeError, match="killed"):
            poll_once(config, topic_path(sink))
    first = ids(desk.take_all(reader))
    poll_once(config, topic_path(sink))
    assert ids(desk.take_all(reader)) == first
    assert len(first) == 12


def test_a_topic_that_is_away_loses_nothing(config, desk):
    sink = f"pubsub:projects/{desk.project}/topics/later"
    with pytest.raises(DeliveryError, match="NotFound"):
        poll_once(config, topic_path(sink))
    reader = desk.subscription(desk.topic("later"))
    poll_once(config, topic_path(sink))
    assert len(desk.take_all(reader)) == 12


def test_it_goes_on_until_stopped(config, desk, sink, reader, caplog):
    caplog.set_level(logging.INFO, "parley")

    class Turns:
        waits = 0
        is_asked = False

        def wait(self, seconds):
            assert 0 < seconds <= 60
            self.waits += 1
            self.is_asked = self.waits == 2

    poll_on(config, topic_path(sink), 60, Turns())
    told = [r.fields for r in caplog.records if r.getMessage() == "polled"]
    assert [each["entries_published"] for each in told] == [12, 0]
    assert [each["feeds_polled"] for each in told] == [3, 0]
    assert len(desk.take_all(reader)) == 12


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        (["poll", "sample", "--sink", "pubsub:x"], "--sink: 'pubsub:x' is no Pub/Sub address"),
        (["follow", "sample", "--source", "kafka:x"], "--source: 'kafka:x' is no Pub/Sub address"),
        (["follow", "sample", "--every", "soon"], "--every: 'soon' is not a duration"),
    ],
)
def test_mistakes_are_told(parley, arguments, mistake):
    done = parley(*arguments)
    assert done.status == 2
    assert mistake in done.err
