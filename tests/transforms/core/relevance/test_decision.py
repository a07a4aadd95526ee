"""How a statement meets a watch, decided again when its speaker is known better."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from schemas.annotation import Attribution, Quotation, Speaker
from schemas.base import Span
from schemas.dossier import Match, MatchReason
from schemas.watch import Actor, Topic, Watch
from transforms.core.people.categories import Assessment
from transforms.core.relevance.decision import category_for, match_statement, rematch_statement
from transforms.core.relevance.subjects import Subject

WATCH = Watch("canal", "Canal talks", (), (), [Topic("toll", "Toll", ["toll"], True)])
VOSS = Speaker(name="Ilse Voss", as_written="Voss", named=True)
SAID = Attribution(Quotation([Span(0, 9)], "direct"), VOSS, "cue-after", 0.9)
ABOUT = Subject(True, "names_talks", "mentions toll talks", 0.95, [Span(3, 7)])
CITIZEN, EXPERT = Assessment("citizen", "", 0.9), Assessment("expert", "economist", 0.9)


def test_the_subject_is_found_wherever_its_reason_stands() -> None:
    match = match_statement(SAID, VOSS, CITIZEN, ABOUT, WATCH)
    right = match_statement(SAID, VOSS, EXPERT, ABOUT, WATCH)
    held = MatchReason("held_low_confidence", "held")
    for reasons in itertools.permutations([*match.reasons, held]):
        shuffled = dataclasses.replace(match, reasons=reasons)
        assert rematch_statement(shuffled, SAID, VOSS, EXPERT, WATCH) == right


def test_a_match_without_a_reason_of_its_subject_keeps_what_it_is_about() -> None:
    bare = Match("canal", "citizen", "", False, False, False, subject_sureness=0.9)
    found = rematch_statement(bare, SAID, VOSS, EXPERT, WATCH)
    assert not found.is_alertworthy
    assert [reason.text for reason in found.reasons][1] == "not about the talks"


def _group(name: str) -> Speaker:
    return Speaker(name=name, as_written=name, named=False)


@pytest.mark.parametrize(
    ("speaker", "who", "reason"),
    [
        (VOSS, Assessment("expert", "economist", 0.9), "Ilse Voss is an expert (economist)"),
        (_group("experts"), Assessment("expert", "experts", 0.9), "unnamed experts"),
        (_group("officials"), Assessment("official", "officials", 0.9), "unnamed officials"),
        (_group("Analysts"), Assessment("expert", "analysts", 0.9), "Analysts are experts"),
        (_group("both parties"), Assessment("party", "", 1.0), "both parties are parties"),
        (_group("videos"), Assessment("citizen", "", 0.3), "the article gives videos no role"),
        (VOSS, Assessment("citizen", "", 0.3), "the article gives Ilse Voss no role"),
    ],
)
def test_the_category_reads_like_a_sentence(speaker: Speaker, who: Assessment, reason: str) -> None:
    assert match_statement(SAID, speaker, who, ABOUT, WATCH).reasons[0].text == reason


@pytest.mark.parametrize(
    ("quotation", "who", "subject", "what"),
    [
        (0.6, 0.9, 0.9, "who said it or where the words end (0.63; this watch asks for 0.80)"),
        (0.9, 0.6, 0.9, "that the speaker is an expert (0.39; this watch asks for 0.80)"),
        (0.9, 0.9, 0.6, "that it is about the negotiation (0.63; this watch asks for 0.80)"),
    ],
)
def test_what_is_held_says_what_is_unsure(
    quotation: float, who: float, subject: float, what: str
) -> None:
    match = match_statement(
        dataclasses.replace(SAID, confidence=quotation),
        VOSS,
        Assessment("expert", "economist", who),
        dataclasses.replace(ABOUT, sureness=subject),
        WATCH,
    )
    assert match.is_held
    assert match.reasons[-1].text == f"held: not sure enough {what}"


def test_of_actors_that_fit_a_name_the_first_counts() -> None:
    harbour = Actor("harbour", "Ilse Voss", "party", "harbour")
    office = Actor("office", "The Canal Office", "official", aliases=["I. Voss", "Voss"])
    watch = dataclasses.replace(WATCH, actors=[office, harbour])
    assert category_for(VOSS, watch).category == "official"
    assert category_for(VOSS, dataclasses.replace(watch, actors=[harbour])).category == "party"
    assert category_for(_group("canal office"), watch).category == "official"
    assert category_for(_group("Ilse Vos"), watch).category == "citizen"
