"""What is known of a feed after a poll: which feeds to ask, how, and what the answer changes.

Decides and touches nothing, like the Decider of lemon24/reader's updater: the archive stores
the state that comes out as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from schemas.base import Instant
from schemas.feed import Feed, FeedEntry, FeedPoll, FeedState
from schemas.ids import hash_of
from transforms.core.feeds import rhythm
from transforms.core.text.urls import registrable_domain

#: "Some feeds return same ETag/Last-Modified even when changed" (rss-fetcher, which for that
#: reason never asks conditionally): so a whole body is asked for once a day, or after so many
#: answers "not modified", whichever comes first.
_BODY_EVERY_SECONDS = rhythm.DAY
_BODY_EVERY_304S = 50
#: A feed whose 304s were wrong so often is always asked for its body.
_LIES_BELIEVED = 1

#: A permanent redirect is believed when it was met so often over so long: 301s by mistake, and
#: captive portals, are gone sooner.
_MOVES_BELIEVED = 3
_MOVE_SECONDS = rhythm.DAY

#: From this share of renumbered entries on, the feed's GUIDs are taken for broken.
_STORM = 0.5


@dataclass(frozen=True)
class Known:
    """Which of the entries that a feed lists it had listed before."""

    ids: frozenset[str]
    urls: frozenset[str]  #: canonical


@dataclass(frozen=True)
class Division:
    """The feeds of a run: those asked now, and those left for later."""

    due: tuple[Feed, ...]
    resting: tuple[Feed, ...]


def divide(
    feeds: Iterable[Feed], states: Mapping[str, FeedState], now: Instant, *, ask_all: bool
) -> Division:
    """Who is asked now, in the given order. ``ask_all``: everyone, whatever their rhythm.

    A feed whose domain asked to be left alone rests, be it that another feed was told so.
    """
    listed = list(feeds)
    if ask_all:
        return Division(tuple(listed), ())
    busy = {
        registrable_domain(url)
        for url, state in states.items()
        if rhythm.is_ahead(state.busy_until, now)
    }
    due: list[Feed] = []
    resting: list[Feed] = []
    for feed in listed:
        state = states.get(feed.url) or FeedState(feed.url)
        is_due = rhythm.is_due(state, now) and registrable_domain(feed.url) not in busy
        (due if is_due else resting).append(feed)
    return Division(tuple(due), tuple(resting))


def wants_body(state: FeedState, now: Instant) -> bool:
    """Whether the whole body is asked for, though validators are known.

    >>> wants_body(FeedState("https://a.example/rss", unchanged_304s=50), Instant(0))
    True
    """
    if state.lied_304s > _LIES_BELIEVED or state.unchanged_304s >= _BODY_EVERY_304S:
        return True
    age = _seconds(state.body_at, now) if state.body_at is not None else 0
    return age >= _BODY_EVERY_SECONDS


def decided(poll: FeedPoll, known: Known) -> FeedPoll:
    """The poll with the feed's state after it; ``poll.state`` is the state before.

    Entries of a feed that renumbers them get their links for ids, so that an old entry under
    a new number costs nothing and alerts nobody.
    """
    before = poll.state
    is_storm = before.has_broken_guids or _is_storm(poll, known)
    if is_storm and poll.entries:
        poll = replace(poll, entries=tuple(map(_named_by_link, poll.entries)))
    n_known = sum(_is_known(entry, known) for entry in poll.entries)
    after = _failed(before, poll) if poll.status == "failed" else _answered(poll, n_known)
    after = replace(
        after,
        polled_at=poll.polled_at,
        has_broken_guids=is_storm,
        lied_304s=before.lied_304s + _is_lie(poll, known),
    )
    after = replace(after, next_poll_at=rhythm.next_poll_at(before, after, poll))
    return replace(poll, state=after)


def _answered(poll: FeedPoll, n_known: int) -> FeedState:
    before = poll.state
    interval, on_time = rhythm.interval_after(before, poll, n_known)
    has_news = n_known < len(poll.entries)
    body: dict[str, Any] = {"unchanged_304s": before.unchanged_304s + 1}
    if not poll.is_not_modified:
        body = {"unchanged_304s": 0, "body_at": poll.polled_at}
    if poll.status == "changed":
        # Validators change with an accepted body only.
        body |= {name: getattr(poll, name) for name in ("etag", "last_modified", "body_hash")}
        body |= {
            "hint_seconds": poll.hints.interval_seconds,
            "skip_hours": poll.hints.skip_hours,
            "skip_days": poll.hints.skip_days,
            "site_url": poll.site_url,
        }
    return replace(
        before,
        succeeded_at=poll.polled_at,
        failures=0,
        interval_seconds=interval,
        on_time=on_time,
        busy_until=None,
        is_muted=False,
        new_at=poll.polled_at if has_news else before.new_at,
        overruns=before.overruns + rhythm.is_overrun(before, poll, n_known),
        **body,
        **_moved(poll),
    )


def _failed(before: FeedState, poll: FeedPoll) -> FeedState:
    busy_until = before.busy_until
    if poll.retry_after_seconds:
        busy_until = Instant(micros=poll.polled_at.micros + poll.retry_after_seconds * 1_000_000)
    is_lost = poll.reason in ("gone", "not_a_feed")
    return replace(
        before,
        failures=before.failures + 1,
        busy_until=busy_until,
        is_muted=poll.http_status == 410 and not before.fetch_url,
        # Where it had moved to it is no more: ask where the watch says it is.
        fetch_url="" if is_lost else before.fetch_url,
    )


def _moved(poll: FeedPoll) -> dict[str, Any]:
    """What becomes of a permanent redirect that was, or was no longer, met."""
    before = poll.state
    if not poll.moved_to:
        return {"moved_to": "", "moved_times": 0, "moved_since": None}
    is_same = poll.moved_to == before.moved_to and before.moved_since is not None
    since = before.moved_since if is_same else poll.polled_at
    times = before.moved_times + 1 if is_same else 1
    assert since is not None  # noqa: S101 -- for the type checker
    if times >= _MOVES_BELIEVED and _seconds(since, poll.polled_at) >= _MOVE_SECONDS:
        moved = {"fetch_url": poll.moved_to, "moved_to": "", "moved_times": 0}
        return {**moved, "moved_since": None}
    return {"moved_to": poll.moved_to, "moved_times": times, "moved_since": since}


def _is_lie(poll: FeedPoll, known: Known) -> bool:
    """Whether a whole body shows what an earlier answer "not modified" had denied: new entries
    under the old validators, or entries dated before that answer.
    """
    before = poll.state
    if not (poll.is_unconditional and poll.status == "changed" and before.unchanged_304s):
        return False
    new = [entry for entry in poll.entries if not _is_known(entry, known)]
    has_old_validator = (
        poll.etag == before.etag
        if before.etag
        else bool(before.last_modified) and poll.last_modified == before.last_modified
    )
    denied_at = before.succeeded_at
    return bool(new) and (
        has_old_validator
        or any(
            entry.stated_published_at is not None
            and denied_at is not None
            and entry.stated_published_at < denied_at
            for entry in new
        )
    )


def _is_storm(poll: FeedPoll, known: Known) -> bool:
    """Whether the site has renumbered entries that it had listed before.

    haven and FreshRSS met such sites; half of the list is more than a few edited links.
    """
    renumbered = sum(
        entry.id not in known.ids and entry.canonical_url in known.urls for entry in poll.entries
    )
    return renumbered > 1 and renumbered >= _STORM * len(poll.entries)


def _is_known(entry: FeedEntry, known: Known) -> bool:
    return entry.id in known.ids or entry.canonical_url in known.urls


def _named_by_link(entry: FeedEntry) -> FeedEntry:
    return replace(entry, id=hash_of(entry.feed_url, entry.canonical_url))


def _seconds(start: Instant, end: Instant) -> float:
    return float(end.micros - start.micros) / 1e6
