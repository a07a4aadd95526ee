"""Articles: what a page says, as paragraphs with their kind, and what is known about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from schemas.article import Article, Paragraph, ParagraphKind
from schemas.base import Instant
from schemas.errors import ExtractionError
from schemas.feed import FeedEntry
from schemas.ids import hash_of
from schemas.page import Page
from transforms.core.articles.main_text import main_paragraphs
from transforms.core.articles.metadata import PageMetadata, read_metadata
from transforms.core.text.encodings import decode_page
from transforms.core.text.html_tree import (
    MAX_ELEMENTS,
    MAX_NESTING,
    MAX_PIECES,
    count_pieces,
    mend_tree,
    nesting_of,
    read_tree,
)
from transforms.core.text.language_id import language_of
from transforms.core.text.plain_text import one_line
from transforms.core.text.urls import canonical_url

#: Fewer words than this are a caption, a notice or a teaser. Extractors' own floors are near
#: (trafilatura: 250 characters on average before it tries harder).
MIN_WORDS = 40

#: A page that declares itself behind a wall is believed below so many words.
_GATED_WORDS = 250

#: Stated times may be so much ahead of our clock; further ones are taken for wrong.
_CLOCK_SKEW_SECONDS = 300

_MAX_TITLE_CHARS = 500
_MAX_TEXT_CHARS = 1_000_000
_WORD = re.compile(r"\w+")

#: Servers send pages under many names; only what surely is something else is refused.
_MARKUP_MEDIA = re.compile(r"html|xml|^text/|octet-stream|unknown")

#: Characters that no page is written in; broken ones now and then are tolerated.
_UNREADABLE = re.compile(r"[\x01-\x08\x0e-\x1f\x80-\x9f\ufffd]")
_UNREADABLE_SHARE = 0.05
_SAMPLE_CHARS = 20_000

_WALL_TITLE = re.compile(
    r"^(?:just a moment|attention required|access (?:to this page has been )?denied|"
    r"are you a (?:robot|human)|(?:please )?verify (?:that )?you are (?:a )?human|"
    r"robot or human|security check|checking your browser|human verification|"
    r"pardon our interruption|before you continue|subscribe to (?:read|continue)|"
    r"bot verification|ddos-guard)\b",
    re.IGNORECASE,
)

#: Where sites send readers who have to agree, log in or pay first.
_WALL_PATH = re.compile(
    r"(?:collect-?consent|consent|cookie-?(?:wall|consent|policy)|privacy-?(?:wall|gate|center)|gdpr"
    r"|log-?in|sign-?in|sign-?up|subscribe|paywall|registration|captcha|challenge|are-you-a-robot)"
    r"(?:[/._-]|$)",
    re.IGNORECASE,
)

#: Walls are short, and have their title at the top.
_TITLE_BYTES = 16 * 1024
_TITLE = re.compile(rb"<title\b[^>]{0,200}>([^<]{1,200})", re.IGNORECASE)


def may_be_wall(body: bytes) -> bool:
    """Whether a page's title is that of a check for robots, whatever else it holds.

    >>> may_be_wall(b"<!doctype html><title> Just a moment...</title>")
    True
    """
    title = _TITLE.search(body[:_TITLE_BYTES])
    return bool(title and _WALL_TITLE.match(title[1].decode("latin-1").strip()))


def likely_id(page: Page) -> str:
    """The id of the article on the page, unless the page names another address as canonical."""
    return hash_of(_canonical(page.url, page.entry.canonical_url))


def extract_article(page: Page) -> Article:
    """The article on a page.

    The feed entry's time, author and publisher win over the page's: the page may be an
    update, a template or a copy. Text that was given ("text/plain") is kept as it is and
    never dropped as short.

    Raises:
        ExtractionError: "empty_body", "bad_encoding", "not_an_article", "too_large",
            "too_short" or "gated".
    """
    if not page.body.strip():
        raise ExtractionError("empty_body", page.url, "the server sent nothing")
    markup = decode_page(page.body, page.content_type)
    if page.content_type.partition(";")[0].strip().lower() == "text/plain":
        return _given_article(page, markup)
    _refuse_other_media(page, markup)
    refuse_other_address(page)
    tree = read_tree(markup)
    if tree is None:
        raise ExtractionError("not_an_article", page.url, "the page holds no markup")
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        raise ExtractionError("too_large", page.url, f"more than {MAX_ELEMENTS} elements")
    if nesting_of(tree) > MAX_NESTING:
        raise ExtractionError("too_large", page.url, "its elements are nested too deeply")
    metadata = read_metadata(tree, _canonical(page.url, page.entry.canonical_url))
    mend_tree(tree)
    if count_pieces(tree) > MAX_PIECES:
        raise ExtractionError("too_large", page.url, f"more than {MAX_PIECES} pieces of text")
    paragraphs = main_paragraphs(tree)
    _refuse_what_is_none(page.url, metadata, paragraphs)
    text, places = _joined(paragraphs)
    if not places:
        raise ExtractionError(
            "too_large", page.url, f"a paragraph of over {_MAX_TEXT_CHARS} characters"
        )
    return _article(page.entry, page.fetched_at, metadata, text, places)


def text_article(
    text: str,
    *,
    url: str = "",
    title: str = "",
    author: str = "",
    publisher: str = "",
    seen_at: Instant | None = None,
) -> Article:
    r"""The article that a bare text is: its lines are its paragraphs, its offsets stay.

    A line that only says who spoke the line above, “…,” / said Jane Doe, belongs to it.

    Without an address it is named after its words; without a time it stands at the epoch.

    >>> article = text_article("Talks failed.\n\n“No deal,” she said.")
    >>> [article.text[p.start:p.end] for p in article.paragraphs]
    ['Talks failed.', '“No deal,” she said.']
    """
    moment = Instant(0) if seen_at is None else seen_at
    name = url or "urn:parley:" + hash_of(title, text)
    entry = FeedEntry(
        id=hash_of("", name),
        feed_url="",
        url=name,
        canonical_url=canonical_url(name),
        title=title,
        publisher=publisher,
        seen_at=moment,
        author=author or None,
    )
    metadata = PageMetadata(url=entry.canonical_url)
    return _article(entry, moment, metadata, text, _lines_as_paragraphs(text))


def _given_article(page: Page, text: str) -> Article:
    metadata = PageMetadata(url=_canonical(page.entry.canonical_url, page.entry.url))
    return _article(page.entry, page.fetched_at, metadata, text, _lines_as_paragraphs(text))


def _lines_as_paragraphs(text: str) -> list[Paragraph]:
    """One paragraph per line that holds more than blanks, without the blanks around it.

    A line goes on in the next where that says who spoke: “…,” / said Jane Doe.
    """
    found: list[Paragraph] = []
    for match in re.finditer(r"\S(?:[^\n\r]*\S)?", text):
        start, end = match.span()
        before = text[max(0, found[-1].end - 2) : found[-1].end] if found else ""
        is_after_mark = before[-1:] in ("”", '"', "»")
        if found and is_after_mark and (before[0] == "," or text[start].islower()):
            start = found.pop().start
        found.append(Paragraph(start, end))
    return found


def _joined(paragraphs: Sequence[tuple[ParagraphKind, str]]) -> tuple[str, list[Paragraph]]:
    """The paragraphs joined by one blank line, and where each stands."""
    places: list[Paragraph] = []
    pieces: list[str] = []
    start = 0
    for kind, words in paragraphs:
        if start + len(words) > _MAX_TEXT_CHARS:
            break
        places.append(Paragraph(start, start + len(words), kind))
        pieces.append(words)
        start += len(words) + 2
    return "\n\n".join(pieces), places


def _article(
    entry: FeedEntry,
    fetched_at: Instant,
    metadata: PageMetadata,
    text: str,
    places: Sequence[Paragraph],
) -> Article:
    stated = entry.stated_published_at or metadata.published_at
    author = metadata.author if entry.feed_url else ""
    return Article(
        id=hash_of(metadata.url),
        url=metadata.url,
        title=one_line(entry.title or metadata.title or _opening(text, places), _MAX_TITLE_CHARS),
        text=text,
        paragraphs=places,
        text_hash=_words_hash(text),
        published_at=_clamped(stated, entry.seen_at),
        seen_at=entry.seen_at,
        fetched_at=fetched_at,
        entry_id=entry.id,
        feed_url=entry.feed_url,
        publisher=entry.publisher or metadata.publisher,
        author=author or entry.author or metadata.author or None,
        language=language_of(text),
        stated_published_at=stated,
    )


def _clamped(stated: Instant | None, seen_at: Instant) -> Instant:
    """When it was published, as far as that can be: a future or missing time is when we saw it."""
    if stated is None or stated > seen_at + _CLOCK_SKEW_SECONDS:
        return seen_at
    return stated


def _words_hash(text: str) -> str:
    """The same for texts that differ in case, punctuation and spacing only."""
    return hash_of(*_WORD.findall(text.casefold()))


def _opening(text: str, places: Sequence[Paragraph]) -> str:
    return one_line(text[places[0].start : places[0].end], 120) if places else ""


def _refuse_other_media(page: Page, markup: str) -> None:
    """Raise for what is no page at all: a PDF, an image, or bytes in no known charset."""
    media = page.content_type.partition(";")[0].strip().lower()
    if media and not _MARKUP_MEDIA.search(media):
        raise ExtractionError("not_an_article", page.url, f"its type is {media[:60]!a}")
    sample = markup[:_SAMPLE_CHARS].replace("\0", "")
    if len(_UNREADABLE.findall(sample)) > _UNREADABLE_SHARE * len(sample):
        raise ExtractionError("bad_encoding", page.url, "its characters cannot be told")


def refuse_other_address(page: Page) -> None:
    """Raises where the entry's address led to a wall's page, or to the home page.

    Raises:
        ExtractionError: "gated" or "not_an_article".
    """
    asked, answered = urlsplit(page.entry.url), urlsplit(page.url)
    if asked.path == answered.path:
        return
    if _WALL_PATH.search(answered.path):
        raise ExtractionError("gated", page.url, "the address leads to a consent or login page")
    is_home = answered.path in ("", "/") and not answered.query
    if is_home and asked.path.strip("/") and page.entry.feed_url:
        raise ExtractionError("not_an_article", page.url, "the address leads to the home page")


def _refuse_what_is_none(
    url: str, metadata: PageMetadata, paragraphs: Sequence[tuple[ParagraphKind, str]]
) -> None:
    """Raise for a page that holds no article, or only what stands before one.

    Phrases are trusted in titles of bot walls only: in texts they refused good articles
    (feedzero took them out again for that).
    """
    words = sum(len(_WORD.findall(text)) for _, text in paragraphs)
    if metadata.is_free is False and words < _GATED_WORDS:
        raise ExtractionError("gated", url, f"for subscribers, with {words} words to read")
    if words < _GATED_WORDS and _WALL_TITLE.match(metadata.title):
        raise ExtractionError("gated", url, f"a wall titled {metadata.title[:60]!a}")
    if not paragraphs:
        raise ExtractionError("not_an_article", url, "no main text on the page")
    if words < MIN_WORDS:
        raise ExtractionError("too_short", url, f"{words} words, fewer than {MIN_WORDS}")


def _canonical(url: str, fallback: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return fallback
