"""Where a site's feeds may be: what its page names, then the names that most sites use.

Order of trust as in miniflux and lemon24/reader. It asks nobody: whoever tries the addresses
finds out which are feeds.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin

from transforms.core.text.encodings import decode_page
from transforms.core.text.html_tree import read_tree
from transforms.core.text.urls import canonical_url, registrable_domain

#: Types by which pages name their feeds (rssboard.org/rss-autodiscovery, jsonfeed.org).
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)

#: miniflux's list of names, the most used first; the last is Google's for publishers.
_WELL_KNOWN = (
    "feed",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "rss",
    "feed.json",
    "index.rdf",
    "news-sitemap.xml",
)

_MAX_NAMED = 20


def named_feeds(body: bytes, content_type: str, url: str) -> list[str]:
    """The addresses that a page names as its feeds, in its order, those of comments last.

    >>> page = b'''<head><link rel="alternate" type="application/rss+xml" href="/news.rss">'''
    >>> named_feeds(page, "text/html", "https://harbour.example/")
    ['https://harbour.example/news.rss']
    """
    tree = read_tree(decode_page(body, content_type))
    if tree is None:
        return []
    base = next((element.get("href") or "" for element in tree.iter("base")), "")
    found: dict[str, bool] = {}
    for link in tree.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in (link.get("rel") or "").lower().split() and kind in _FEED_TYPES:
            for address in _usable(link.get("href") or "", urljoin(url, base)):
                found.setdefault(address, "comment" in f"{link.get('title')} {address}".lower())
    return sorted(found, key=lambda address: found[address])[:_MAX_NAMED]


def well_known_feeds(url: str) -> list[str]:
    """Addresses at which sites have their feeds without naming them: beside the page, then at
    the top of its host.

    >>> well_known_feeds("https://harbour.example/news")[0]
    'https://harbour.example/feed'
    """
    folders = dict.fromkeys((urljoin(url, "."), urljoin(url, "/")))
    return [urljoin(folder, name) for folder in folders for name in _WELL_KNOWN]


def is_same_site(url: str, other: str) -> bool:
    """Whether one registrable domain answers for both addresses.

    >>> is_same_site("https://feeds.harbour.example/rss", "https://www.harbour.example/")
    True
    """
    return registrable_domain(url) == registrable_domain(other)


def _usable(link: str, base: str) -> Iterator[str]:
    try:
        yield canonical_url(link, base)
    except ValueError:
        return
