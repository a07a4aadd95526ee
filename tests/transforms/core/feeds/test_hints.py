import pytest

from schemas.base import Instant
from schemas.feed import Feed, FeedHints
from transforms.core.feeds.parsing import parse_feed

FEED = Feed("https://harbour.example/rss.xml")


def hints(channel: str) -> FeedHints:
    body = (
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>Harbour Post</title>{channel}"
        "<item><title>Talks resume</title><link>/talks</link></item></channel></rss>"
    )
    return parse_feed(FEED, body.encode(), "application/rss+xml", Instant(0)).hints


@pytest.mark.parametrize(
    ("channel", "seconds"),
    [
        ("<ttl>15</ttl>", 900),
        ("<ttl>soon</ttl>", 0),
        ("<ttl>-5</ttl>", 0),
        ("<ttl>99999999</ttl>", 86400),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", 3600),
        ("<sy:updatePeriod> Dayly </sy:updatePeriod>", 86400),
        ("<sy:updatePeriod>always</sy:updatePeriod>", 0),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0.1</sy:updateFrequency>",
            36000,
        ),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            86400,
        ),
        ("<ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod>", 86400),
        ("", 0),
    ],
)
def test_intervals_are_read_with_the_spellings_that_occur(channel: str, seconds: int) -> None:
    assert hints(channel).interval_seconds == seconds


def test_hours_and_days_of_silence_are_read() -> None:
    found = hints(
        "<skipHours><hour>24</hour><hour> 3 </hour><hour>x</hour></skipHours>"
        "<skipDays><day>Saturday</day><day>sunday</day><day>Caturday</day></skipDays>"
    )
    assert (found.skip_hours, found.skip_days) == ((0, 3), (5, 6))


def test_an_item_has_no_say_in_it() -> None:
    assert hints("<description>every hour, 24 times a day</description>") == FeedHints()
