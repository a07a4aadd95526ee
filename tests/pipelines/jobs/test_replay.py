"""`parley dead-letters replay` hands on what failed, once, and loses none of it."""

from dataclasses import replace

import pytest

from connectors.pubsub.messages import QueueOutput, dead_letter_message
from connectors.pubsub.publisher import Publisher, Topic
from connectors.pubsub.subscriber import Subscriber
from pipelines.jobs import replay as module
from pipelines.jobs.replay import replay
from pipelines.settings.run_config import subscription_path, topic_path
from schemas.base import Instant
from schemas.errors import DeliveryError
from support.dossiers import dead_letter, entry


@pytest.fixture
def queues(desk, monkeypatch):
    monkeypatch.setattr(module, "_WAIT_SECONDS", 1.0)
    monkeypatch.setattr(module, "_PART", 2)
    letters, entries = desk.topic("letters"), desk.topic("entries")
    return letters, desk.subscription(letters, "dead"), entries, desk.subscription(entries)


def fail(topic, *slugs):
    """What a stream does with pages that it cannot have."""
    letters = Topic(topic_path(topic), dead_letter_message)
    found = [dead_letter(slug) for slug in slugs]
    letters.publish([replace(each, element=f'{{"url": "{each.key}"}}') for each in found])
    letters.close()


def again(slug):
    return f'{{"url": "{entry(slug).url}"}}'


def bodies(desk, subscription):
    return sorted(message.data.decode() for message in desk.take_all(subscription))


def test_each_is_handed_on_as_the_message_that_has_it_tried_again(desk, queues, parley):
    letters, dead, entries, reader = queues
    slugs = [f"a{n}" for n in range(5)]
    fail(letters, *slugs)
    ended = parley("dead-letters", "replay", "--source", dead, "--sink", entries)
    assert ended.status == 0
    assert sorted(ended.out.splitlines()) == [f"timeout {entry(slug).url}" for slug in slugs]
    assert ended.err.endswith(f"5 handed on again to {entries}\n")
    assert bodies(desk, reader) == [again(slug) for slug in slugs]
    assert bodies(desk, dead) == []


def test_what_fails_again_meanwhile_is_left_for_the_next_time(desk, queues):
    letters, dead, entries, reader = queues
    fail(letters, "a1", "a2")
    handed = replay(subscription_path(dead), topic_path(entries))
    next(handed)
    fail(letters, "a1")
    assert len(list(handed)) == 1
    assert len(bodies(desk, reader)) == 2
    assert bodies(desk, dead) == [again("a1")]


def test_what_fails_again_meanwhile_keeps_back_nothing_older(desk, queues, monkeypatch):
    letters, dead, entries, reader = queues
    fail(letters, "a1", "a2", "a3")
    pull = Subscriber.pull

    def with_a_new_one(self, limit, wait_seconds):
        for each in pull(self, limit, wait_seconds):
            is_new = each.message.body.decode() == again("a1")
            later = replace(each.message, published_at=Instant.now())
            yield each._replace(message=later) if is_new else each

    monkeypatch.setattr(Subscriber, "pull", lambda *given: [*with_a_new_one(*given)])
    assert len(list(replay(subscription_path(dead), topic_path(entries)))) == 2
    monkeypatch.undo()
    assert bodies(desk, reader) == [again("a2"), again("a3")]
    assert bodies(desk, dead) == [again("a1")]


def test_a_topic_that_cannot_be_had_leaves_them_where_they_are(desk, queues):
    letters, dead, _, _ = queues
    fail(letters, "a1")
    with pytest.raises(DeliveryError, match="NotFound"):
        list(replay(subscription_path(dead), f"projects/{desk.project}/topics/no-such"))
    assert bodies(desk, dead) == [again("a1")]


def test_what_came_empty_goes_on_with_an_attribute_or_it_would_be_refused(desk, queues):
    letters, dead, entries, reader = queues
    publisher = Publisher(topic_path(letters))
    publisher.publish([QueueOutput(b"", {"reason": "bad_message"})])
    publisher.close()
    (letter,) = replay(subscription_path(dead), topic_path(entries))
    (again,) = desk.take_all(reader)
    assert (again.data, dict(again.attributes)) == (b"", {"replayed": letter.message.id})


def test_wrong_addresses_are_told_before_anything_is_read(parley):
    ended = parley("dead-letters", "replay", "--source", "pubsub:x", "--sink", "y")
    assert ended.status == 2
    assert "--source: 'pubsub:x' is no Pub/Sub address" in ended.err
