"""Clean text and what is known about it."""

from collections.abc import Sequence
from typing import Literal, Optional

from schemas.base import Instant, row

ParagraphKind = Literal["p", "blockquote", "heading", "item"]


@row
class Paragraph:
    """A paragraph's place in ``Article.text``, and what it is."""

    start: int
    end: int
    kind: ParagraphKind = "p"


@row
class Article:
    """A page's main text with its metadata.

    ``text`` is the paragraphs joined by one blank line; text that was given is kept as it
    is, its lines being its paragraphs; a quotation and the line that says whose it is are one.
    """

    id: str  #: hash of ``url``
    url: str  #: canonical
    title: str
    text: str
    paragraphs: Sequence[Paragraph]
    text_hash: str  #: of the text's words, so that exact copies are found
    published_at: Instant  #: never missing, never in the future: clamped to ``seen_at``
    seen_at: Instant  #: when the entry was first seen
    fetched_at: Instant
    entry_id: str = ""
    feed_url: str = ""
    publisher: str = ""
    author: Optional[str] = None
    language: str = ""  #: ISO 639-1; "" when unknown
    stated_published_at: Optional[Instant] = None  #: as page or feed say it
    is_provisional: Optional[bool] = (
        None  #: a stub, a live page, or the feed's text: worth another reading
    )
    etag: Optional[str] = None  #: of the page, for the next reading
    last_modified: Optional[str] = None  #: of the page, for the next reading
