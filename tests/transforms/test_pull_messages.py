"""PullMessages acknowledges what a checkpoint holds, and not a message earlier."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from apache_beam.io.restriction_trackers import OffsetRange

from schemas.base import Timestamp
from schemas.errors import QueueError
from schemas.queue_message import QueueMessage
from transforms import pull_messages
from transforms.pull_messages import _COUNTED, _Desk, _pull, _Pullers, _Tracker


@dataclass
class Received:
    message: QueueMessage
    ack_id: str


@dataclass
class Queue:
    """A queue whose pulls are scripted."""

    pulls: list
    acknowledged: list = field(default_factory=list)
    released: list = field(default_factory=list)

    def pull(self, limit, wait_seconds):
        found = self.pulls.pop(0) if self.pulls else []
        if isinstance(found, Exception):
            raise found
        return [Received(QueueMessage(id_, "q", b"", Timestamp(9)), f"ack-{id_}") for id_ in found]

    def acknowledge(self, ack_ids):
        self.acknowledged += ack_ids

    def release(self, ack_ids):
        self.released += ack_ids


class View:
    """A tracker as a DoFn sees it; ``room`` claims are granted."""

    def __init__(self, puller=0, room=1000):
        self.tracker = _Tracker(OffsetRange(puller * _COUNTED, (puller + 1) * _COUNTED))
        self.room, self.deferred = room, None

    def current_restriction(self):
        return self.tracker.current_restriction()

    def try_claim(self, position):
        self.room -= 1
        return self.room >= 0 and self.tracker.try_claim(position)

    def defer_remainder(self, duration):
        self.deferred = duration


class Bundles:
    """Runs bundles as Beam's runner for Flink does: a checkpoint ends, and all bundles that
    have ended by then are finalized.
    """

    def __init__(self, *pulls):
        self.queue = Queue(list(pulls))
        self.desk, self.ended = _Desk(self.queue), []

    def register(self, callback):
        self.ended.append(callback)

    def run(self, view=None):
        return [v.value.id for v in _pull(self.desk, view or View(), self)]

    def checkpoint(self):
        ended, self.ended = self.ended, []
        for callback in ended:
            callback()


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch):
    for name in ("_WAIT_SECONDS", "_PASS_SECONDS", "_LEAST_WAIT_SECONDS"):
        monkeypatch.setattr(pull_messages, name, 0)


def test_a_message_is_acknowledged_by_the_second_checkpoint_after_it():
    bundles = Bundles(["a", "b"], ["c"])
    assert bundles.run() == ["a", "b"]
    bundles.checkpoint()  # its barrier may have come before the bundle: nothing is sure
    assert bundles.queue.acknowledged == []
    assert bundles.run() == ["c"]
    bundles.checkpoint()
    assert bundles.queue.acknowledged == ["ack-a", "ack-b"]
    assert bundles.run() == []
    bundles.checkpoint()
    assert bundles.queue.acknowledged == ["ack-a", "ack-b", "ack-c"]


def test_a_bundle_that_ended_before_the_checkpoint_told_of_it_waits_for_the_next():
    bundles = Bundles(["a"], ["b"])
    bundles.run()
    bundles.run()
    bundles.checkpoint()
    assert bundles.queue.acknowledged == []


def test_a_pass_goes_on_while_messages_come(monkeypatch):
    monkeypatch.setattr(pull_messages, "_PASS_SECONDS", 60)
    monkeypatch.setattr(pull_messages, "_BATCH", 3)
    assert Bundles(["a"], ["b", "c"], ["d"]).run() == ["a", "b", "c"]


def test_pullers_do_not_speak_for_each_other():
    bundles = Bundles(["a"], [])
    bundles.run(View(puller=0))
    bundles.checkpoint()
    bundles.run(View(puller=1))
    bundles.checkpoint()
    assert bundles.queue.acknowledged == []


def test_what_is_not_claimed_goes_back():
    bundles = Bundles(["a", "b", "c"])
    assert bundles.run(View(room=1)) == ["a"]
    assert bundles.queue.released == ["ack-b", "ack-c"]


def test_a_queue_that_cannot_be_had_is_left_alone_for_a_while():
    bundles, view = Bundles(QueueError("q", "gone")), View()
    assert bundles.run(view) == []
    assert view.deferred > 0


def test_each_puller_has_a_restriction_that_is_never_shared_out():
    provider = _Pullers()
    parts = list(provider.split(3, provider.initial_restriction(3)))
    assert [part.start // _COUNTED for part in parts] == [0, 1, 2]
    tracker = provider.create_tracker(parts[1])
    assert tracker.try_claim(parts[1].start)
    assert tracker.try_split(0.5) is None
    _, rest = tracker.try_split(0)
    assert rest.start == parts[1].start + 1
