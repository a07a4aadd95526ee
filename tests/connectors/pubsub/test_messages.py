"""What messages hold: read as they were written, and nothing hostile gets through."""

import contextlib
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.pubsub.messages import (
    alert_message,
    dead_letter_message,
    entry_message,
    read_message,
)
from schemas.base import Instant
from schemas.errors import FetchError, RecordError
from schemas.feed import FeedEntry
from schemas.ids import hash_of
from schemas.page import Page
from schemas.queue_message import QueueMessage
from support import alerts
from transforms.core.failures import dead_letter_of
from transforms.core.text.urls import canonical_url

SENT = Instant(1_763_812_800)
SOURCE = "pubsub:projects/desk/subscriptions/reader"


def read(record: object) -> FeedEntry | Page:
    body = record if isinstance(record, bytes) else json.dumps(record).encode()
    return read_message(QueueMessage("7", SOURCE, body, SENT), canonical_url)


def test_an_address_alone_is_an_entry_of_the_subscription():
    found = read({"url": " https://a.example/x?utm_source=mail "})
    assert found.url == "https://a.example/x?utm_source=mail"
    assert found.canonical_url == "https://a.example/x"
    assert found.feed_url == SOURCE
    assert found.seen_at == SENT
    assert found.id == read({"url": "https://a.example/x"}).id


def test_an_entry_comes_back_as_it_was_published():
    entry = FeedEntry(
        id="0123456789abcdef0123456789abcdef",
        feed_url="https://a.example/feed.xml",
        url="https://a.example/x",
        canonical_url="https://a.example/x",
        title="“Truce”",
        publisher="The A",
        seen_at=SENT - 60,
        author="Ann B",
        summary="Talks.",
        stated_published_at=SENT - 3600,
    )
    sent = entry_message(entry)
    assert sent.attributes["id"] == entry.id
    found = read(sent.body)
    assert dataclasses.replace(found, id=entry.id) == entry
    assert read(sent.body) == found


def test_a_dead_letter_is_the_message_that_has_it_tried_again():
    entry = read(
        {"url": "https://a.example/x", "title": "Truce", "published_at": "2025-11-22T08:00Z"}
    )
    error = FetchError("timeout", entry.url, "no answer within 20 s")
    sent = dead_letter_message(dead_letter_of("FetchPages", entry, error, SENT))
    assert read(sent.body) == entry
    assert sent.attributes["step"] == "FetchPages"
    assert sent.attributes["reason"] == "timeout"
    assert "no answer within 20 s" in sent.attributes["message"]


@pytest.mark.parametrize("body", [b"not JSON", b'{"verse": 1}', "“\N{SNOWMAN}”".encode()])
def test_a_message_that_could_not_be_read_is_its_own_dead_letter(body):
    message = QueueMessage("7", SOURCE, body, SENT)
    letter = dead_letter_of("ReadMessages", message, RecordError(["is no article"]), SENT)
    sent = dead_letter_message(letter)
    assert sent.body == body
    assert sent.attributes["reason"] == "bad_message"


@pytest.mark.parametrize("key", ["guid-7", "https://a.example/x"])
def test_no_message_takes_the_id_of_a_feeds_entry(key):
    feed = "https://a.example/feed.xml"
    claimed = {"url": key if "://" in key else "https://b.example/y", "feed_url": feed}
    assert read({**claimed, "id": hash_of(feed, key)}).id != hash_of(feed, key)
    assert read({**claimed, "id": hash_of(feed, key)}).id == read(claimed).id


def test_an_entry_was_seen_thirty_days_before_it_was_sent_at_most():
    early = {"url": "https://a.example/x", "seen_at": "0001-01-01T00:00:00Z"}
    assert read(early).seen_at == SENT - 30 * 86400


def test_an_entry_is_not_seen_before_it_was_sent():
    late = {"url": "https://a.example/x", "seen_at": "2099-01-01T00:00:00Z"}
    assert read(late).seen_at == SENT


def test_text_is_an_article_by_the_rules_of_input():
    page = read({"url": "https://a.example/x", "title": "T", "text": "One.\nTwo."})
    assert page.body == b"One.\nTwo."
    assert page.content_type.startswith("text/plain")
    assert page.entry.seen_at == page.fetched_at == SENT


def test_an_article_without_an_address_is_named_after_its_content():
    one, two = (read({"text": text}) for text in ("One.", "Two."))
    assert one.url.startswith("urn:parley:")
    assert one.url != two.url


def test_what_no_database_takes_is_replaced_and_offsets_hold():
    page = read(b'{"title": "a\\u0000b\\ud800", "text": "c\\u0000d\\udfff!"}')
    assert page.entry.title == "a?b?"
    assert page.body == b"c?d?!"


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", r"\[\] is not an object"),
        (b'{"url": 7}', "'url' is 7"),
        (b"{}", "has neither 'url' nor 'text' nor 'html'"),
        (b'{"url": "ftp://a.example/"}', "not an http or https address"),
        (b'{"url": "http://u:p@a.example/"}', "names a user"),
        (b'{"url": "https://a.example/", "feed_url": "file:///etc"}', "'feed_url'"),
        (b'{"url": "https://a.example/", "published_at": "soon"}', "'published_at' is 'soon'"),
        (b'{"text": "x", "published_at": "0001-01-01T00:00:00+23:59"}', "'published_at'"),
    ],
)
def test_what_is_wrong_is_told(body, mistake):
    with pytest.raises(RecordError, match=mistake):
        read(body)


def test_endless_fields_are_refused():
    with pytest.raises(RecordError, match="'title' is longer than"):
        read({"url": "https://a.example/", "title": "x" * 10_001})


@given(st.binary() | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.dictionaries(st.sampled_from(["url", "text", "id", "seen_at", "x"]), inner),
).map(lambda record: json.dumps(record).encode()))  # fmt: skip
def test_nothing_but_a_named_mistake_is_raised(body):
    with contextlib.suppress(RecordError):
        assert isinstance(read(body), FeedEntry | Page)


def test_an_alert_is_a_structured_event_with_attributes_to_filter_by():
    alert = alerts.alert()
    sent = alert_message(alert)
    event = json.loads(sent.body)
    assert sent.attributes == {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "id": event["id"],
        "type": event["type"],
        "watch": alert.watch,
        "speaker": alert.speaker.name,
        "speaker_id": event["subject"],
        "category": "expert",
        "priority": alert.priority,
        "publisher": alert.article.publisher,
    }
    assert sent.ordering_key == event["subject"]
