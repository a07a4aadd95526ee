"""Held statements that a person releases: what their alerts say and what their cases test."""

from __future__ import annotations

import dataclasses

import pytest

from schemas.correction import Case, HeldDecision, HeldDecisionKind
from schemas.dossier import Dossier, MatchReason
from schemas.watch import Watch
from support.dossiers import NOON, WATCH, after, dossier, match
from transforms.core.alerts.cases import in_force
from transforms.core.alerts.releasing import case_of_held, decision_id, held_id, release

WORDS = "The quay stays shut until both crews are home."
HARBOUR = Watch(WATCH, "Harbour talks", feeds=(), actors=(), topics=())
UNSURE = MatchReason("held_low_confidence", "held: not sure enough who said it (0.71)")


def held() -> Dossier:
    there = dossier("quay", WORDS, is_held=True, alerts=False)
    (said,) = there.commentaries[0].occurrences
    unsure = dataclasses.replace(match(is_held=True), reasons=[UNSURE])
    commentary = dataclasses.replace(
        there.commentaries[0], occurrences=[dataclasses.replace(said, matches=[unsure])]
    )
    return dataclasses.replace(there, commentaries=[commentary])


def decision(kind: HeldDecisionKind, before: HeldDecision | None = None) -> HeldDecision:
    (said,) = held().commentaries[0].occurrences
    assert said.verdict is not None
    id_ = held_id(WATCH, said.verdict.statement_id)
    at = before.decided_at + 60 if before else NOON
    article_id = held().article.id
    return HeldDecision(
        decision_id(id_, kind, before), id_, kind, WATCH, said.verdict.statement_id, article_id, at
    )


def test_it_says_that_a_person_released_it_and_why_it_was_held() -> None:
    alert = release(held(), HARBOUR, [decision("release")], [], after(60))
    (told,) = [reason for reason in alert.reasons if reason.code == "released"]
    assert told.text == "released by hand; it was held: not sure enough who said it (0.71)"
    assert (alert.type, alert.alerted_at) == ("new", after(60))
    assert [s.text for s in alert.new_statements] == [WORDS]


def test_its_id_is_that_of_the_decision() -> None:
    first = decision("release")
    again = decision("release", decision("undo", first))
    ids = [release(held(), HARBOUR, [d], [], after(n)).id for n, d in enumerate((first, first))]
    assert len({*ids}) == 1
    assert release(held(), HARBOUR, [again], [], after(9)).id not in ids


@pytest.mark.parametrize(
    ("kinds", "left"),
    [
        (["release"], ["right"]),
        (["dismiss"], ["wrong"]),
        (["release", "undo"], []),
        (["dismiss", "undo"], []),
        (["dismiss", "undo", "release"], ["right"]),
        (["dismiss", "release"], ["right"]),
        (["release", "undo", "dismiss"], ["wrong"]),
    ],
)
def test_of_its_cases_the_last_one_holds(kinds: list[HeldDecisionKind], left: list[str]) -> None:
    cases, before = list[tuple[str, Case]](), None
    for number, kind in enumerate(kinds):
        before = decision(kind, before)
        cases.append((str(number), case_of_held(before, held())))
    assert [case.kind for _, case in in_force(cases)] == left
