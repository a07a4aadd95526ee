"""Pieces that experts wrote: tests/golden/authored.yaml."""

import dataclasses
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import Article
from support.said import WATCH, annotation
from transforms.core.articles.extraction import text_article
from transforms.core.people.authors import author_of
from transforms.core.quotes.authored import find_authored
from transforms.core.relevance.matching import match

GOLDEN = yaml.safe_load((Path(__file__).parents[3] / "golden" / "authored.yaml").read_text("utf8"))
PIECES = [case for case in GOLDEN["cases"] if "expert" in case]


def article_of(case: dict[str, str]) -> Article:
    parts = [case.get("before"), GOLDEN["body"], case.get("after")]
    text = "\n\n".join(filter(None, parts))
    if case.get("is_one_line"):
        text = " ".join(text.split())
    about = {key: case[key] for key in ("title", "author", "publisher", "url") if key in case}
    return text_article(text, **about)  # type: ignore[arg-type]


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_author(case: dict[str, str]) -> None:
    found = author_of(article_of(case))
    assert (found.name if found else None) == case.get("expert")
    if found is not None:
        assert found.how == case["how"]
        assert found.role == case.get("role", found.role)


@pytest.mark.parametrize("case", PIECES, ids=lambda case: case["name"])
def test_a_piece_on_the_talks_is_one_alertworthy_commentary(case: dict[str, str]) -> None:
    piece = article_of(case)
    authored = find_authored(piece)
    assert authored is not None
    (commentary,) = match(annotation(piece, authored), [WATCH]).commentaries
    (occurrence,) = commentary.occurrences
    (found,) = occurrence.matches
    assert (found.category, found.is_alertworthy, found.is_held) == ("expert", True, False)
    assert occurrence.attribution.quotation.form == "authored"
    assert "Peace talks between Arden and Brevia" in " ".join(occurrence.text.split())
    if "title" in case:
        assert occurrence.text.startswith(f"{case['title']} … ")


def test_title_and_lead_are_where_the_text_has_them() -> None:
    text = "The talks need a date\n\nBy Ida Berg\n\n" + GOLDEN["body"]
    piece = text_article(text + "\n\nIda Berg is a senior fellow at the Hudson Institute.")
    authored = find_authored(piece)
    assert authored is not None
    title, lead = (piece.text[s.start : s.end] for s in authored.quotation.spans)
    assert title == "The talks need a date"
    assert lead.startswith("Peace talks between")
    assert lead.endswith(".")


def test_a_piece_on_something_else_is_no_commentary() -> None:
    text = "The lake has been low since May. Its shores smell of weed, and nobody swims. " * 6
    piece = text_article(text + "\n\nIda Berg is a professor of biology at the University of Tarn.")
    authored = find_authored(piece)
    assert authored is not None
    assert not match(annotation(piece, authored), [WATCH]).commentaries


def test_a_piece_without_a_lead_gives_nothing() -> None:
    lines = "\n".join(["A line of the list"] * 40)
    assert find_authored(text_article(f"{lines}\nIda Berg is a fellow at Chatham House.")) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["Ida Berg", " is ", "a fellow", "\n", ". ", "By ", "He ", "?"])))
def test_any_text_is_read(parts: list[str]) -> None:
    piece = text_article("".join(parts) * 9, title="".join(parts[:3]))
    authored = find_authored(dataclasses.replace(piece, author="".join(parts[:2])))
    for span in authored.quotation.spans if authored else ():
        assert piece.text[span.start : span.end].strip()
