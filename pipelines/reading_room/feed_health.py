"""How a feed is doing, in words for its operator."""

from __future__ import annotations

from connectors.archive.feeds import FeedHealth
from pipelines.settings.times import when
from schemas.base import Instant
from transforms.core.feeds.rhythm import is_silent


def course(feed: FeedHealth) -> str:
    """How it goes, in a line that an ordinary terminal holds; it is asked no more often than it
    asks for itself.
    """
    state = feed.state
    minutes = max(state.interval_seconds, state.hint_seconds) // 60
    every = f"about every {minutes} min, " if minutes else ""
    again = "never again" if state.is_muted else f"next {when(state.next_poll_at, 'at next run')}"
    return f"read {when(state.succeeded_at)}, {every}{again}"


def findings_on(feed: FeedHealth, now: Instant) -> list[str]:
    """What an operator should know of the feed, the worst first."""
    state = feed.state
    found = []
    if state.is_muted:
        found.append("gone for good (410), muted; `parley dead-letters retry` asks again")
    if state.failures:
        what = feed.message.removeprefix(f"{state.url}: ")
        found.append(f"{state.failures} × {feed.reason}: {what}")
    if is_silent(state, now):
        found.append(f"silent since {when(state.new_at)}")
    if state.overruns:
        found.append(f"{state.overruns} × all new at once: entries were likely lost")
    if state.lied_304s:
        found.append(f"{state.lied_304s} × said 304 though it had changed")
    if state.has_broken_guids:
        found.append("renumbers its entries")
    if state.fetch_url:
        found.append(f"moved to {state.fetch_url}")
    elif state.moved_to:
        found.append(f"redirects to {state.moved_to}")
    return found
