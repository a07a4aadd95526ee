"""Articles: what a page says, as paragraphs with their kind, and what is known about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from schemas.article import Article, Paragraph, ParagraphKind
from schemas.base import Instant
from schemas.errors import ExtractionError
from schemas.feed import FeedEntry
from schemas.ids import hash_of
from schemas.outcome import Reason
from schemas.page import Page
from transforms.core.articles.main_text import main_paragraphs
from transforms.core.articles.metadata import PageMetadata, read_metadata
from transforms.core.articles.stand_ins import (
    FEW_WORDS,
    LOST_PATH,
    WALL_PATH,
    headings_of,
    is_script_shell,
    stand_in,
)
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

#: Paths of home pages.
_HOMES = ("", "/", "/index.html", "/index.htm", "/index.php", "/home", "/home/", "/en", "/en/")

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

#: Reasons for which the page holds no article, so that the feed's own text may take its place.
_FEED_MAY_HELP: frozenset[Reason] = frozenset(
    {"gated", "not_found", "needs_script", "too_short", "not_an_article"}
)
#: The feed's text also takes the place of one that is so much shorter, as of a teaser.
_TEASER_SHARE = 0.5

#: What desks put on a story that they have only begun.
_MORE_COMES = re.compile(
    r"\b(?:more (?:details )?(?:follows?|soon|to (?:follow|come))|updates? (?:follows?|to follow)"
    r"|(?:breaking|developing)(?: news)? story"
    r"|(?:story|article|page|report) (?:is (?:breaking|developing|being updated)|will be updated)"
    r"|check back (?:for|soon)|refresh (?:this page|for (?:the latest|updates)))\b",
    re.IGNORECASE,
)
_LIVE_TITLE = re.compile(
    r"^(?:live|as it happened|breaking|developing)\b\s*[:|–—-]|[:|–—-]\s*live(?: updates?)?$"
    r"|\blive (?:blog|updates|coverage|reporting)\b",
    re.IGNORECASE,
)
_EDGE_CHARS = 300
#: An article with fewer words may be the beginning of one.
_STUB_WORDS = 50


def likely_id(page: Page) -> str:
    """The id of the article on the page, unless the page names another address as canonical."""
    return hash_of(_canonical(page.url, page.entry.canonical_url))


def page_of_feed(entry: FeedEntry, at: Instant) -> Page | None:
    """The article that a feed holds itself, as a page; None where it holds a summary only."""
    if not entry.content:
        return None
    body = entry.content
    if "<p" not in body and "<br" not in body and "<div" not in body:
        body = "".join(f"<p>{part}</p>" for part in body.split("\n") if part.strip())
    markup = f"<!doctype html><html><body><article>{body}</article></body></html>"
    # Without the validators of the real page: this one is not what a server knows.
    return Page(entry, entry.url, "text/html; charset=utf-8", markup.encode("utf8", "replace"), at)


def extract_article(page: Page) -> Article:
    """The article on a page or, where the page gives none or a part, in its feed.

    The feed entry's time, author and publisher win over the page's: the page may be an
    update, a template or a copy. Text that was given ("text/plain") is kept as it is and
    never dropped as short.

    Raises:
        ExtractionError: "empty_body", "bad_encoding", "not_an_article", "too_large",
            "too_short", "not_found", "needs_script" or "gated".
    """
    instead = page_of_feed(page.entry, page.fetched_at)
    try:
        article = _page_article(page)
    except ExtractionError as error:
        if instead is None or error.reason not in _FEED_MAY_HELP:
            raise
        try:
            return replace(_page_article(instead), is_provisional=True)
        except ExtractionError:
            raise error from None
    if instead is None or not _is_teaser(article.text, page.entry.content):
        return article
    try:
        whole = _page_article(instead)
    except ExtractionError:
        return article
    return whole if _is_teaser(article.text, whole.text) else article


def _is_teaser(text: str, whole: str) -> bool:
    """Whether a short text has less than half the length of another."""
    is_short = len(_WORD.findall(text)) < FEW_WORDS
    return is_short and len(text) < _TEASER_SHARE * len(whole)


def _page_article(page: Page) -> Article:
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
    is_shell = is_script_shell(tree)
    headings = headings_of(tree, metadata.title)
    mend_tree(tree)
    if count_pieces(tree) > MAX_PIECES:
        raise ExtractionError("too_large", page.url, f"more than {MAX_PIECES} pieces of text")
    paragraphs = main_paragraphs(tree)
    _refuse_what_is_none(page.url, metadata, paragraphs, headings, is_shell=is_shell)
    text, places = _joined(paragraphs)
    if not places:
        raise ExtractionError(
            "too_large", page.url, f"a paragraph of over {_MAX_TEXT_CHARS} characters"
        )
    article = _article(page.entry, page.fetched_at, metadata, text, places)
    return replace(
        article,
        is_provisional=_is_provisional(headings, text),
        etag=page.etag,
        last_modified=page.last_modified,
    )


def _is_provisional(headings: Sequence[str], text: str) -> bool:
    """Whether more of an article is to be expected: a stub, a live page."""
    return (
        len(_WORD.findall(text)) < _STUB_WORDS
        or any(map(_LIVE_TITLE.search, headings))
        or bool(_MORE_COMES.search(text[:_EDGE_CHARS]) or _MORE_COMES.search(text[-_EDGE_CHARS:]))
    )


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
        ExtractionError: "gated" or "not_found".
    """
    asked, answered = urlsplit(page.entry.url), urlsplit(page.url)
    if asked.path == answered.path:
        return
    if WALL_PATH.search(answered.path):
        raise ExtractionError("gated", page.url, "the address leads to a consent or login page")
    if not page.entry.feed_url:
        return
    is_home = answered.path.lower() in _HOMES and not answered.query
    if is_home and asked.path.lower() not in _HOMES:
        raise ExtractionError("not_found", page.url, "the address leads to the home page")
    if LOST_PATH.search(answered.path):
        raise ExtractionError("not_found", page.url, "the address leads to an error page")


def _refuse_what_is_none(
    url: str,
    metadata: PageMetadata,
    paragraphs: Sequence[tuple[ParagraphKind, str]],
    headings: Sequence[str],
    *,
    is_shell: bool,
) -> None:
    """Raise for a page that holds no article, or only what stands before one."""
    words = sum(len(_WORD.findall(text)) for _, text in paragraphs)
    if metadata.is_free is False and words < FEW_WORDS:
        raise ExtractionError("gated", url, f"for subscribers, with {words} words to read")
    found = stand_in(headings, [text for _, text in paragraphs])
    if found is not None:
        raise ExtractionError(found[0], url, found[1])
    if words < MIN_WORDS and is_shell:
        raise ExtractionError("needs_script", url, f"{words} words without running its scripts")
    if not paragraphs:
        raise ExtractionError("not_an_article", url, "no main text on the page")
    if words < MIN_WORDS:
        raise ExtractionError("too_short", url, f"{words} words, fewer than {MIN_WORDS}")


def _canonical(url: str, fallback: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return fallback
