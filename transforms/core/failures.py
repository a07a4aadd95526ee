"""How a failure becomes a DeadLetter: what failed, where, for which named reason."""

from __future__ import annotations

import dataclasses
import json
import traceback
from typing import Any

from schemas.annotation import Annotation
from schemas.article import Article
from schemas.base import Instant
from schemas.dossier import Dossier
from schemas.errors import ExtractionError, FeedError, FetchError, RecordError
from schemas.feed import Feed, FeedEntry
from schemas.ids import hash_of
from schemas.outcome import DeadLetter, Reason
from schemas.page import Page
from schemas.queue_message import QueueMessage

#: What can fail in a step.
Element = QueueMessage | Feed | FeedEntry | Page | Article | Annotation | Dossier

MAX_MESSAGE_CHARS = 500
MAX_TRACE_CHARS = 8000
#: Of a message that could not be read; longer ones are cut.
MAX_BODY_CHARS = 8000


def dead_letter_of(step: str, element: Element, error: Exception, at: Instant) -> DeadLetter:
    """The record of ``error`` in ``step``: one per step and thing, whatever the tries.

    Bodies and texts stay out: a retry begins again at the feed entry.

    >>> error = FetchError("timeout", "https://a.example/1", "no answer within 20 s")
    >>> letter = dead_letter_of("FetchPages", Feed("https://a.example/1"), error, Instant(0))
    >>> letter.reason, letter.key
    ('timeout', 'https://a.example/1')
    >>> letter.message
    'https://a.example/1: no answer within 20 s'
    """
    key, entry_id = _identity(element)
    reason = reason_of(error)
    trace = "".join(traceback.format_exception(error)) if reason == "error" else ""
    return DeadLetter(
        id=hash_of(step, key),
        step=step,
        key=key,
        entry_id=entry_id,
        reason=reason,
        message=_one_line(f"{error}" if reason != "error" else f"{type(error).__name__}: {error}"),
        element=json.dumps(_replayable(element), ensure_ascii=False, default=_instant),
        trace=trace[-MAX_TRACE_CHARS:],
        failed_at=at,
    )


def reason_of(error: Exception) -> Reason:
    """The named reason that an error of ours carries; "error" for all others.

    >>> reason_of(ValueError("surprise"))
    'error'
    """
    if isinstance(error, FetchError | ExtractionError):
        return error.reason
    if isinstance(error, RecordError):
        return "bad_message"
    return "not_a_feed" if isinstance(error, FeedError) else "error"


def _instant(value: object) -> str:
    return value.to_rfc3339() if isinstance(value, Instant) else str(value)


def _identity(element: Element) -> tuple[str, str]:
    """The key (an address) and the feed entry's id of what failed."""
    if isinstance(element, QueueMessage):
        return f"{element.source}#{element.id}", ""
    if isinstance(element, Feed):
        return element.url, ""
    if isinstance(element, FeedEntry):
        return element.url, element.id
    if isinstance(element, Page):
        return element.entry.url, element.entry.id
    article = element if isinstance(element, Article) else element.article
    return article.url, article.entry_id


def _replayable(element: Element) -> dict[str, Any]:
    """What is needed to find the thing again: the feed or entry itself, or its identity."""
    if isinstance(element, Page):
        element = element.entry
    if isinstance(element, QueueMessage):
        body = element.body.decode("utf8", "replace")[:MAX_BODY_CHARS].replace("\0", "\ufffd")
        return {"id": element.id, "source": element.source, "body": body}
    if isinstance(element, Feed | FeedEntry):
        return {f.name: getattr(element, f.name) for f in dataclasses.fields(element)}
    key, entry_id = _identity(element)
    return {"url": key, "entry_id": entry_id}


def _one_line(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= MAX_MESSAGE_CHARS else line[: MAX_MESSAGE_CHARS - 1] + "…"
