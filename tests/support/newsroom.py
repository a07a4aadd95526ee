"""A small news world for tests of stages: one watch, one feed, pages of our own prose."""

from __future__ import annotations

from schemas.base import Instant
from schemas.feed import Feed, FeedEntry
from schemas.page import Page
from schemas.watch import Actor, AlertPolicy, Topic, Watch

SEEN_AT = Instant(1_747_900_000)

WATCH = Watch(
    id="river-talks",
    title="Talks between Norland and Sudria",
    feeds=(Feed("https://herald.example/feed.xml", "The Herald"),),
    actors=(
        Actor("norland", "Norland", "party", "norland", ("Norlanders",)),
        Actor("harl", "President Aldo Harl", "party", "norland", ("Harl",)),
    ),
    topics=(
        Topic("ceasefire", "Ceasefire", ("ceasefire", "truce"), is_negotiation=True),
        Topic("talks", "Talks", ("peace talks", "negotiations"), is_negotiation=True),
    ),
    max_age_seconds=None,
    alert_on=AlertPolicy(min_confidence=0.3),
)

TALKS = """
<p>The peace talks between Norland and Sudria went into their third week on Monday, with both
delegations still far apart on the terms of a ceasefire along the river.</p>
<p>“Norland will not sign a ceasefire before the autumn,” said Mirja Oskarsen, a senior fellow at
the Fjord Institute for International Affairs, a think tank. “It gains more from waiting.”</p>
<p>Mediators have proposed another round of negotiations, and the Norland delegation has asked for
more time to consult with its capital before it answers.</p>
"""
GARDEN = """
<p>The tulips in the park have come out early this year, and the gardeners have opened the great
glass house to visitors, who may walk among the palms until six in the evening.</p>
<p>“We have never seen so many visitors in spring,” said Ottar Lind, who has looked after the
palms for twenty years. “They ask about the orchids, and the café has run out of cake.”</p>
"""


def html(body: str, title: str = "A report") -> bytes:
    head = f"<html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>".encode()


def entry(slug: str = "talks", **more) -> FeedEntry:
    url = f"https://herald.example/{slug}"
    given = {"title": "A report", "publisher": "The Herald", "seen_at": SEEN_AT} | more
    return FeedEntry(f"id-{slug}", WATCH.feeds[0].url, url, url, **given)


def page(body: bytes, slug: str = "talks", content_type: str = "text/html") -> Page:
    found = entry(slug)
    return Page(found, found.url, content_type, body, SEEN_AT)


def rss(*slugs: str) -> bytes:
    items = "".join(
        f"<item><title>{slug}</title><link>https://herald.example/{slug}</link>"
        f"<guid isPermaLink='false'>{slug}</guid></item>"
        for slug in slugs
    )
    return f"<rss version='2.0'><channel><title>Herald</title>{items}</channel></rss>".encode()
