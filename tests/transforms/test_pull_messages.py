"""PullMessages acknowledges what a checkpoint holds, and not a message earlier."""

from __future__ import annotations

import copy
import threading
from dataclasses import dataclass, field

import pytest

from schemas.base import Instant
from schemas.errors import QueueError
from schemas.queue_message import QueueMessage
from transforms import pull_messages
from transforms.pull_messages import _AHEAD, _MOST, _PullFn


@dataclass
class Received:
    message: QueueMessage
    ack_id: str


@dataclass
class Queue:
    """A queue whose pulls are scripted; ``asked`` tells that one is over."""

    pulls: list
    acknowledged: list = field(default_factory=list)
    limits: list = field(default_factory=list)
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def pull(self, limit, wait_seconds):
        self.limits.append(limit)
        found = self.pulls.pop(0) if self.pulls else []
        self.asked.release()
        if isinstance(found, Exception):
            raise found
        return [Received(QueueMessage(id_, "q", b"", Instant(9)), f"ack-{id_}") for id_ in found]

    def acknowledge(self, ack_ids):
        self.acknowledged += ack_ids


class Slot:
    """Runs bundles as Beam's runner for Flink does: a checkpoint ends, and all bundles that
    have ended by then are finalized.
    """

    def __init__(self, queue, fn=None):
        self.queue, self.ended, self.fn = queue, [], fn or _PullFn(lambda: queue)
        self.fn.setup()

    def register(self, callback):
        self.ended.append(callback)

    def tick(self):
        """What one tick yields, once the pull that it looks for is over."""
        with self.fn._desk._lock:
            pulling = self.fn._desk._pulling
        if pulling is not None:
            pulling.exception()  # waits
        return [v.value.id for v in self.fn.process(b"", self)]

    def checkpoint(self):
        ended, self.ended = self.ended, []
        for callback in ended:
            callback()


def test_a_message_is_acknowledged_by_the_second_checkpoint_after_it():
    slot = Slot(Queue([["a", "b"], ["c"]]))
    assert slot.tick() == [], "the first tick only starts a pull"
    assert slot.tick() == ["a", "b"]
    slot.checkpoint()  # its barrier may have come before the bundle: nothing is sure
    assert slot.queue.acknowledged == []
    assert slot.tick() == ["c"]
    slot.checkpoint()
    assert slot.queue.acknowledged == ["ack-a", "ack-b"]
    assert slot.tick() == []
    slot.checkpoint()
    assert slot.queue.acknowledged == ["ack-a", "ack-b", "ack-c"]


def test_a_bundle_that_ended_before_the_checkpoint_told_of_it_waits_for_the_next():
    slot = Slot(Queue([["a"], ["b"]]))
    assert [slot.tick(), slot.tick(), slot.tick()] == [[], ["a"], ["b"]]
    slot.checkpoint()
    assert slot.queue.acknowledged == []


def test_slots_share_a_queue_and_do_not_speak_for_each_other():
    queue = Queue([["a"], ["b"]])
    fn = _PullFn(lambda: queue)
    first, second = Slot(queue, copy.copy(fn)), Slot(queue, copy.copy(fn))
    assert first.fn._desk is second.fn._desk
    first.tick()
    assert first.tick() == ["a"]
    first.checkpoint()
    assert second.tick() == ["b"]
    second.checkpoint()
    assert queue.acknowledged == []


def test_a_tick_hands_on_a_part_of_what_waits_and_pulls_no_more_than_there_is_room_for():
    many = [f"{n}" for n in range(_AHEAD + _MOST)]
    slot = Slot(Queue([many]))
    slot.tick()
    assert slot.tick() == many[:_MOST]
    assert slot.queue.limits == [_AHEAD], "enough is waiting"
    assert slot.tick() == many[_MOST : 2 * _MOST]
    slot.queue.asked.acquire(timeout=10)
    slot.queue.asked.acquire(timeout=10)
    assert slot.queue.limits == [_AHEAD, _AHEAD]


def test_a_queue_that_cannot_be_had_is_left_alone_for_a_while(monkeypatch):
    paused = []
    monkeypatch.setattr(pull_messages.time, "sleep", paused.append)
    slot = Slot(Queue([QueueError("q", "gone"), ["a"]]))
    assert [slot.tick(), slot.tick()] == [[], []]
    assert slot.tick() == ["a"]
    assert paused == [pull_messages._PAUSE_SECONDS]


def test_an_error_of_a_pull_fails_one_tick_and_not_the_next():
    slot = Slot(Queue([ValueError("a defect"), ["a"]]))
    slot.tick()
    with pytest.raises(ValueError, match="a defect"):
        slot.tick()
    slot.tick()
    assert slot.tick() == ["a"]
