"""Pub/Sub against Google's own in-memory server."""

import json
import threading

import pytest

from connectors.pubsub import publisher as publishing
from connectors.pubsub import subscriber as pulling
from connectors.pubsub.addresses import read_pubsub_path
from connectors.pubsub.messages import QueueOutput
from connectors.pubsub.publisher import Publisher
from connectors.pubsub.subscriber import Subscriber
from schemas.errors import ConfigurationError, DeliveryError, QueueError


def bodies(received):
    return [each.message.body for each in received]


@pytest.fixture
def topic(desk):
    return desk.topic()


@pytest.fixture
def reader(desk, topic):
    address = desk.subscription(topic, ack_deadline_seconds=10)
    subscriber = Subscriber(read_pubsub_path(address, "subscriptions"))
    yield subscriber
    subscriber.close()


@pytest.fixture
def publisher(topic):
    publisher = Publisher(read_pubsub_path(topic, "topics"))
    yield publisher
    publisher.close()


def pull_all(reader, count):
    received = []
    while len(received) < count:
        received += reader.pull(100, wait_seconds=10)
    return received


def test_what_is_published_is_pulled_oldest_first(reader, publisher):
    for n in range(5):
        publisher.publish([QueueOutput(b"%d" % n, {"id": str(n)})])
    received = pull_all(reader, 5)
    assert bodies(received) == [b"0", b"1", b"2", b"3", b"4"]
    assert [each.attributes["id"] for each in received] == ["0", "1", "2", "3", "4"]
    assert received[0].message.source.startswith("pubsub:projects/")
    assert received[0].message.published_at <= received[4].message.published_at


def test_an_acknowledged_message_does_not_come_again_a_released_one_does(reader, publisher):
    publisher.publish([QueueOutput(b"done"), QueueOutput(b"again")])
    received = {each.message.body: each for each in pull_all(reader, 2)}
    reader.acknowledge([received[b"done"].ack_id])
    reader.release([received[b"again"].ack_id])
    again = pull_all(reader, 1)
    assert bodies(again) == [b"again"]
    assert again[0].message.id == received[b"again"].message.id


@pytest.mark.parametrize("wait_seconds", [0.2, 10])
def test_an_empty_subscription_gives_nothing(reader, wait_seconds):
    assert reader.pull(10, wait_seconds=wait_seconds) == []


def test_leases_are_renewed_until_the_message_is_done_with(reader, publisher, monkeypatch):
    renewed = threading.Event()
    seen = []

    def extend(self, ack_ids, seconds):
        seen.append((list(ack_ids), seconds))
        if len(seen) > 1:
            renewed.set()

    monkeypatch.setattr(pulling, "_RENEW_SECONDS", 0.01)
    monkeypatch.setattr(Subscriber, "_extend", extend)
    publisher.publish([QueueOutput(b"slow")])
    (received,) = pull_all(reader, 1)
    assert renewed.wait(10)
    assert seen[0] == seen[1] == ([received.ack_id], 30)


def test_nothing_is_held_for_ever(reader, publisher, monkeypatch):
    monkeypatch.setattr(pulling, "MAX_LEASE_SECONDS", 0)
    monkeypatch.setattr(pulling, "_RENEW_SECONDS", 0.01)
    dropped = threading.Event()
    whole = Subscriber._extend

    def extend(self, ack_ids, seconds):
        if not ack_ids:
            dropped.set()
        whole(self, ack_ids, seconds)

    monkeypatch.setattr(Subscriber, "_extend", extend)
    publisher.publish([QueueOutput(b"lost")])
    pull_all(reader, 1)
    assert dropped.wait(10)


def test_many_messages_are_published_in_as_many_requests_as_needed(reader, publisher, monkeypatch):
    monkeypatch.setattr(publishing, "_MAX_MESSAGES", 3)
    monkeypatch.setattr(publishing, "_MAX_BYTES", 100)
    given = [b"x" * 90, b"y" * 90, *(b"%d" % n for n in range(8))]
    publisher.publish([QueueOutput(body) for body in given])
    assert sorted(bodies(pull_all(reader, len(given)))) == sorted(given)


def test_one_request_has_one_ordering_key(desk, topic, publisher):
    address = desk.subscription(topic, "ordered", enable_message_ordering=True)
    publisher.publish([QueueOutput(b"%d" % n, {}, "ab"[n // 2]) for n in range(4)])
    keys = {m.data: m.ordering_key for m in desk.take_all(address)}
    assert keys == {b"0": "a", b"1": "a", b"2": "b", b"3": "b"}


def test_what_is_not_there_is_named(desk):
    nowhere = Subscriber(f"projects/{desk.project}/subscriptions/nowhere")
    with pytest.raises(QueueError, match="subscriptions/nowhere: NotFound"):
        nowhere.pull(1, wait_seconds=1)
    with pytest.raises(DeliveryError, match="NotFound") as refused:
        Publisher(f"projects/{desk.project}/topics/nowhere").publish([QueueOutput(b"x")])
    assert "nowhere" not in json.dumps(refused.value.args[0][:8])
    nowhere.close()


def test_a_server_that_is_away_is_told(monkeypatch):
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", "127.0.0.1:1")
    monkeypatch.setattr(publishing, "_RETRY_SECONDS", 0.2)
    with pytest.raises(QueueError, match="ServiceUnavailable"):
        Subscriber("projects/p/subscriptions/abc").pull(1, wait_seconds=5)
    with pytest.raises(DeliveryError, match=r"ServiceUnavailable.*again and again"):
        Publisher("projects/p/topics/abc").publish([QueueOutput(b"x")])


def test_a_missing_library_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "google.pubsub_v1", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'parley-monitor\[pubsub\]'"):
        Publisher("projects/p/topics/abc")


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("projects/p/topics/abc", "topics"),
        ("pubsub:projects/p/topics/ab", "topics"),
        ("pubsub:projects/p/topics/goog-x", "topics"),
        ("pubsub:projects/p/topics/abc/", "topics"),
        ("pubsub:projects//topics/abc", "topics"),
        ("pubsub:projects/p/topics/abc\n", "topics"),
        ("pubsub:projects/p/topics/abc", "subscriptions"),
    ],
)
def test_what_is_no_address_is_refused_with_the_way_to_write_it(address, kind):
    with pytest.raises(ValueError, match=f"write pubsub:projects/PROJECT/{kind}/"):
        read_pubsub_path(address, kind)


def test_what_cannot_be_kept_is_not_held(monkeypatch):
    reader = Subscriber("projects/desk/subscriptions/reader")

    def away(*_):
        raise QueueError(reader._path, "ServiceUnavailable: away")

    monkeypatch.setattr(Subscriber, "_extend", away)
    with pytest.raises(QueueError, match="away"):
        reader._hold(["one", "two"])
    assert reader._held == {}
    reader.close()
