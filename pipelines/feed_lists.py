"""`--feeds` and `parley feeds import`: feeds from a file or an address."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml

from connectors.feed_lists import read_feed_list
from connectors.http import HttpFetcher
from schemas.errors import ConfigurationError, FetchError
from schemas.feed import Feed


def feeds_from(place: str, allow_hosts: Sequence[str]) -> tuple[Feed, ...]:
    """The feeds that a file or URL lists: one address a line, or OPML.

    Raises:
        ConfigurationError: it cannot be had, or a line of it is no feed.
    """
    feeds = read_feed_list(_body(place, allow_hosts), place)
    if not feeds:
        raise ConfigurationError([f"--feeds: {place}: lists no feed; give one address a line"])
    return feeds


def _body(place: str, allow_hosts: Sequence[str]) -> bytes:
    if "://" not in place:
        try:
            return Path(place).read_bytes()
        except OSError as error:
            raise ConfigurationError([f"--feeds: {place}: {error.strerror}; check it"]) from error
    fetcher = HttpFetcher(allow_hosts=allow_hosts)
    try:
        return fetcher.fetch(place).body
    except FetchError as error:
        raise ConfigurationError([f"--feeds: {error}"]) from error
    finally:
        fetcher.close()


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
