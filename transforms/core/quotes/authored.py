"""A piece that an expert wrote, as something said: title and lead, in the author's name."""

from __future__ import annotations

import re

from schemas.annotation import Attribution, Quotation, Speaker
from schemas.article import Article, Paragraph
from schemas.base import Span
from transforms.core.people.authors import author_of
from transforms.core.people.categories import categorise

#: A lead is told in so many characters, up to the end of a sentence.
_MAX_LEAD_CHARS = 350
#: A line of fewer words is a title, a date, a caption.
_MIN_LEAD_WORDS = 12
#: A line of fewer names the section: "Opinion", "Guest essay".
_MIN_TITLE_WORDS = 3
_MAX_TITLE_CHARS = 200
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])[.!?…][”\"’')\]]*(?=\s|$)")


def find_authored(article: Article) -> Attribution | None:
    """Title, where it stands in the text, and lead, said by the expert who wrote the piece."""
    author = author_of(article)
    lead = _lead(article) if author is not None else None
    if author is None or lead is None:
        return None
    category, evidence = categorise(author.name, author.role, author.affiliation, named=True)
    if author.how == "publisher":
        category, evidence = "expert", f"published by {author.affiliation or author.name}"
    speaker = Speaker(
        name=author.name,
        as_written="",
        named=True,
        role=author.role,
        affiliation=author.affiliation,
        category=category,
        evidence=evidence,
    )
    title = _title(article, lead)
    return Attribution(
        Quotation([*title, lead], "direct", "authored"),
        speaker,
        rule=f"authored/{author.how}",
        confidence=author.confidence,
    )


def _lead(article: Article) -> Span | None:
    """The first sentences of the first paragraph that is more than a line."""
    for paragraph in article.paragraphs:
        words = article.text[paragraph.start : paragraph.end]
        is_line = len(words.split()) < _MIN_LEAD_WORDS or words[-1] not in '.!?…”"’)'
        if paragraph.kind == "p" and not is_line and not words.lower().startswith("by "):
            return Span(paragraph.start, paragraph.start + _first_sentences(words))
    return None


def _first_sentences(words: str) -> int:
    """Where the last sentence ends that a lead has room for, or the first one."""
    ends = [match.end() for match in _SENTENCE_END.finditer(words)]
    return ([end for end in ends if end <= _MAX_LEAD_CHARS] or ends[:1] or [len(words)])[-1]


def _has_title_length(article: Article, paragraph: Paragraph) -> bool:
    """Whether it is more than a section's name."""
    return len(article.text[paragraph.start : paragraph.end].split()) >= _MIN_TITLE_WORDS


def _title(article: Article, lead: Span) -> list[Span]:
    """The title where the text gives it above the lead: as its own, or as its first line."""
    lines = (p for p in article.paragraphs if _has_title_length(article, p))
    first = next(lines, None)
    if first is None or first.end > lead.start or first.end - first.start > _MAX_TITLE_CHARS:
        return []
    words = article.text[first.start : first.end]
    is_own = " ".join(words.split()) == article.title
    is_line = first.kind == "heading" or words[-1] not in ".!"
    is_title = (is_own or is_line) and not words.lower().startswith("by ")
    return [Span(first.start, first.end)] if is_title else []
