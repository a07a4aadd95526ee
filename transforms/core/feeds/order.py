"""In which order feeds are asked and entries read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from typing import TypeVar
from urllib.parse import urlsplit

from schemas.base import Instant
from schemas.feed import FeedEntry

_T = TypeVar("_T")


def by_turns(things: Iterable[_T], url_of: Callable[[_T], str]) -> Iterator[_T]:
    """Yield the things by turns over the hosts of their addresses.

    Each host keeps its own pace, so a run over many hosts waits least when neighbours in the
    queue stand on different ones. Hosts take turns in the order in which they first come;
    what is on one host keeps its order.

    >>> urls = ["https://a.example/1", "https://a.example/2", "https://b.example/1"]
    >>> list(by_turns(urls, str))
    ['https://a.example/1', 'https://b.example/1', 'https://a.example/2']
    """
    by_host: defaultdict[str, list[_T]] = defaultdict(list)
    for thing in things:
        by_host[urlsplit(url_of(thing)).netloc].append(thing)
    for turn in zip_longest(*by_host.values()):
        yield from (thing for thing in turn if thing is not None)


def by_time(entries: Iterable[FeedEntry]) -> list[FeedEntry]:
    """The entries in order of publication, ties by canonical URL.

    So the first of several copies is mostly the original, and a run that goes on where
    another was killed reads what is left in the same order. Entries without a time, or with
    one in the future, stand where they were first seen.

    >>> def entry(name, stated=None):
    ...     url = f"https://a.example/{name}"
    ...     return FeedEntry(name, "", url, url, "", "", Instant(9), stated_published_at=stated)
    >>> [e.id for e in by_time([entry("b"), entry("a"), entry("c", Instant(5))])]
    ['c', 'a', 'b']
    """
    return sorted(entries, key=lambda entry: (_published_at(entry), entry.canonical_url, entry.id))


def _published_at(entry: FeedEntry) -> Instant:
    stated = entry.stated_published_at
    return entry.seen_at if stated is None else min(stated, entry.seen_at)
