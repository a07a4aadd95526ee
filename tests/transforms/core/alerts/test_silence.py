"""What became of each statement of a run, counted with an example each."""

from __future__ import annotations

import dataclasses

import pytest

from schemas.annotation import Category
from schemas.dossier import Match, MatchReason
from schemas.watch import Watch
from support.dossiers import NOON, after
from transforms.core.alerts.silence import Outcome, ReadStatement, explain_silence

HARBOUR = Watch("harbour", "Harbour", feeds=(), actors=(), topics=(), max_age_seconds=3600)
RIVER = dataclasses.replace(HARBOUR, id="river")
SURE = Match("harbour", "expert", "fellow", True, True, False)


def said(*matches: Match, number: int = 1, category: Category = "expert") -> ReadStatement:
    id_ = str(number)
    return ReadStatement(
        id_, f"s{id_}", "a", "Una Marsh", "No.", "Herald", NOON, NOON, category, matches
    )


def changed(reason: str = "", **changes: object) -> Match:
    reasons = [MatchReason("category_asked_for", "is an expert"), MatchReason(reason, reason)]
    return dataclasses.replace(SURE, reasons=reasons, **changes)  # type: ignore[arg-type]


OFF = changed("no_talks", on_negotiation=False, is_alertworthy=False)


@pytest.mark.parametrize(
    ("match", "outcome"),
    [
        (SURE, "told_before"),
        (changed("held_low_confidence", is_held=True), "told_before"),  # once is listed
        (OFF, "off_subject"),
        (changed("unnamed", is_alertworthy=False), "unnamed"),
        (changed("said_earlier", is_alertworthy=False), "said_earlier"),
        (changed("unnamed", on_negotiation=False, is_alertworthy=False), "off_subject"),
    ],
)
def test_what_became_of_an_experts_statement(match: Match, outcome: Outcome) -> None:
    found = explain_silence([said(match)], [HARBOUR], (), ())
    assert (found.experts, dict(found.outcomes)) == (1, {outcome: 1})
    assert found.examples[outcome].speaker == "Una Marsh"


def test_what_alerted_and_what_is_held_are_told_apart() -> None:
    unsure = changed("held_low_confidence", is_held=True)
    read = [said(SURE, number=1), said(unsure, number=2), said(unsure, number=3)]
    found = explain_silence(read, [HARBOUR], {("harbour", "a", "s1")}, {("harbour", "2")})
    assert dict(found.outcomes) == {"alerted": 1, "held": 1, "told_before": 1}


def test_what_was_too_old_is_told_so() -> None:
    old = said(SURE)._replace(published_at=after(-7200))
    assert explain_silence([old], [HARBOUR], (), ()).outcomes["too_old"] == 1
    lasting = dataclasses.replace(HARBOUR, max_age_seconds=None)
    assert explain_silence([old], [lasting], (), ()).outcomes["too_old"] == 0


def test_of_several_watches_the_one_that_came_nearest_counts() -> None:
    there = dataclasses.replace(SURE, watch="river")
    alerted = {("river", "a", "s1")}
    found = explain_silence([said(OFF, there)], [HARBOUR, RIVER], alerted, ())
    assert (found.experts, dict(found.outcomes)) == (1, {"alerted": 1})
    assert explain_silence([said(OFF, there)], [HARBOUR], alerted, ()).outcomes["off_subject"] == 1


def test_statements_of_others_are_counted_by_category_as_the_watch_sees_it() -> None:
    minister = dataclasses.replace(SURE, category="official")
    read = [said(minister), said(minister, number=2), said(number=3, category="citizen")]
    found = explain_silence(read, [HARBOUR], (), ())
    assert (found.experts, dict(found.others)) == (0, {"official": 2, "citizen": 1})
    assert found.other is not None
