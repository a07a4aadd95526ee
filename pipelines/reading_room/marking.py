"""An article's text cut into pieces, each with the statements whose words it is part of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from connectors.formats.sanitizing import clean_in_place
from schemas.article import Article, Paragraph, ParagraphKind
from schemas.base import Span


class Piece(NamedTuple):
    """A run of text with the numbers, from 0, of the statements that it belongs to."""

    text: str
    statements: tuple[int, ...]
    opens: tuple[int, ...]  #: those of which it is the first piece


class MarkedParagraph(NamedTuple):
    """A paragraph in pieces, in text order."""

    kind: ParagraphKind
    pieces: Sequence[Piece]


def marked(article: Article, said: Sequence[Sequence[Span]]) -> list[MarkedParagraph]:
    """The paragraphs of an article with the words of each statement marked.

    Args:
        article: whose text it is.
        said: for each statement the places of its words; what lies outside the text is passed
            over, and statements may lie in one another.
    """
    text = clean_in_place(article.text)
    whole = [Paragraph(0, len(text))] if text else []
    edges = sorted(
        (at, is_start, number)
        for number, spans in enumerate(said)
        for span in spans
        for at, is_start in ((span.start, True), (span.end, False))
    )
    found, place, inside, met = [], 0, list[int](), set[int]()
    for paragraph in article.paragraphs or whole:
        pieces, at = [], paragraph.start
        while at < paragraph.end:
            while place < len(edges) and edges[place][0] <= at:
                _, is_start, number = edges[place]
                inside.append(number) if is_start else inside.remove(number)
                place += 1
            end = min(paragraph.end, edges[place][0] if place < len(edges) else paragraph.end)
            numbers = tuple(sorted({*inside}))
            opens = tuple(number for number in numbers if number not in met)
            met.update(opens)
            pieces.append(Piece(text[at:end], numbers, opens))
            at = end
        found.append(MarkedParagraph(paragraph.kind, pieces))
    return found
