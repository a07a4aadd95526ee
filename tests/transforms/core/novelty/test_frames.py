"""The sides that statements take, and that none hides one that takes the other side."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from transforms.core.novelty.comparison import compare
from transforms.core.novelty.contradictions import may_contradict
from transforms.core.novelty.frames import frame_of

GOLDEN = yaml.safe_load(
    (Path(__file__).parents[3] / "golden" / "reversals.yaml").read_text(encoding="utf8")
)


def pairs(label: str) -> list[tuple[str, str]]:
    """All pairs under a label, both ways round."""
    found = [(a, b) for of_kind in GOLDEN[label].values() for a, b in of_kind]
    return found + [(b, a) for a, b in found]


@pytest.mark.parametrize(("known", "candidate"), pairs("reversed"))
def test_no_reversal_is_taken_for_a_repetition(known: str, candidate: str) -> None:
    found = compare(known, candidate)
    assert found.relation in ("contradicts", "other"), found


@pytest.mark.parametrize(("known", "candidate"), pairs("same"))
def test_the_same_side_in_other_words_is_one_statement(known: str, candidate: str) -> None:
    assert compare(known, candidate).relation in ("repeats", "extends")


@pytest.mark.parametrize(
    ("kind", "least"),
    [("giving_up", 4), ("refusing", 4), ("ending", 6), ("reducing", 5), ("opposing", 9)],
)
def test_taking_the_other_side_is_a_candidate_for_a_contradiction(kind: str, least: int) -> None:
    found = [pair for pair in GOLDEN["reversed"][kind] if may_contradict(*pair)]
    assert len(found) >= least


def test_what_answers_another_question_is_seldom_a_candidate() -> None:
    found = {compare(*pair).relation for pair in pairs("beside")}
    called = [pair for pair in pairs("beside") if may_contradict(*pair)]
    assert found <= {"other", "contradicts"}
    assert len(called) <= 2  # one of ten, both ways round


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The ferries will run all night", "The ferries will never run at night"),
        ("He bought the old lighthouse", "He sold the old lighthouse"),
        ("Those who oppose the harbour toll are few", "The harbour toll must be kept"),
        ("We want the state to act", "We reject the policy of the state"),
    ],
)
def test_forecasts_and_what_is_named_on_any_question_are_none(a: str, b: str) -> None:
    assert may_contradict(a, b) == may_contradict(b, a) == ""


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("We support the lighthouse", 1),
        ("We oppose the lighthouse", -1),
        ("We oppose the closure of the lighthouse", 1),
        ("The lighthouse should be kept", 1),
        ("The lighthouse should not be kept", -1),
        ("The lighthouse should be abolished", -1),
        ("The lighthouse must not be abolished", 1),
        ("Nobody needs the lighthouse", -1),
        ("A ban on the lighthouse would be a mistake", 1),
        ("Abolishing the lighthouse is wrong", 1),
        ("The lighthouse is unnecessary", -1),
        ("We want the bridge rather than the lighthouse", -1),
        ("The lighthouse leans against the wind", 0),
        ("We saw the lighthouse", 0),
        ("Those who oppose the lighthouse are few", 0),
    ],
)
def test_sides_multiply(text: str, side: int) -> None:
    assert frame_of(text).sides.get("lighthous", 0) == side


@given(st.text(max_size=300))
def test_any_text_has_a_frame(text: str) -> None:
    frame = frame_of(text)
    assert set(frame.sides.values()) <= {-1, 0, 1}
    assert frame.sides.keys() | frame.focus | frame.denied <= frame.named


@pytest.mark.parametrize("unit", ["not ", "toll ", "oppose toll ", "toll banned ", "no toll is "])
def test_a_clause_without_end_costs_no_square(unit: str) -> None:
    assert frame_of(unit * 20_000).named <= {"toll"}
