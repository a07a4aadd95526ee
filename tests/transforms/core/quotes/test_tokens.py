"""Small questions to the tokens of a parse."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc

from transforms.core.quotes.rules.tokens import (
    child_by,
    children_by,
    has_clause,
    has_only_tags,
    has_sign,
    has_tag,
    has_word,
    last_comma,
    next_comma,
    preposition_of,
)

WORDS = ["Ana", ",", "of", "Orlo", ",", "left", "."]


@pytest.fixture(scope="module")
def doc() -> Doc:
    return Doc(
        spacy.blank("en").vocab,
        WORDS,
        tags=["NNP", ",", "IN", "NNP", ",", "VBD", "."],
        heads=[5, 0, 0, 2, 0, 5, 5],
        deps=["nsubj", "punct", "prep", "pobj", "punct", "ROOT", "punct"],
    )


def test_children_are_found_by_relation(doc):
    assert [t.text for t in children_by(doc[5], "nsubj", "punct")] == ["Ana", "."]
    assert child_by(doc[2], "pobj") == doc[3]
    assert child_by(doc[3], "pobj") is None
    assert preposition_of(doc[0], "of", "at") == doc[2]
    assert preposition_of(doc[0], "at") is None


def test_ranges_are_asked_for_tags_and_words(doc):
    assert has_tag(doc, "VBD")
    assert has_clause(doc)
    assert not has_clause(doc[:5])
    assert has_only_tags(doc[:1], ("NNP",))
    assert not has_only_tags(doc[:2], ("NNP",))
    assert has_word(doc, ("orlo",))
    assert has_sign(doc, "Orlo")
    assert not has_sign(doc, "orlo")


def test_commas_are_found_from_either_end(doc):
    assert (next_comma(doc, 0, 7), next_comma(doc, 2, 7), next_comma(doc, 5, 7)) == (1, 4, 7)
    assert (last_comma(doc, 0, 7), last_comma(doc, 0, 4), last_comma(doc, 5, 7)) == (4, 1, 4)
