"""Attributions over a whole article: order, limits, robustness, confidence."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.models.spacy_model import load_language_model
from schemas.annotation import Attribution
from schemas.article import Article, Paragraph
from schemas.base import Instant
from transforms.core.languages.en.word_lists import load_data
from transforms.core.quotes import attribute as attributions
from transforms.core.quotes.attribute import attribute, confidence_of


def article_of(text: str) -> Article:
    paragraphs, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            paragraphs.append(Paragraph(at, at + len(line)))
        at += len(line) + 1
    then = Instant(0)
    return Article("a", "https://news.example/a", "", text, paragraphs, "", then, then, then)


def attributions_in(text: str) -> list[Attribution]:
    return attribute(article_of(text), load_language_model()).attributions


PIECES = [
    "“We wait,” ", "said Mira Holtby", ", an analyst, ", " told Radio Meridian", "he said", ".",
    " According to ", "the minister", ", adding that ", "talks failed", "“", "”", '"', "\n", "—",
    " Anton Velde, broker", "In her view, ", "called it ", "a “mistake”", ": ", "said ", "that ",
    "''", "(", ")", "It is over.", "’s ", "🕊", "\u00a0", "\u202e", "\x00", "said, ",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_whatever_the_text_spans_slice_words_of_it(text: str) -> None:
    check_spans(text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    check_spans(text)


def check_spans(text: str) -> None:
    found = attributions_in(text)
    assert [a.quotation.spans[0].start for a in found] == sorted(
        a.quotation.spans[0].start for a in found
    )
    for attribution in found:
        assert 0 < attribution.confidence <= 1
        assert attribution.speaker.name
        spans = [*attribution.quotation.spans]
        for span in spans:
            assert text[span.start : span.end].strip()
        for span in (attribution.speaker.span, attribution.cue and attribution.cue.span):
            assert span is None or text[span.start : span.end].strip()
        assert spans == sorted(spans, key=lambda span: span.start)


@pytest.mark.parametrize(
    "text",
    [
        "He said that the talks went on and Mr. Doe told us so. " * 2_000,
        '"' * 10_000,
        "“We go.” he said. " * 3_000,
        "said " * 20_000,
        "John Doe " * 20_000,
        "’s “ " * 20_000,
        "a" * 300_000,
        "“x y z”\n" * 500,
    ],
    ids=["sentences", "marks", "quotations", "cues", "names", "mixture", "word", "lines"],
)
def test_hostile_text_ends(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attributions, "MAX_PARSED_TOKENS", 1_000)
    check_spans(text)


def test_what_is_beyond_the_limit_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "“One,” said Mira Holtby.\n“Two,” said Mira Holtby."
    whole = attribute(article_of(text), load_language_model())
    assert (len(whole.attributions), whole.unparsed) == (2, 0)
    monkeypatch.setattr(attributions, "MAX_PARSED_TOKENS", 8)
    part = attribute(article_of(text), load_language_model())
    assert (len(part.attributions), part.unparsed) == (1, 1)


def test_a_paragraph_of_nothing_but_marks_is_no_prose() -> None:
    found = attribute(article_of("“a” " * 10_000), load_language_model())
    assert found == ([], 1)


def test_a_comma_that_leads_over_to_the_cue_is_left_out() -> None:
    text = "“The talks, I fear, are over,” said Mira Holtby. “We shall see.”"
    (attribution,) = attributions_in(text)
    words = [text[span.start : span.end] for span in attribution.quotation.spans]
    assert words == ["The talks, I fear, are over", "We shall see."]


def test_what_two_rules_find_of_one_speaker_is_told_once() -> None:
    text = "Mira Holtby, an analyst, said it was worth noting that the minister had “no plan”."
    assert len(attributions_in(text)) == 1


def test_only_paragraphs_that_can_hold_an_attribution_are_parsed() -> None:
    parsed: list[str] = []

    class Listening:
        name = "listening"

        def parse(self, texts):  # type: ignore[no-untyped-def]
            parsed.extend(texts)
            return load_language_model().parse(parsed)

    text = "The river rose.\nMira Holtby said it would fall.\nThe river fell."
    attribute(article_of(text), Listening())
    assert parsed == ["Mira Holtby said it would fall."]


def test_a_name_in_a_paragraph_that_is_not_parsed_counts() -> None:
    text = "Professor Mira Holtby has a dog.\n“The talks are over,” Holtby said."
    (attribution,) = attributions_in(text)
    assert attribution.speaker.name == "Mira Holtby"


def test_every_rule_has_a_confidence_for_every_way_to_the_speaker() -> None:
    known = load_data("confidence.yaml")
    for rule in known["content"]:
        for way in known["speaker"]:
            assert 0 < confidence_of(f"{rule}/{way}") < 1
    for name in known["exact"]:
        rule, way = name.split("/")
        assert rule in known["content"]
        assert way in known["speaker"]


def test_a_doubtful_pronoun_counts_less() -> None:
    clear = confidence_of("quote-cue/pronoun", is_clear=True)
    assert confidence_of("quote-cue/pronoun", is_clear=False) < clear


@pytest.mark.parametrize("limit", range(1, 24))
def test_a_limit_that_falls_anywhere_in_an_article_is_kept(monkeypatch, limit):
    monkeypatch.setattr(attributions, "MAX_PARSED_TOKENS", limit)
    article = article_of("“No,” he said.\n\n“Yes,” she said.\n\n“Perhaps,” they said, “or not.”")
    assert attribute(article, load_language_model()).unparsed >= 1
