"""Bundles as an Atom feed (RFC 4287): one entry each, for feed readers."""

from __future__ import annotations

import datetime
import io
import uuid
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from feedgenerator import Atom1Feed

from connectors.files.whole_files import check_writable, replace_file
from connectors.formats import headlines
from connectors.formats.feed_item import FeedItem
from connectors.formats.html import bundle_html
from connectors.formats.sanitizing import clean_line, web_address
from schemas.alert import Bundle
from schemas.base import Instant
from schemas.delivery import Notice

_BEGINNING = Instant(0)  # when a feed without entries was last updated


class AtomSink:
    """Writes the whole feed in one step, newest bundle first.

    The feed holds exactly the bundles that are given, so the caller gives the recent ones,
    not only the latest. The same bundles give the same bytes.
    """

    def __init__(self, path: Path, *, title: str = "Parley alerts") -> None:
        """Take the file at ``path``.

        Raises:
            ConfigurationError: the place cannot be written.
        """
        check_writable(path, f"atom:{path}")
        self._path, self._title = path, title

    def write(self, bundles: Sequence[Bundle], notices: Sequence[Notice] = ()) -> None:
        """Replace the feed by these bundles and notices.

        Raises:
            OSError: the file could not be written; the old one still stands.
        """
        identity = uuid.uuid5(uuid.NAMESPACE_URL, self._path.absolute().as_uri()).urn
        feed = render_feed(bundles, notices, title=self._title, feed_id=identity)
        replace_file(self._path, feed)


def render_feed(
    bundles: Sequence[Bundle],
    notices: Sequence[Notice] = (),
    *,
    title: str,
    feed_id: str,
    items: Sequence[FeedItem] = (),
    self_url: str = "",
    page_url: str = "",
) -> bytes:
    """The feed as UTF-8 XML: one entry per bundle and revision, notice and item, newest first.

    A feed that stands in a web site links to itself and to the page that shows the same.
    """
    by_id = {entry_id(bundle): bundle for bundle in sorted(bundles, key=alerted_at)}
    entries = [_entry(item_id, bundle) for item_id, bundle in by_id.items()]
    entries += [_notice_entry(notice) for notice in notices]
    entries += [_item_entry(item) for item in items]
    entries.sort(key=lambda entry: (entry["updateddate"], entry["unique_id"]), reverse=True)
    updated = entries[0]["updateddate"] if entries else _datetime(_BEGINNING)
    feed = _Feed(
        title=clean_line(title),
        link=page_url or None,
        feed_url=self_url or None,
        description=None,
        feed_guid=feed_id,
        author_name="Parley",
        updated=updated,
    )
    for entry in entries:
        feed.add_item(**entry)
    out = io.BytesIO()
    feed.write(out, "utf-8")
    return out.getvalue()


class _Feed(Atom1Feed):
    """Django's Atom feed, also for a feed that stands in no web site.

    Leaves out the links that there are none of, tells when it was updated from its entries and not
    from the clock, and gives an entry an author element for each of its experts.
    """

    def add_root_elements(self, handler: Any) -> None:
        handler.addQuickElement("title", self.feed["title"])
        handler.addQuickElement("id", self.feed["id"])
        handler.addQuickElement("updated", self.feed["updated"].isoformat())
        handler.addQuickElement("generator", "Parley")
        for rel, url in (("alternate", self.feed["link"]), ("self", self.feed["feed_url"])):
            if url:
                handler.addQuickElement("link", "", {"rel": rel, "href": url})
        self._add_author(handler, self.feed["author_name"])

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            self._add_author(handler, name)

    @staticmethod
    def _add_author(handler: Any, name: str) -> None:
        handler.startElement("author", {})
        handler.addQuickElement("name", name)
        handler.endElement("author")


def _entry(item_id: str, bundle: Bundle) -> dict[str, Any]:
    first = bundle.alerts[0]
    tags = {clean_line(t) for a in bundle.alerts for s in a.statements for t in s.topics}
    return {
        "title": headlines.headline(bundle),
        "link": web_address(first.article.url) or item_id,
        "description": escape(headlines.summary(bundle)),
        "content": bundle_html(bundle),
        "pubdate": _datetime(published_at(bundle)),
        "updateddate": _datetime(alerted_at(bundle)),
        "unique_id": item_id,
        "authors": headlines.names(bundle),
        "categories": [clean_line(bundle.watch), *sorted(tags)],
    }


def _notice_entry(notice: Notice) -> dict[str, Any]:
    return {
        "title": clean_line(notice.title),
        "link": notice_id(notice),
        "description": None,
        "content": f"<p>{escape(clean_line(notice.text))}</p>",
        "pubdate": _datetime(notice.at),
        "updateddate": _datetime(notice.at),
        "unique_id": notice_id(notice),
        "authors": (),
        "categories": [clean_line(notice.watch)],
    }


def _item_entry(item: FeedItem) -> dict[str, Any]:
    return {
        "title": item.title,
        "link": item.url or item.id,
        "description": None,
        "content": item.html,
        "pubdate": _datetime(item.published_at),
        "updateddate": _datetime(item.updated_at),
        "unique_id": item.id,
        "authors": item.authors,
        "categories": item.tags,
    }


def notice_id(notice: Notice) -> str:
    """By which readers know the notice."""
    return f"urn:parley:notice:{notice.id}"


def entry_id(bundle: Bundle) -> str:
    """Changes with the revision: readers show an entry whose id they know no second time."""
    revision = max(alert.revision for alert in bundle.alerts)
    withdrawn = any(alert.is_withdrawal for alert in bundle.alerts)
    return f"urn:parley:bundle:{bundle.id}:{revision}{':withdrawn' if withdrawn else ''}"


def published_at(bundle: Bundle) -> Instant:
    """When the article was published; of what is said of it later, when that was: readers sort by
    it, and a withdrawal should not come below what they have read.
    """
    is_first = all(alert.type == "new" for alert in bundle.alerts)
    return bundle.alerts[0].article.published_at if is_first else alerted_at(bundle)


def alerted_at(bundle: Bundle) -> Instant:
    """When the bundle's last alert was raised."""
    return max(alert.alerted_at for alert in bundle.alerts)


def _datetime(at: Instant) -> datetime.datetime:
    return at.to_utc_datetime().replace(microsecond=0)
