"""What is said of a feed's course."""

from connectors.archive.feeds import FeedHealth
from pipelines.reading_room.feed_health import course
from schemas.base import Instant
from schemas.feed import FeedState


def test_the_rhythm_shown_is_the_one_that_the_next_poll_keeps():
    at = Instant(1_748_000_000)
    state = FeedState(
        "https://herald.example/rss",
        succeeded_at=at,
        next_poll_at=at + 66 * 60,
        interval_seconds=1800,
        hint_seconds=3600,
    )
    shown = course(FeedHealth(state, "Herald", "", "", "", 3, at))
    assert shown == "read 2025-05-23 11:33, about every 60 min, next 2025-05-23 12:39"
