"""In which order entries are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from urllib.parse import urlsplit

from schemas.feed import FeedEntry


def by_turns(entries: Iterable[FeedEntry]) -> Iterator[FeedEntry]:
    """Yield the entries by turns over the hosts of their pages.

    Each host keeps its own pace, so a run over many hosts waits least when neighbours in the
    queue stand on different ones. Hosts take turns in the order in which they first come;
    the entries of one host keep their order.

    >>> from schemas.base import Timestamp
    >>> urls = ["https://a.example/1", "https://a.example/2", "https://b.example/1"]
    >>> entries = [FeedEntry(u, "", u, u, "", "", Timestamp(0)) for u in urls]
    >>> [entry.id for entry in by_turns(entries)]
    ['https://a.example/1', 'https://b.example/1', 'https://a.example/2']
    """
    by_host: defaultdict[str, list[FeedEntry]] = defaultdict(list)
    for entry in entries:
        by_host[urlsplit(entry.url).netloc].append(entry)
    for turn in zip_longest(*by_host.values()):
        yield from (entry for entry in turn if entry is not None)
