"""Where quotation marks open and close."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import Paragraph
from transforms.core.quotes.marks import (
    MAX_MARKS_PER_PARAGRAPH,
    Quoted,
    QuotedParts,
    find_direct,
)


def quotes_in(*paragraphs: str) -> list[Quoted]:
    places, at = [], 0
    for paragraph in paragraphs:
        places.append(Paragraph(at, at + len(paragraph)))
        at += len(paragraph) + 2
    return list(find_direct("\n\n".join(paragraphs), places))


def words_in(*paragraphs: str) -> list[str]:
    text = "\n\n".join(paragraphs)
    return [text[q.start : q.end] for q in quotes_in(*paragraphs)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She said: “No deal.”", ["No deal."]),
        ('She said: "No deal."', ["No deal."]),
        ("She said: «No deal.»", ["No deal."]),
        ("She said: „No deal.“", ["No deal."]),
        ("She said: ``No deal.''", ["No deal."]),
        ("She said: ''No deal.''", ["No deal."]),
        ("She said: ”No deal.”", ["No deal."]),
        ("“One,” he said. “Two.”", ["One,", "Two."]),
        ('"One," he said. "Two."', ["One,", "Two."]),
        ('"They call it a "pause" now," he said.', ['They call it a "pause" now,']),
        ("“They call it a “pause” now,” he said.", ["They call it a “pause” now,"]),
        ("He is 6'2\" tall and 5'11\" wide.", []),
        ('A 24" screen and "a word" for it.', ["a word"]),
        ("‘The talks are over,’ she said.", ["The talks are over,"]),
        ("The delegates’ hotel isn’t far from the ‘old’ port.", []),
        ("“”", []),
        ("“ ”", []),
        ("no marks at all", []),
    ],
)
def test_marks(text: str, words: list[str]) -> None:
    assert words_in(text) == words


def test_a_quotation_without_closing_mark_runs_to_the_end_of_its_paragraph() -> None:
    first, second = quotes_in("He said: “The first part.", "“The second part.”")
    assert not first.is_closed
    assert second.is_closed
    assert words_in("He said: “The first part.", "“The second part.”") == [
        "The first part.",
        "The second part.",
    ]


def test_a_closing_mark_alone_closes_from_the_start_of_its_paragraph() -> None:
    (quoted,) = quotes_in("and so it ended,” she said.")
    assert not quoted.is_opened
    assert (quoted.start, quoted.end) == (0, len("and so it ended,"))


def test_a_lost_closing_mark_does_not_turn_the_rest_inside_out() -> None:
    assert words_in('"One thing, he said. "Another thing," he said.') == ["Another thing,"]


def test_marks_beyond_the_limit_are_left() -> None:
    assert len(quotes_in("“a” " * MAX_MARKS_PER_PARAGRAPH)) == MAX_MARKS_PER_PARAGRAPH // 2


@given(st.lists(st.text(alphabet="ab .,\"“”‘’'«»`\n(", max_size=60), max_size=4))
def test_quotations_lie_in_their_paragraphs_in_order_and_apart(paragraphs: list[str]) -> None:
    text, end = "\n\n".join(paragraphs), 0
    for quoted in quotes_in(*paragraphs):
        assert end <= quoted.outer_start <= quoted.start < quoted.end <= quoted.outer_end
        assert quoted.outer_end <= len(text)
        assert text[quoted.start : quoted.end].strip()
        end = quoted.outer_end


@given(
    st.lists(st.integers(0, 40), unique=True, max_size=12).map(sorted),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_quoted_parts_agree_with_a_search_character_by_character(
    cuts: list[int], start: int, end: int
) -> None:
    quotes = [Quoted(a, b, a, b, 0) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    inside = {i for q in quotes for i in range(q.start, q.end)}
    parts = QuotedParts(quotes)
    assert {i for i in range(41) if parts.covers(i)} == inside
    covered = {i for a, b in parts.overlap(start, end) for i in range(a, b)}
    assert covered == inside & set(range(start, end))
