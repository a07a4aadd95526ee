"""In which order hosts are asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


def by_turns(things: Iterable[T], url_of: Callable[[T], str]) -> Iterator[T]:
    """Yield the things by turns over the hosts of their addresses.

    Each host keeps its own pace, so a run over many hosts waits least when neighbours in the
    queue stand on different ones. Hosts take turns in the order in which they first come;
    what is on one host keeps its order.

    >>> urls = ["https://a.example/1", "https://a.example/2", "https://b.example/1"]
    >>> list(by_turns(urls, str))
    ['https://a.example/1', 'https://b.example/1', 'https://a.example/2']
    """
    by_host: defaultdict[str, list[T]] = defaultdict(list)
    for thing in things:
        by_host[urlsplit(url_of(thing)).netloc].append(thing)
    for turn in zip_longest(*by_host.values()):
        yield from (thing for thing in turn if thing is not None)
