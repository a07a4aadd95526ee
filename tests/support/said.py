"""Builds articles in which people say things, for tests of what is made of it."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.annotation import (
    Annotation,
    Attribution,
    Cue,
    Quotation,
    QuotationKind,
    Speaker,
)
from schemas.article import Article, Paragraph
from schemas.base import Instant, Span
from schemas.ids import hash_of
from schemas.watch import Actor, Topic, Watch
from transforms.core.people.categories import categorise
from transforms.core.text.tags import Lexicon

DAY = 86400
HORIZON = 90 * DAY
NOON = Instant(1_700_000_000)

#: Two invented states, their mediator, and what they talk about.
WATCH = Watch(
    id="lake-talks",
    title="The lake talks",
    feeds=(),
    actors=[
        Actor("arden", "Arden", "party", "arden", ["Ardenese"]),
        Actor("brevia", "Brevia", "party", "brevia", ["Brevian"]),
        Actor("moro", "Lena Moro", "party", "arden", ["Moro"]),
        Actor("pope", "Pope Leo", "official"),
    ],
    topics=[
        Topic("talks", "Talks", ["peace talk", "negotiation"], is_negotiation=True),
        Topic("ceasefire", "Ceasefire", ["ceasefire", "truce"], is_negotiation=True),
        Topic("lake", "The lake", ["Lake Solm"]),
    ],
    max_age_seconds=7 * DAY,
)


def article(
    *paragraphs: str, url: str = "https://wire.example/a", title: str = "", at: float = 0
) -> Article:
    """An article published ``at`` seconds after NOON and seen at once."""
    text = "\n\n".join(paragraphs)
    places, start = [], 0
    for paragraph in paragraphs:
        places.append(Paragraph(start, start + len(paragraph)))
        start += len(paragraph) + 2
    when = NOON + at
    return Article(
        id=hash_of(url),
        url=url,
        title=title,
        text=text,
        paragraphs=places,
        text_hash=hash_of(text),
        published_at=when,
        seen_at=when,
        fetched_at=when,
        publisher="The Wire",
        language="en",
    )


def said(
    where: Article,
    words: str | Sequence[str],
    name: str,
    role: str = "",
    *,
    kind: QuotationKind = "direct",
    named: bool = True,
    confidence: float = 0.95,
    as_written: str | None = None,
) -> Attribution:
    """The attribution of ``words``, which stand in the article, to somebody."""
    fragments = [words] if isinstance(words, str) else words
    own = where.text.find(f"“{fragments[0]},” said {name}.")  # others may say the same
    starts = [where.text.index(fragment, max(0, own)) for fragment in fragments]
    spans = [Span(at, at + len(fragment)) for at, fragment in zip(starts, fragments, strict=True)]
    category, evidence = categorise(name, role, "", named=named)
    speaker = Speaker(
        name=name,
        as_written=name if as_written is None else as_written,
        named=named,
        role=role,
        category=category,
        evidence=evidence,
    )
    cue = Cue(Span(spans[0].end, spans[0].end + 1), "said")
    return Attribution(Quotation(spans, kind), speaker, "test", confidence, cue)


def annotation(
    where: Article, *attributions: Attribution, watches: Sequence[Watch] = (WATCH,)
) -> Annotation:
    """The article with its tags and attributions."""
    return Annotation(where, Lexicon(watches).find(where.text), attributions)
