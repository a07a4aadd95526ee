"""Articles as JSON objects: a line of ``--input``, a message of a queue."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from connectors.web.addresses import check_url
from schemas.base import Instant
from schemas.errors import FetchError, RecordError
from schemas.feed import FeedEntry
from schemas.ids import hash_of
from schemas.page import Page

KEYS = frozenset({"url", "title", "author", "publisher", "published_at", "html", "text"})
#: What no database or encoding takes: NUL, and halves of surrogate pairs.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Given:
    """What is known of one article besides its body."""

    url: str = ""
    title: str = ""
    author: str = ""
    publisher: str = ""
    published_at: Instant | None = None


def read_object(data: bytes, keys: Iterable[str] = KEYS) -> dict[str, Any]:
    """The JSON object in ``data``, whose ``keys`` hold text or nothing.

    Raises:
        RecordError: it is none.
    """
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise RecordError([f"not JSON: {data[:60].decode('latin-1')!a}; one object a line"]) from (
            error
        )
    mistakes = list(_form_mistakes(record, sorted(keys)))
    if mistakes:
        raise RecordError(mistakes)
    return dict(record)


def page_of_record(record: dict[str, Any], seen_at: Instant) -> Page:
    """The article that an object holds.

    An article without an address is named after its content (``urn:parley:…``), so that the
    same article has the same id wherever it lies.

    Raises:
        RecordError: it holds none.
    """
    mistakes = list(_article_mistakes(record))
    if mistakes:
        raise RecordError(mistakes)
    given = Given(
        url=field(record, "url").strip(),
        title=field(record, "title"),
        author=field(record, "author"),
        publisher=field(record, "publisher"),
        published_at=instant_of(record, "published_at"),
    )
    # "text" is taken as it is; "html" would have to be read, so text wins when both are there.
    kind = "text" if record.get("text") is not None else "html"
    content_type = "text/plain; charset=utf-8" if kind == "text" else "text/html; charset=utf-8"
    return given_page(given, field(record, kind).encode(), content_type, seen_at)


def given_page(given: Given, body: bytes, content_type: str, seen_at: Instant) -> Page:
    """An article that was given, as if a feed had listed it."""
    url = given.url or "urn:parley:" + hash_of(given.title, hashlib.sha256(body).hexdigest())
    entry = FeedEntry(
        id=hash_of("", url),
        feed_url="",
        url=url,
        canonical_url=url,
        title=given.title,
        publisher=given.publisher,
        seen_at=seen_at,
        author=given.author or None,
        stated_published_at=given.published_at,
    )
    return Page(entry, url, content_type, body, seen_at)


def field(record: dict[str, Any], key: str) -> str:
    """The text under a key; "" if there is none. Each character that cannot be kept becomes a
    question mark, so that offsets hold.
    """
    return _UNSTORABLE.sub("?", record.get(key) or "")


def instant_of(record: dict[str, Any], key: str) -> Instant | None:
    """The ISO 8601 date or time under a key as an instant; UTC when it names no zone.

    Raises:
        RecordError: it is none.

    >>> early, late = {"at": "2025-06-02 08:00"}, {"at": "2025-06-02T10:00:00+02:00"}
    >>> instant_of(early, "at") == instant_of(late, "at")
    True
    """
    text = field(record, key).strip()
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text[:-1] + "+00:00" if text[-1] in "Zz" else text)
        at = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
        return Instant(int(at.astimezone(timezone.utc).timestamp()))
    except (ValueError, OverflowError) as error:
        shown = ascii(record[key])[:60]
        raise RecordError([f"{key!r} is {shown}; write it like 2025-06-02T08:00:00Z"]) from error


def check_address(record: dict[str, Any], key: str) -> None:
    """Do nothing if there is an address under the key that can be asked for, or none at all.

    Raises:
        RecordError: there is another.
    """
    try:
        if url := field(record, key).strip():
            check_url(url)
    except FetchError as error:
        shown = ascii(error.url)[:120]
        raise RecordError([f"{key!r} is {shown}: {error.detail}; leave it out or mend it"]) from (
            error
        )


def _form_mistakes(record: Any, keys: list[str]) -> Iterator[str]:
    if not isinstance(record, dict):
        yield f"{ascii(record)[:60]} is not an object with the keys {', '.join(keys)}"
        return
    for key in keys:
        value = record.get(key)
        if value is not None and not isinstance(value, str):
            yield f"{key!r} is {ascii(value)[:60]}; give text in quotation marks"
            return


def _article_mistakes(record: dict[str, Any]) -> Iterator[str]:
    if record.get("html") is None and record.get("text") is None:
        yield "has neither 'html' nor 'text'; give one of them"
    try:
        instant_of(record, "published_at")
    except RecordError as error:
        yield from error.mistakes
    try:
        check_address(record, "url")
    except RecordError as error:
        yield from error.mistakes
