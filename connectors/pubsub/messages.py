"""What stands in the messages of a queue: feed entries, addresses and articles come in, feed
entries and alerts go out.

A message that comes in is one JSON object. With ``text`` or ``html`` it is an article, by the
rules of ``--input``; without, its ``url`` is fetched, and what else it says is what a feed
would say of the page. ``{"url": …}`` alone will do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from connectors.files.article_records import (
    KEYS,
    check_address,
    instant_of,
    page_of_record,
    read_object,
)
from connectors.files.article_records import field as text_of
from connectors.formats.cloudevents import SILENT, event_of, instant, json_line, notice_event
from schemas.alert import Alert
from schemas.base import Instant
from schemas.delivery import Notice
from schemas.errors import FetchError, RecordError
from schemas.feed import FeedEntry
from schemas.ids import hash_of
from schemas.outcome import DeadLetter
from schemas.page import Page
from schemas.queue_message import QueueMessage

_ENTRY_KEYS = KEYS | {"id", "feed_url", "summary", "seen_at", "content", "revision"}
#: What is said about a page; the page itself may be as long as a message.
_MAX_CHARS = 10_000
#: The article as its feed gives it, as long as ``parse_feed`` lets it be.
_MAX_CONTENT_CHARS = 200_000
#: A message may say so long before it was published that the entry was seen; Pub/Sub keeps
#: messages for 31 days at most (https://docs.cloud.google.com/pubsub/quotas#resource_limits).
_MAX_SEEN_AGO_SECONDS = 30 * 86_400
#: https://docs.cloud.google.com/pubsub/quotas#resource_limits
_MAX_ATTRIBUTE_BYTES = 1024
#: Structured mode (github.com/googleapis/google-cloudevents, docs/spec/pubsub.md, 3.2): the
#: body is the event that every other channel carries, and survives being passed on.
_EVENT_TYPE = "application/cloudevents+json; charset=utf-8"


@dataclass(frozen=True)
class QueueOutput:
    """One message to be published."""

    body: bytes
    attributes: dict[str, str] = field(default_factory=dict)
    ordering_key: str = ""


def read_message(message: QueueMessage, canonical_url: Callable[[str], str]) -> FeedEntry | Page:
    """The article in a message, or the entry whose page is to be fetched.

    It counts as seen when the message was published, unless it says earlier, by 30 days at most;
    so a message that comes twice says the same. The id that it states is not believed: it
    could be another entry's, which would then count as read.

    Raises:
        RecordError: it is neither, with all that is wrong with it.
    """
    record = read_object(message.body, _ENTRY_KEYS)
    for key in sorted(_ENTRY_KEYS - {"text", "html", "content"}):
        if len(record.get(key) or "") > _MAX_CHARS:
            raise RecordError([f"{key!r} is longer than {_MAX_CHARS} characters"])
    if record.get("text") is not None or record.get("html") is not None:
        return page_of_record(record, message.published_at)
    return _entry(record, message, canonical_url)


def _entry(
    record: dict[str, Any], message: QueueMessage, canonical_url: Callable[[str], str]
) -> FeedEntry:
    url = text_of(record, "url").strip()
    if not url:
        raise RecordError(["has neither 'url' nor 'text' nor 'html'; give one of them"])
    check_address(record, "url")
    check_address(record, "feed_url")
    try:
        canonical = canonical_url(url)
    except (ValueError, FetchError) as error:
        raise RecordError([f"'url' is {ascii(url)[:120]}: {error}"]) from error
    feed_url = text_of(record, "feed_url") or message.source
    return FeedEntry(
        id=hash_of("queue", feed_url, canonical),  # no feed is called that
        feed_url=feed_url,
        url=url,
        canonical_url=canonical,
        title=text_of(record, "title"),
        publisher=text_of(record, "publisher"),
        seen_at=_seen_at(record, message.published_at),
        author=text_of(record, "author") or None,
        summary=text_of(record, "summary"),
        stated_published_at=instant_of(record, "published_at"),
        content=text_of(record, "content")[:_MAX_CONTENT_CHARS],
        revision=text_of(record, "revision"),
    )


def _seen_at(record: dict[str, Any], sent_at: Instant) -> Instant:
    stated = instant_of(record, "seen_at") or sent_at
    return max(sent_at - _MAX_SEEN_AGO_SECONDS, min(stated, sent_at))


def entry_message(entry: FeedEntry) -> QueueOutput:
    """A feed entry as a message that ``read_message`` reads."""
    stated = entry.stated_published_at
    record = {
        "id": entry.id,
        "feed_url": entry.feed_url or None,
        "url": entry.url,
        "title": entry.title[:_MAX_CHARS],
        "publisher": entry.publisher[:_MAX_CHARS],
        "author": (entry.author or "")[:_MAX_CHARS] or None,
        "summary": entry.summary[:_MAX_CHARS],
        "published_at": None if stated is None else instant(stated),
        "seen_at": instant(entry.seen_at),
        "content": entry.content[:_MAX_CONTENT_CHARS] or None,
        "revision": entry.revision or None,
    }
    body = json.dumps(record, ensure_ascii=False).encode("utf8", "replace")
    attributes = {"content-type": "application/json", "id": entry.id, "publisher": entry.publisher}
    return QueueOutput(body, _fitting(attributes))


def alert_message(alert: Alert, sent_at: Instant | None = None) -> QueueOutput:
    """An alert as a CloudEvent, with attributes that a subscription can filter by.

    One speaker's alerts come in order: the speaker's id is the ordering key.
    """
    attributes = {
        "content-type": _EVENT_TYPE,
        "id": alert.id,
        "type": f"parley.commentary.{alert.type}",
        "watch": alert.watch,
        "speaker": alert.speaker.name,
        "speaker_id": alert.speaker.id,
        "category": alert.speaker.category,
        "priority": alert.priority,
        "publisher": alert.article.publisher,
    }
    return QueueOutput(json_line(event_of(alert, sent_at)), _fitting(attributes), alert.speaker.id)


def notice_message(notice: Notice) -> QueueOutput:
    """A notice as a CloudEvent; those of one watch come in order."""
    attributes = {
        "content-type": _EVENT_TYPE,
        "id": notice.id,
        "type": SILENT,
        "watch": notice.watch,
    }
    return QueueOutput(json_line(notice_event(notice)), _fitting(attributes), notice.watch)


def dead_letter_message(letter: DeadLetter) -> QueueOutput:
    """What failed, as the message that would have it tried again; its attributes tell why.

    A message that could not be read is its own body, though cut, if it was very long.
    """
    element = json.loads(letter.element)
    attributes = {
        "id": letter.id,
        "step": letter.step,
        "reason": letter.reason,
        "key": letter.key,
        "message": letter.message,
        "failed_at": instant(letter.failed_at),
    }
    return QueueOutput(_again(element).encode("utf8", "replace"), _fitting(attributes))


def _again(element: dict[str, Any]) -> str:
    if "body" in element:
        return str(element["body"])
    record = {key: element[key] for key in _ENTRY_KEYS & element.keys() if element[key]}
    if not record.get("feed_url", "").startswith("http"):  # it came by a queue, as it will again
        record.pop("feed_url", None)
    if element.get("stated_published_at"):
        record["published_at"] = element["stated_published_at"]
    return json.dumps(record, ensure_ascii=False, sort_keys=True)


def _fitting(attributes: dict[str, str]) -> dict[str, str]:
    """The attributes that say something, cut to the length that Pub/Sub allows.

    >>> cut = _fitting({"publisher": "\u0416" * 600, "speaker": ""})
    >>> len(cut["publisher"]), list(cut)
    (512, ['publisher'])
    """
    cut = {
        key: value.encode("utf8", "replace")[:_MAX_ATTRIBUTE_BYTES].decode("utf8", "ignore")
        for key, value in attributes.items()
    }
    return {key: value for key, value in cut.items() if value}
