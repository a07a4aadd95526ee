"""Held statements: listed once, decided in one transaction, and told to nobody twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from connectors.archive import Archive
from connectors.archive.held import HeldStatement
from schemas.alert import Alert
from schemas.base import Instant
from schemas.correction import Case, HeldDecision, HeldDecisionKind
from schemas.dossier import Dossier
from schemas.watch import Watch
from support.dossiers import WATCH, after, dossier, match, occurrence
from transforms.core.alerts.releasing import case_of_held, decision_id, held_id, release

WORDS = "The quay stays shut until both crews are home."
HARBOUR = Watch(WATCH, "Harbour talks", feeds=(), actors=(), topics=())


def store(archive: Archive, slug: str = "quay", *words: str) -> HeldStatement:
    """Store an article with held statements; the first of them."""
    archive.dossiers.store_dossier(dossier(slug, *(words or (WORDS,)), is_held=True, alerts=False))
    return archive.held.all()[0]


def decision(item: HeldStatement, kind: HeldDecisionKind, at: Instant) -> HeldDecision:
    return HeldDecision(
        decision_id(item.id, kind, item.decision), item.id, kind, item.watch, item.statement_id,
        item.article_id, at,
    )  # fmt: skip


def decided(
    archive: Archive, kind: HeldDecisionKind, at: int = 60
) -> tuple[list[tuple[HeldDecision, Case]], Alert | None]:
    """What is to be recorded when all held statements of one article are decided so."""
    items = archive.held.all()
    there = archive.held.dossier_of(items[0], {item.statement_id for item in items})
    decisions = [decision(item, kind, after(at)) for item in items]
    raised = None
    if kind == "release":
        earlier = archive.memory.alerts_on(there.article.id)
        raised = release(there, HARBOUR, decisions, earlier, after(at))
    alert_id = raised.id if raised else ""
    return [
        (dataclasses.replace(each, alert_id=alert_id), case_of_held(each, there))
        for each in decisions
    ], raised


def decide(archive: Archive, kind: HeldDecisionKind, at: int = 60) -> bool:
    return archive.held.decide(*decided(archive, kind, at), "c.jsonl")


def copied(slug: str, *, is_held: bool) -> Dossier:
    """Another article that repeats the words."""
    there = dossier(slug, WORDS, alerts=False)
    said = occurrence(slug, WORDS, statement=WORDS, is_held=is_held)
    commentary = dataclasses.replace(there.commentaries[0], occurrences=[said])
    return dataclasses.replace(there, commentaries=[commentary])


def kinds(items: Sequence[HeldStatement]) -> list[str | None]:
    return [item.decision.kind if item.decision else None for item in items]


def test_a_statement_is_listed_once_where_it_was_published_first(archive: Archive) -> None:
    store(archive)
    archive.dossiers.store_dossier(copied("copy", is_held=True))
    (held,) = archive.held.all()
    assert held.article_url == "https://herald.example/copy"  # of one time, by address
    assert held.id == held_id(WATCH, held.statement_id)
    assert not held.is_settled


def test_what_each_watch_holds_has_its_own_id(archive: Archive) -> None:
    there = dossier("quay", WORDS, is_held=True, alerts=False)
    (said,) = there.commentaries[0].occurrences
    both = [match(is_held=True), match(is_held=True, watch="river-talks")]
    one = dataclasses.replace(said, matches=both)
    commentary = dataclasses.replace(there.commentaries[0], occurrences=[one])
    archive.dossiers.store_dossier(dataclasses.replace(there, commentaries=[commentary]))
    assert len({item.id for item in archive.held.all()}) == 2
    assert [item.watch for item in archive.held.all("river-talks")] == ["river-talks"]


def test_what_a_surer_copy_told_is_held_no_longer(archive: Archive) -> None:
    store(archive)
    archive.dossiers.store_dossier(copied("sure", is_held=False))
    assert archive.held.all() == []


def test_what_was_archived_in_a_run_is_found(archive: Archive) -> None:
    before = Instant.now()
    store(archive)
    assert len(archive.held.all(stored_since=before)) == 1
    assert archive.held.all(stored_since=Instant.now() + 60) == []


def test_a_release_is_an_alert_that_copies_do_not_repeat(archive: Archive) -> None:
    held = store(archive)
    assert decide(archive, "release")
    (alert,) = archive.alerts.all()
    assert [s.text for s in alert.statements] == [WORDS]
    assert kinds(archive.held.all()) == ["release"]
    assert archive.memory.told([held.statement_id]) == {held.statement_id: {WATCH}}
    assert archive.ledger.all() == []  # only subscriptions get it, when it is routed
    (pending,) = archive.corrections.pending_cases()
    assert (pending.file, pending.case.kind) == ("c.jsonl", "right")
    archive.corrections.mark_written(pending.correction_id)
    assert archive.corrections.pending_cases() == []


def test_deciding_twice_from_one_state_is_deciding_once(archive: Archive) -> None:
    store(archive)
    same, other = decided(archive, "release"), decided(archive, "dismiss")
    assert archive.held.decide(*same, "c.jsonl")
    assert not archive.held.decide(*same, "c.jsonl")
    assert not archive.held.decide(*other, "c.jsonl")
    assert len(archive.alerts.all()) == len(archive.corrections.pending_cases()) == 1


def test_an_undone_release_may_be_told_by_a_surer_copy_and_released_again(
    archive: Archive,
) -> None:
    held = store(archive)
    assert decide(archive, "release", 60)
    assert decide(archive, "undo", 70)
    assert archive.memory.told([held.statement_id]) == {}
    assert not archive.held.all()[0].is_settled
    assert decide(archive, "release", 80)
    first, second = archive.alerts.all()
    assert first.id != second.id
    assert (second.type, second.follows) == ("updated", first.id)


def test_an_undone_release_stays_told_where_a_surer_copy_stands(archive: Archive) -> None:
    held = store(archive)
    assert decide(archive, "release", 60)
    archive.dossiers.store_dossier(copied("sure", is_held=False))
    assert decide(archive, "undo", 70)
    assert archive.memory.told([held.statement_id]) == {held.statement_id: {WATCH}}


def test_a_dismissed_statement_raises_no_alert_and_is_held_again_after_an_undo(
    archive: Archive,
) -> None:
    store(archive, "quay", WORDS, "Nobody has seen the second draft.")
    assert decide(archive, "dismiss", 60)
    assert kinds(archive.held.all()) == ["dismiss", "dismiss"]
    assert archive.alerts.all() == []
    assert decide(archive, "undo", 70)
    assert kinds(archive.held.all()) == ["undo", "undo"]
    assert {c.case.kind for c in archive.corrections.pending_cases()} == {"wrong", "undecided"}


def test_several_statements_of_a_speaker_go_as_one_alert_or_one_after_the_other(
    archive: Archive,
) -> None:
    store(archive, "quay", WORDS, "Nobody has seen the second draft.")
    items = archive.held.all()
    there = archive.held.dossier_of(items[0], {item.statement_id for item in items})
    one = release(there, HARBOUR, [decision(items[0], "release", after(60))], [], after(60))
    assert "1 more statement is held because something is unsure" in [r.text for r in one.reasons]
    assert decide(archive, "release")
    (both,) = archive.alerts.all()
    assert len(both.statements) == 2
    assert "more_held" not in [reason.code for reason in both.reasons]


def test_a_released_speaker_who_spoke_elsewhere_is_no_new_voice(archive: Archive) -> None:
    earlier = dossier("earlier", "The ice is thin.", alerts=False)
    about = dataclasses.replace(earlier.article, published_at=after(-9000))
    archive.dossiers.store_dossier(dataclasses.replace(earlier, article=about))
    store(archive)
    assert decide(archive, "release")
    (alert,) = archive.alerts.all()
    assert (alert.speaker.new_voice, alert.speaker.first_seen) == (False, after(-9000))
