"""`--feeds` and `parley feeds import`: feeds from a file or an address."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from connectors.files.feed_lists import read_feed_list
from connectors.web.fetcher import HttpFetcher
from pipelines.settings.contact import contact_for
from schemas.errors import ConfigurationError, FetchError
from schemas.feed import Feed
from transforms.core.text.urls import without_secrets

if TYPE_CHECKING:
    from transforms.core.feeds.discovery import FoundFeed

#: Within so much a list shows itself as OPML.
_HEAD_BYTES = 1000


def open_fetcher(allow_hosts: Sequence[str]) -> HttpFetcher:
    """A fetcher for a command without a watch."""
    return HttpFetcher(allow_hosts=allow_hosts, contact=contact_for())


def feeds_from(
    place: str, allow_hosts: Sequence[str], option: str = "--feeds: "
) -> tuple[Feed, ...]:
    """The feeds that a file or URL lists, one address a line or as OPML; or the feed that is
    at the URL, or the feeds that the site there names.

    Raises:
        ConfigurationError: it cannot be had, or a line of it is no feed.
    """
    if "://" in place:
        return _feeds_at(place, allow_hosts, option)
    feeds = read_feed_list(_bytes(place, option), place)
    if not feeds:
        raise ConfigurationError([f"{option}{place}: lists no feed; give one address a line"])
    return feeds


def _bytes(path: str, option: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ConfigurationError([f"{option}{path}: {error.strerror}; check it"]) from error


def _feeds_at(url: str, allow_hosts: Sequence[str], option: str) -> tuple[Feed, ...]:
    from transforms.core.feeds.discovery import find_feeds  # loads feedparser

    with contextlib.closing(open_fetcher(allow_hosts)) as fetcher:
        try:
            body = fetcher.fetch(url).body
            head = body[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
            is_list = not head.startswith((b"<", b"{")) or b"<opml" in head
            feeds = read_feed_list(body, without_secrets(url)) if is_list else ()
            found = feeds or tuple(_feed(each) for each in find_feeds(fetcher, url))
        except FetchError as error:
            raise ConfigurationError([f"{option}{_told(error)}"]) from error
    if not found:
        raise ConfigurationError(
            [
                f"{option}{without_secrets(url)}: neither a list of feeds nor a feed, "
                "and it names none; give one"
            ]
        )
    return found


def _told(error: FetchError) -> str:
    return f"{without_secrets(error.url)}: {error.detail}"


def _feed(found: FoundFeed) -> Feed:
    return Feed(found.answer.url, found.parsed.title)


def found_at(url: str, allow_hosts: Sequence[str]) -> Iterator[FoundFeed]:
    """The feeds of the site at an address, as they are found.

    Raises:
        ConfigurationError: the site itself cannot be asked.
    """
    from transforms.core.feeds.discovery import find_feeds  # loads feedparser

    with contextlib.closing(open_fetcher(allow_hosts)) as fetcher:
        try:
            yield from find_feeds(fetcher, url)
        except FetchError as error:
            raise ConfigurationError([_told(error)]) from error


def feeds_yaml(feeds: Sequence[Feed]) -> str:
    """The ``feeds:`` part of a watch.

    >>> print(feeds_yaml([Feed("https://a.example/rss", "A")]), end="")
    feeds:
    - url: https://a.example/rss
      publisher: A
    """
    items = [
        {"url": feed.url, **({"publisher": feed.publisher} if feed.publisher else {})}
        for feed in feeds
    ]
    return yaml.safe_dump({"feeds": items}, sort_keys=False, allow_unicode=True)
