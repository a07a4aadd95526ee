"""Statements, held ones and sources as entries of feeds."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from connectors.archive.browsing import Places
from connectors.archive.feeds import FeedHealth
from connectors.archive.held import HeldStatement
from connectors.formats.feed_item import FeedItem
from connectors.formats.humanize import counted, moment
from connectors.formats.phrasing import described, words
from connectors.formats.sanitizing import clean_line, shorten, web_address
from schemas.annotation import Speaker
from schemas.base import Instant
from schemas.dossier import Occurrence
from schemas.ids import hash_of

_TITLE_CHARACTERS = 120


def statement_item(places: Places, base: str) -> FeedItem:
    """A statement where it was published first; its page is the link."""
    first = places[0]
    where = f"{clean_line(first.publisher)}, {moment(first.published_at)}"
    others = counted(len(places) - 1, "other place") if len(places) > 1 else ""
    return FeedItem(
        id=f"urn:parley:statement:{first.statement_id}",
        title=_title(first.speaker, first.occurrence),
        url=f"{base}/statement/{quote(first.statement_id, safe='')}",
        html=_html(first.speaker, first.occurrence, where, others and f"also in {others}"),
        published_at=first.published_at,
        updated_at=first.published_at,
        authors=[clean_line(first.speaker.name)],
    )


def held_item(item: HeldStatement, missing: Sequence[str], base: str) -> FeedItem:
    """A held statement, with what was missing."""
    where = f"{clean_line(item.publisher)}, {moment(item.published_at)}"
    return FeedItem(
        id=f"urn:parley:held:{item.id}",
        title=_title(item.speaker, item.occurrence),
        url=f"{base}/statement/{quote(item.statement_id, safe='')}",
        html=_html(item.speaker, item.occurrence, where, *map(clean_line, missing)),
        published_at=item.published_at,
        updated_at=item.fetched_at,
        authors=[clean_line(item.speaker.name)],
        tags=[clean_line(item.watch)],
    )


def source_item(feed: FeedHealth, findings: Sequence[str]) -> FeedItem:
    """A feed with what an operator should know of it; a new entry for each new finding."""
    shown = [clean_line(finding) for finding in findings]
    name = clean_line(feed.publisher or feed.title or feed.state.url)
    since = feed.state.succeeded_at or feed.state.new_at or Instant(0)
    return FeedItem(
        id=f"urn:parley:source:{hash_of(feed.state.url, feed.reason)}",
        title=f"{name}: {shorten(shown[0], _TITLE_CHARACTERS)}",
        url=web_address(feed.state.url),
        html="".join(f"<p>{escape(finding)}</p>" for finding in shown),
        published_at=since,
        updated_at=since,
    )


def _title(speaker: Speaker, occurrence: Occurrence) -> str:
    quotation = occurrence.attribution.quotation
    said = words(occurrence.text, quotation.kind, quotation.form, _TITLE_CHARACTERS)
    return f"{clean_line(speaker.name)}: {said}"


def _html(speaker: Speaker, occurrence: Occurrence, *lines: str) -> str:
    quotation = occurrence.attribution.quotation
    said = escape(words(occurrence.text, quotation.kind, quotation.form))
    who = escape(described(speaker.name, speaker.role, speaker.affiliation))
    told = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return f"<h3>{who}</h3><blockquote><p>{said}</p></blockquote>{told}"
