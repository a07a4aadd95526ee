"""JSON Feed (jsonfeed.org, version 1 and 1.1), which feedparser does not read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

_VERSION = "https://jsonfeed.org/version/"


def read_json_feed(body: bytes) -> Mapping[str, Any] | None:
    """The feed as the mapping that its authors wrote; None when it is no JSON Feed.

    >>> read_json_feed(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}')["items"]
    []
    >>> read_json_feed(b'{"items": []}') is None
    True
    """
    try:
        feed = json.loads(body)
    except (ValueError, RecursionError):  # ValueError: not UTF-8, or not JSON
        return None
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith(_VERSION):
        return None
    return feed if isinstance(feed.get("items"), list) else None


def text_of(item: Mapping[str, Any], *keys: str) -> str:
    """The first of the keys that holds text or a number, as text.

    >>> text_of({"id": 7, "url": None}, "url", "id")
    '7'
    """
    for key in keys:
        value = item.get(key)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
            return str(value)
    return ""


def item_author(item: Mapping[str, Any]) -> str:
    """The authors' names, from version 1.1's list or version 1's single author.

    >>> item_author({"authors": [{"name": "Ada Quill"}, {"name": "Ben Sand"}]})
    'Ada Quill, Ben Sand'
    """
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    names = [text_of(author, "name") for author in listed if isinstance(author, dict)]
    return ", ".join(name for name in names if name)


def stated_time(item: Mapping[str, Any]) -> datetime | None:
    """When the item says it was published or changed (RFC 3339); UTC without a zone.

    >>> stated_time({"date_published": "2025-06-02T08:00:00Z"}).isoformat()
    '2025-06-02T08:00:00+00:00'
    """
    value = text_of(item, "date_published", "date_modified")
    try:
        at = datetime.fromisoformat(value.replace("Z", "+00:00").replace("z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)
