"""Golden cases: each file is a family, each case a text and all that is said in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.models.spacy_model import load_language_model
from schemas.annotation import Attribution
from schemas.article import Article, Paragraph
from schemas.base import Instant
from transforms.core.languages.en.word_lists import load_data
from transforms.core.quotes.attribute import attribute

GOLDEN = Path(__file__).parents[3] / "golden" / "statements"
FIELDS = ("role", "affiliation", "category", "named")


def cases() -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted(GOLDEN.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text("utf8"))["cases"]:
            found.append((f"{path.stem}: {case['name']}", case))
    return found


def article_of(case: dict[str, Any]) -> Article:
    lines = case.get("paragraphs") or [
        {"kind": "p", "text": line} for line in case["text"].splitlines() if line
    ]
    paragraphs, text = [], ""
    for line in lines:
        start = len(text) + 2 if text else 0
        text = f"{text}\n\n{line['text']}" if text else line["text"]
        paragraphs.append(Paragraph(start, len(text), line["kind"]))
    then = Instant(0)
    return Article("a", "https://news.example/a", "", text, paragraphs, "", then, then, then)


def found_in(case: dict[str, Any]) -> tuple[str, list[Attribution]]:
    article = article_of(case)
    return article.text, attribute(article, load_language_model()).attributions


def shown(text: str, attribution: Attribution) -> str:
    return " // ".join(text[s.start : s.end] for s in attribution.quotation.spans)


@pytest.mark.parametrize(("name", "case"), cases(), ids=[name for name, _ in cases()])
def test_case(name: str, case: dict[str, Any]) -> None:
    text, found = found_in(case)
    by_words = {(plain(shown(text, one)), one.speaker.name): one for one in found}
    for expected in case["expect"]:
        said = plain(expected["text"]), expected["speaker"]
        attribution = by_words.pop(said, None)
        assert attribution is not None, f"{said} is not among {list(by_words)}"
        speaker = attribution.speaker
        assert attribution.quotation.kind == expected["kind"]
        assert attribution.quotation.form == expected.get("form", "inline")
        if "cue" in expected:
            assert attribution.cue is not None
            assert attribution.cue.text == expected["cue"]
        if "told_to" in expected:
            assert attribution.told_to == expected["told_to"]
        for field in FIELDS:
            if field in expected:
                assert getattr(speaker, field) == expected[field], field
    if not case.get("more"):
        assert not by_words, "more is found than is said"


def plain(words: str) -> str:
    """Words without the punctuation around them: whether a comma belongs is no matter."""
    return " // ".join(part.strip(" .,") for part in re.split(" // ", words))


def test_every_rule_kind_and_resolution_has_a_case() -> None:
    found = [a for _, case in cases() for a in found_in(case)[1]]
    rules = {a.rule.split("/")[0] for a in found}
    known = load_data("confidence.yaml")
    assert set(known["content"]) == rules
    ways = {way.removesuffix("-close") for way in known["speaker"]}
    assert ways == {a.rule.split("/")[1] for a in found}
    assert {a.quotation.kind for a in found} == {"direct", "indirect", "mixed"}
    assert {a.quotation.form for a in found} == {"inline", "block", "unmarked"}
