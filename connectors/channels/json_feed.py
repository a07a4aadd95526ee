"""Bundles as a JSON Feed 1.1 file (jsonfeed.org/version/1.1): one item each, for feed readers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from connectors.channels.atom import alerted_at, entry_id, notice_id, published_at
from connectors.files.whole_files import check_writable, replace_file
from connectors.formats import headlines
from connectors.formats.cloudevents import event_of, instant, notice_event
from connectors.formats.feed_item import FeedItem
from connectors.formats.html import bundle_html
from connectors.formats.sanitizing import clean_line, web_address
from schemas.alert import Bundle
from schemas.delivery import Notice


class JsonFeedSink:
    """Writes the whole feed in one step, newest bundle first; the caller gives the recent ones."""

    def __init__(self, path: Path, *, title: str = "Parley alerts") -> None:
        """Take the file at ``path``.

        Raises:
            ConfigurationError: the place cannot be written.
        """
        check_writable(path, f"jsonfeed:{path}")
        self._path, self._title = path, title

    def write(self, bundles: Sequence[Bundle], notices: Sequence[Notice] = ()) -> None:
        """Replace the feed by these bundles and notices.

        Raises:
            OSError: the file could not be written; the old one still stands.
        """
        replace_file(self._path, render_json_feed(bundles, notices, title=self._title))


def render_json_feed(
    bundles: Sequence[Bundle],
    notices: Sequence[Notice] = (),
    *,
    title: str,
    items: Sequence[FeedItem] = (),
    self_url: str = "",
    page_url: str = "",
) -> bytes:
    """The feed as UTF-8 JSON: one item per bundle and revision, with its events beside the text,
    one per notice, and the other items; newest first.

    A feed that stands in a web site links to itself and to the page that shows the same.
    """
    by_id = {entry_id(bundle): bundle for bundle in sorted(bundles, key=alerted_at)}
    shown: list[dict[str, Any]] = [_item(item_id, bundle) for item_id, bundle in by_id.items()]
    shown += [_notice_item(notice) for notice in notices]
    shown += [_plain_item(item) for item in items]
    places = {"home_page_url": page_url, "feed_url": self_url}
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean_line(title),
        **{name: url for name, url in places.items() if url},
        "items": sorted(shown, key=lambda i: (i["date_modified"], i["id"]), reverse=True),
    }
    return (json.dumps(feed, ensure_ascii=True, indent=1, allow_nan=False) + "\n").encode("ascii")


def _notice_item(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice_id(notice),
        "title": clean_line(notice.title),
        "content_text": clean_line(notice.text),
        "date_published": instant(notice.at),
        "date_modified": instant(notice.at),
        "tags": [clean_line(notice.watch)],
        "_parley": {"events": [notice_event(notice)]},
    }


def _plain_item(item: FeedItem) -> dict[str, Any]:
    found = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "date_published": instant(item.published_at),
        "date_modified": instant(item.updated_at),
        "authors": [{"name": name} for name in item.authors],
        "tags": [*item.tags],
    }
    return {key: value for key, value in found.items() if value}


def _item(item_id: str, bundle: Bundle) -> dict[str, Any]:
    article = bundle.alerts[0].article
    topics = {clean_line(t) for a in bundle.alerts for s in a.statements for t in s.topics}
    item = {
        "id": item_id,
        "url": web_address(article.url),
        "title": headlines.headline(bundle),
        "summary": headlines.summary(bundle),
        "content_html": bundle_html(bundle),
        "date_published": instant(published_at(bundle)),
        "date_modified": instant(alerted_at(bundle)),
        "authors": [{"name": name} for name in headlines.names(bundle)],
        "tags": [clean_line(bundle.watch), *sorted(topics)],
        "language": clean_line(article.language),
        # A custom object, as the format allows: what programs would otherwise parse from HTML.
        "_parley": {"events": [event_of(alert) for alert in bundle.alerts]},
    }
    return {key: value for key, value in item.items() if value}
