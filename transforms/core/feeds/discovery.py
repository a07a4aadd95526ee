"""Finding feeds from a site's address, and again when one has gone from its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple
from urllib.parse import urljoin

from schemas.base import Instant
from schemas.errors import FeedError, FetchError
from schemas.feed import Feed, FeedState
from schemas.page import Response
from transforms.core.feeds.named_feeds import is_same_site, named_feeds, well_known_feeds
from transforms.core.feeds.parsing import ParsedFeed, parse_feed
from transforms.core.ports import Fetcher

#: Named addresses that are tried for a site; each costs a request.
_MAX_TRIED = 10
#: The same for a feed that is lost, at each poll until it is found.
_MAX_TRIED_AGAIN = 3


class FoundFeed(NamedTuple):
    """An address that answered with a feed."""

    answer: Response
    parsed: ParsedFeed


def find_feeds(fetcher: Fetcher, url: str) -> Iterator[FoundFeed]:
    """The feeds of a site, best first: the address itself, those its page names, or, if it
    names none, the first at a well-known address.

    Raises:
        FetchError: the address itself cannot be had.
    """
    answer = fetcher.fetch(url)
    try:
        yield FoundFeed(answer, _parsed(Feed(url), answer))
        return
    except FeedError:
        pass
    named = named_feeds(answer.body, answer.content_type, answer.url)
    found = list(_tried(fetcher, named[:_MAX_TRIED]))
    yield from found or islice(_tried(fetcher, well_known_feeds(answer.url)), 1)


def find_again(
    fetcher: Fetcher, feed: Feed, before: FeedState, answer: Response | None
) -> FoundFeed | None:
    """The feed at a new address of the same site; None when the site names none.

    Asked are the page that came instead of the feed, if one came, and the site's own page.
    Well-known addresses are not tried: a site has many feeds, and this would be another one.
    """
    pages = [answer] if answer is not None else []
    site = before.site_url or urljoin(feed.url, "/")
    for page in chain(pages, _answers(fetcher, [site] if is_same_site(site, feed.url) else [])):
        named = [
            url
            for url in named_feeds(page.body, page.content_type, page.url)
            if is_same_site(url, feed.url) and url not in (feed.url, before.fetch_url)
        ]
        for found in _tried(fetcher, named[:_MAX_TRIED_AGAIN], feed):
            if is_same_site(found.answer.url, feed.url) and found.parsed.entries:
                return found
    return None


def _tried(fetcher: Fetcher, urls: Iterable[str], feed: Feed | None = None) -> Iterator[FoundFeed]:
    for answer in _answers(fetcher, urls):
        try:
            yield FoundFeed(answer, _parsed(feed or Feed(answer.url), answer))
        except FeedError:
            continue


def _answers(fetcher: Fetcher, urls: Iterable[str]) -> Iterator[Response]:
    for url in urls:
        try:
            yield fetcher.fetch(url)
        except FetchError:
            continue


def _parsed(feed: Feed, answer: Response) -> ParsedFeed:
    return parse_feed(feed, answer.body, answer.content_type, Instant.now(), base=answer.url)
