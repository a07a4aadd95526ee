"""One poll of one feed: asking, and telling what came, before anything is decided on it."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from schemas.base import Instant
from schemas.errors import FeedError, FetchError
from schemas.feed import Feed, FeedPoll, FeedState
from schemas.page import Response
from transforms.core.failures import reason_of
from transforms.core.feeds.discovery import find_again
from transforms.core.feeds.parsing import ParsedFeed, parse_feed
from transforms.core.feeds.poll_state import wants_body
from transforms.core.ports import Fetcher


def poll(fetcher: Fetcher, feed: Feed, before: FeedState) -> tuple[FeedPoll, Exception | None]:
    """What asking for a feed once brought, with the error, if it failed; never raises."""
    now = Instant.now()
    try:
        return _asked(fetcher, feed, before, now), None
    except Exception as error:  # a parser's surprise must not end the other feeds
        return _failed(feed, before, now, error), error


def _asked(fetcher: Fetcher, feed: Feed, before: FeedState, now: Instant) -> FeedPoll:
    is_whole = wants_body(before, now)
    validators = {} if is_whole else {"etag": before.etag, "last_modified": before.last_modified}
    answer: Response | None = None
    try:
        answer = fetcher.fetch(before.fetch_url or feed.url, **validators)
        told = FeedPoll(
            feed,
            "unchanged",
            now,
            before,
            fresh_seconds=answer.fresh_seconds,
            is_unconditional=is_whole and bool(before.etag or before.last_modified),
            is_not_modified=answer.status == 304,
            moved_to=answer.moved_to,
        )
        if not told.is_not_modified and not answer.body.strip():
            raise FetchError("empty_body", feed.url, "the server sent nothing")
        body_hash = hashlib.sha256(answer.body).hexdigest()
        if told.is_not_modified or body_hash == before.body_hash:
            return told
        parsed = parse_feed(feed, answer.body, answer.content_type, now, base=answer.url)
    except (FetchError, FeedError) as error:
        found = find_again(fetcher, feed, before, answer) if _is_lost(before, error) else None
        if found is None:
            raise
        told = FeedPoll(feed, "changed", now, before, moved_to=found.answer.url)
        return _changed(told, found.answer, found.parsed)
    return _changed(told, answer, parsed)


def _changed(told: FeedPoll, answer: Response, parsed: ParsedFeed) -> FeedPoll:
    return replace(
        told,
        feed=replace(told.feed, publisher=told.feed.publisher or parsed.title),
        status="changed",
        title=parsed.title,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=hashlib.sha256(answer.body).hexdigest(),
        entries=parsed.entries,
        site_url=parsed.site_url,
        hints=parsed.hints,
        cut=parsed.cut,
    )


def _is_lost(before: FeedState, error: FetchError | FeedError) -> bool:
    """Whether the feed is to be looked for elsewhere: it once was here, the server says that
    nothing is here or sends something else, and not for the first time, unless for good.
    """
    if before.succeeded_at is None:
        return False
    status = error.http_status if isinstance(error, FetchError) else 0
    has_gone = isinstance(error, FeedError) or error.reason == "gone"
    return has_gone and (before.failures > 0 or status == 410)


def _failed(feed: Feed, before: FeedState, at: Instant, error: Exception) -> FeedPoll:
    return FeedPoll(
        feed,
        "failed",
        at,
        before,
        reason=reason_of(error),
        message=str(error),
        http_status=getattr(error, "http_status", 0),
        retry_after_seconds=getattr(error, "retry_after_seconds", 0),
    )
