"""What a page's head and JSON-LD say about its article: title, author, time, address, wall.

Read here rather than by trafilatura, whose search for dates and authors takes longer than
its extraction and falls back to guessing from the text. What no publisher states stays
unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from lxml.etree import XPath
from lxml.html import HtmlElement

from schemas.base import Instant
from transforms.core.text.dates import stated_instant
from transforms.core.text.plain_text import from_markup, one_line
from transforms.core.text.urls import canonical_url, registrable_domain

_MAX_CHARS = 500
_MAX_JSON_CHARS = 500_000
_MAX_NODES = 2000

_TITLES = ("og:title", "twitter:title", "dc.title", "headline")
_AUTHORS = ("author", "parsely-author", "article:author", "dc.creator", "byl", "sailthru.author")
_TIMES = (
    "article:published_time",
    "parsely-pub-date",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "pubdate",
    "publish-date",
    "sailthru.date",
    "og:article:published_time",
)
#: Objects with a date that is not the article's.
_OTHER_KINDS = frozenset(
    ("VideoObject", "ImageObject", "AudioObject", "Comment", "Event", "Review")
)
_NESTING = ("@graph", "mainEntity", "mainEntityOfPage")
_BYLINE = XPath(".//*[@rel='author' or @itemprop='author' or contains(@class, 'byline')]")
_BY = re.compile(r"^(?:by|von|par|de|por|автор)\b[:\s]+", re.IGNORECASE)


@dataclass(frozen=True)
class PageMetadata:
    """What a page states about itself; "" and None where it states nothing."""

    url: str  #: canonical
    title: str = ""
    author: str = ""
    publisher: str = ""
    published_at: Instant | None = None
    is_free: bool | None = None  #: schema.org's isAccessibleForFree


def read_metadata(tree: HtmlElement, url: str) -> PageMetadata:
    """The page's own words on its article; JSON-LD before meta elements before the body."""
    metas = _metas(tree)
    own = _page_url(tree, url)
    node = _article_node(tree, own, metas)
    return PageMetadata(
        url=own,
        title=_title(tree, metas, node),
        author=_author(tree, metas, node),
        publisher=one_line(_name(node.get("publisher")) or metas.get("og:site_name", ""), 200),
        published_at=_published_at(tree, metas, node),
        is_free=_is_free(node),
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The page's meta elements by lower-case name, the first of each name."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = meta.get("content")
        if name and content and content.strip():
            metas.setdefault(name.lower(), content[:_MAX_CHARS].strip())
    return metas


def _article_node(tree: HtmlElement, own: str, metas: dict[str, str]) -> dict[str, Any]:
    """The JSON-LD object that describes the page's article; empty when there is none.

    Of several, for a page may list others beside its own, the one that names the page's address
    counts, then the one with the page's title, then the first.
    """
    articles: list[dict[str, Any]] = []
    dated: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        for node in _nodes(script.text):
            kinds = node.get("@type")
            named = kinds if isinstance(kinds, list) else [kinds]
            if any(str(kind).endswith(("Article", "BlogPosting", "Report")) for kind in named):
                articles.append(node)
            elif "datePublished" in node and not any(str(k) in _OTHER_KINDS for k in named):
                dated.append(node)
    if len(articles) > 1:
        titles = {one_line(metas.get(name, ""), _MAX_CHARS) for name in _TITLES}
        titles |= {one_line(e.text_content(), _MAX_CHARS) for e in tree.iter("h1", "title")}
        articles.sort(key=lambda node: _strangeness(node, own, titles - {""}))
    return next(iter([*articles, *dated]), {})


def _strangeness(node: dict[str, Any], own: str, titles: set[str]) -> int:
    """How little an object seems to describe the page, for sorting: 0 by address, 1 by title."""
    page = node.get("mainEntityOfPage")
    page = page.get("@id") or page.get("url") if isinstance(page, dict) else page
    for address in (page, node.get("url"), node.get("@id")):
        try:
            if isinstance(address, str) and canonical_url(address, own) == own:
                return 0
        except ValueError:
            continue
    headline = node.get("headline")
    return 1 if isinstance(headline, str) and from_markup(headline, _MAX_CHARS) in titles else 2


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    """All objects in a JSON-LD script, outer ones first; none when it is broken."""
    try:
        waiting = [json.loads(script[:_MAX_JSON_CHARS], strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, dict):
            yield value
            waiting += [value[key] for key in _NESTING if key in value]
        elif isinstance(value, list):
            waiting += value


def _title(tree: HtmlElement, metas: dict[str, str], node: dict[str, Any]) -> str:
    stated = [node.get("headline"), *(metas.get(name) for name in _TITLES)]
    for value in stated:
        if isinstance(value, str) and value.strip():
            return from_markup(value, _MAX_CHARS)
    heading = tree.find(".//h1")
    element = heading if heading is not None else tree.find(".//title")
    return one_line(element.text_content(), _MAX_CHARS) if element is not None else ""


def _author(tree: HtmlElement, metas: dict[str, str], node: dict[str, Any]) -> str:
    """The byline: names joined by commas, without "By"."""
    candidates = [_name(node.get("author")), *(metas.get(name, "") for name in _AUTHORS)]
    if not any(map(_is_byline, candidates)):
        elements = cast("list[HtmlElement]", _BYLINE(tree))[:3]
        candidates = [one_line(element.text_content(), 200) for element in elements]
    author = next((value for value in candidates if _is_byline(value)), "")
    return _BY.sub("", from_markup(author, 200))


def _is_byline(value: str) -> bool:
    """Whether it may name people: not an address, a handle or a sentence."""
    return bool(value.strip()) and "://" not in value and value[0] != "@" and len(value) < 150


def _name(value: Any) -> str:
    """The name or names that a JSON-LD value gives, joined by commas."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _name(value.get("name"))
    if isinstance(value, list):
        return ", ".join(name for name in map(_name, value[:10]) if name)
    return ""


def _published_at(tree: HtmlElement, metas: dict[str, str], node: dict[str, Any]) -> Instant | None:
    stated = [node.get("datePublished"), *(metas.get(name) for name in _TIMES)]
    stated += [time.get("datetime") for time in list(tree.iter("time"))[:1]]
    return next((at for value in stated if (at := stated_instant(value)) is not None), None)


def _is_free(node: dict[str, Any]) -> bool | None:
    value = str(node.get("isAccessibleForFree", "")).strip().lower()
    return {"true": True, "false": False}.get(value.rpartition("/")[2])


def _page_url(tree: HtmlElement, url: str) -> str:
    """What the page calls itself, if it may: on its own domain, and not the homepage.

    A page saved without its address may call itself anything.
    """
    own = canonical_url(url)
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            try:
                named = canonical_url(link.get("href"), own)
            except ValueError:
                return own
            return named if _may_be_called(own, named) else own
    return own


def _may_be_called(own: str, named: str) -> bool:
    if urlsplit(named).path in ("", "/") and not urlsplit(named).query:
        return False
    return own.startswith("urn:") or registrable_domain(own) == registrable_domain(named)
