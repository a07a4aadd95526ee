"""The fitted models of subjects and alerts: what they see, and that more speaks for more."""

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import Span
from transforms.core.relevance import alert_model, subject_model
from transforms.core.relevance.subject_model import Places, features_of, probability

SURENESS = st.floats(0, 1)
STATEMENT, PARAGRAPH = [Span(100, 160)], Span(80, 200)


def likely(places: Places) -> float:
    return probability(features_of(STATEMENT, PARAGRAPH, places))


def test_words_for_talks_and_moves_speak_for_it_and_markets_against() -> None:
    near = Places(talks=[Span(40, 50)], chars=4000)
    named = Places(talks=[Span(40, 50), Span(110, 120)], chars=4000)
    moves = Places(talks=[Span(40, 50)], moves=[Span(110, 120)], chars=4000)
    others = Places(talks=[Span(40, 50)], others=[Span(110, 120)], chars=4000)
    assert likely(others) < likely(near) < likely(moves) < likely(named)
    assert likely(Places(talks=[Span(3900, 3910)], chars=4000)) < likely(near)


def test_hits_across_the_border_of_a_statement_are_beside_it() -> None:
    found = features_of(STATEMENT, PARAGRAPH, Places(talks=[Span(155, 170)], chars=4000))
    assert (found["names talks"], found["talks in its paragraph"]) == (0, 1)


@given(st.lists(st.integers(0, 50), unique=True), st.integers(0, 40), st.integers(1, 10))
def test_counting_agrees_with_looking_at_each(starts: list[int], start: int, size: int) -> None:
    hits = [Span(3 * n, 3 * n + 2) for n in sorted(starts)]
    span = Span(start, start + size)
    inside = [h for h in hits if span.start <= h.start and h.end <= span.end]
    distances = [max(span.start - h.end, h.start - span.end, 0) for h in hits]
    found = features_of([span], span, Places(talks=hits))
    assert found["names talks often"] == min(3, len(inside)) / 3
    assert found["talks within 100"] == (min(distances, default=999) <= 100)


@given(SURENESS, SURENESS, SURENESS, SURENESS)
def test_a_surer_part_makes_no_alert_less_sure(
    one: float, other: float, speaker: float, subject: float
) -> None:
    less, more = sorted((one, other))
    sure = alert_model.alert_sureness
    assert sure(less, speaker, subject) <= sure(more, speaker, subject)
    assert sure(speaker, less, subject) <= sure(speaker, more, subject)
    assert sure(speaker, subject, less) <= sure(speaker, subject, more)


@pytest.mark.parametrize("name", ["subject_model", "alert_model"])
def test_each_model_says_where_it_is_from(name: str) -> None:
    file = resources.files("transforms.core.languages.en") / "data" / f"{name}.json"
    stored = json.loads(file.read_text("utf8"))
    assert {"what", "made_by", "date", "data", "data_sha256", "bias", "weights"} <= stored.keys()


def test_the_features_are_those_that_the_weights_are_for() -> None:
    places = Places(talks=[Span(110, 120)], chars=4000)
    assert (
        subject_model.load_subject_model().weights.keys()
        <= features_of(STATEMENT, PARAGRAPH, places).keys()
    )
