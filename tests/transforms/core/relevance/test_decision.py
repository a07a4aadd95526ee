"""How a statement meets a watch, decided again when its speaker is known better."""

from __future__ import annotations

import dataclasses
import itertools

from schemas.annotation import Attribution, Quotation, Speaker
from schemas.base import Span
from schemas.dossier import Match, MatchReason
from schemas.watch import Topic, Watch
from transforms.core.people.categories import Assessment
from transforms.core.relevance.decision import match_statement, rematch_statement
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
