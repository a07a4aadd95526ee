"""Judging by name key gives what judging whole articles gives."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.dossier import Dossier
from schemas.person import NameRecord
from support.meanings import FakeMeaning
from support.said import DAY, NOON, WATCH, annotation, article, said
from transforms.core.alerts.raising import raise_alerts, told_by
from transforms.core.by_name_key import (
    gather,
    has_all_parts,
    is_worth_keeping,
    judge_part,
    retention_seconds,
    split,
)
from transforms.core.novelty.copies import with_copies
from transforms.core.novelty.judge import judge_commentary
from transforms.core.people.persons import introductions_of, remember
from transforms.core.relevance.known_speakers import recall_speaker
from transforms.core.relevance.matching import match

FELLOW = "a senior fellow at the Hudson Institute"
LEAD = "Arden and Brevia resumed peace talks on Monday, and Arden asked for a truce."
WORDS = (
    "Brevia will not sign a treaty before the thaw",
    "Whoever holds the port will name the price of the lake",
    "A deal on tolls would please the fishermen of both banks",
    "He who occupies the quay is going to decide what the shore pays",
)
#: Finds the last of these to be the second in other words.
MODEL = FakeMeaning("holds occupies", "port quay", "name decide", "price pays", "lake shore")
PEOPLE = (("Ana Ruiz", FELLOW), ("Carla Ruiz", FELLOW), ("Jon Vik", "professor of law"))


def matched(n: int, *sayings: tuple[int, int]) -> Dossier:
    """The nth article, in which people say things, both by their number."""
    quoted = [(WORDS[words], *PEOPLE[who]) for who, words in dict.fromkeys(sayings)]
    where = article(
        LEAD,
        *(f"“{words},” said {name}." for words, name, _ in quoted),
        url=f"https://wire.example/{n}",
        at=600 * n,
    )
    found = []
    for words, name, role in quoted:
        paragraph = f"“{words},” said {name}."
        one = said(where, words, name, role)
        shift = where.text.index(paragraph) + 1 - one.quotation.spans[0].start
        spans = [dataclasses.replace(s, start=s.start + shift, end=s.end + shift)
                 for s in one.quotation.spans]  # fmt: skip
        found.append(
            dataclasses.replace(one, quotation=dataclasses.replace(one.quotation, spans=spans))
        )
    return match(annotation(where, *found), [WATCH])


def fetched_in_turn(*dossiers: Dossier) -> list[Dossier]:
    """The readings, each of a text fetched a minute after the one before."""
    return [
        dataclasses.replace(r, article=dataclasses.replace(r.article, fetched_at=NOON + 60 * n))
        for n, r in enumerate(dossiers)
    ]


def judged_whole(dossiers: list[Dossier], model: FakeMeaning | None = None) -> list[Dossier]:
    """As a batch does it: one process, all memory."""
    statements, told, alerts = defaultdict(list), defaultdict(set), []
    people, done = {}, []
    for minute, dossier in enumerate(dossiers):
        found = []
        introductions = introductions_of(dossier)
        for one in dossier.commentaries:
            record = people.get(one.name_key, NameRecord(one.name_key))
            one = recall_speaker(one, dossier.article, record, [WATCH])
            known = sorted(
                statements[one.name_key], key=lambda s: (s.said_at, s.article_url, s.position)
            )
            judge = partial(judge_commentary, horizon_seconds=WATCH.horizon_seconds, model=model)
            found.append(judge(known, one, dossier.article))
        for one, gained in found:
            known_ids = {s.id for s in statements[one.name_key]}
            statements[one.name_key] += [s for s in gained if s.id not in known_ids]
            record = people.get(one.name_key, NameRecord(one.name_key))
            people[one.name_key] = remember(record, introductions)
        judged = [one for one, _ in found]
        dossier = dataclasses.replace(dossier, commentaries=judged, introductions=introductions)
        dossier = with_copies(dossier, "", {})
        earlier = [a for a in alerts if a.article.id == dossier.article.id]
        raised = raise_alerts(dossier, [WATCH], earlier, told, NOON + 60 * minute)
        for statement, watches in told_by(dossier).items():
            told[statement] |= watches
        alerts += raised
        done.append(dataclasses.replace(dossier, alerts=raised))
    return done


def judged_by_key(dossiers: list[Dossier], model: FakeMeaning | None = None) -> list[Dossier]:
    """As a streaming engine does it: memory by name key and by article."""
    memory, people, alerts, done = defaultdict(list), {}, defaultdict(list), []
    for minute, dossier in enumerate(dossiers):
        shares = []
        for key, share in split(dossier, "r"):
            known = people.get(key, NameRecord(key))
            judged, gained, people[key] = judge_part(
                memory[key], known, share, [WATCH], NOON, model=model
            )
            memory[key].append(gained)
            shares.append(judged)
        earlier = alerts[dossier.article.id]
        at = NOON + 60 * minute
        done.append(gather(list(reversed(shares)), [WATCH], earlier, at))
        earlier += done[-1].alerts
    return done


def in_order(dossier: Dossier) -> Dossier:
    """The alerts by id: in which order those of one moment are taken back is not promised."""
    return dataclasses.replace(dossier, alerts=sorted(dossier.alerts, key=lambda alert: alert.id))


sayings = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=4)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), sayings), max_size=4), st.sampled_from([None, MODEL]))
def test_memory_by_name_key_gives_what_one_memory_gives(given_articles, model) -> None:
    dossiers = fetched_in_turn(*(matched(n, *said_there) for n, said_there in given_articles))
    by_key, whole = judged_by_key(dossiers, model), judged_whole(dossiers, model)
    assert [in_order(dossier) for dossier in by_key] == [in_order(dossier) for dossier in whole]


def test_a_model_of_meaning_is_asked_by_key_too() -> None:
    dossiers = [matched(1, (0, 1)), matched(2, (0, 3))]
    assert len({a.id for dossier in judged_by_key(dossiers) for a in dossier.alerts}) == 2
    assert [len(dossier.alerts) for dossier in judged_by_key(dossiers, MODEL)] == [1, 0]


def test_alerts_of_several_keys_name_each_other() -> None:
    (dossier,) = judged_by_key([matched(1, (0, 0), (2, 1))])
    assert [(a.speaker.name, a.others) for a in dossier.alerts] == [
        ("Ana Ruiz", ("Jon Vik",)),
        ("Jon Vik", ("Ana Ruiz",)),
    ]


def test_namesakes_share_a_key_and_nobody_has_the_articles_own() -> None:
    assert [key for key, _ in split(matched(1, (0, 0), (1, 1), (2, 2)), "r")] == ["ruz", "vik"]
    ((key, share),) = split(matched(1), "r")
    assert (key, share.of) == (share.dossier.article.id, 0)
    assert has_all_parts([share])


def test_a_reading_is_whole_when_all_its_shares_are_there() -> None:
    shares = [share for _, share in split(matched(1, (0, 0), (1, 1), (2, 2)), "r")]
    assert [has_all_parts(shares[:n]) for n in range(3)] == [False, False, True]
    assert has_all_parts([*shares, shares[0]])


def test_a_share_that_failed_leaves_the_others_and_takes_nothing_back() -> None:
    dossier = matched(1, (0, 0), (2, 1))
    (before,) = judged_by_key([dossier])
    failed, other = (judge_part([], NameRecord(k), share, [WATCH], NOON)[0]
                     for k, share in split(dossier, "r"))  # fmt: skip
    failed = dataclasses.replace(
        failed, dossier=dataclasses.replace(failed.dossier, commentaries=())
    )
    found = gather([failed, other], [WATCH], before.alerts, NOON + 60)
    assert [c.speaker.name for c in found.commentaries] == ["Jon Vik"]
    assert found.alerts == ()


def test_what_an_edit_removes_with_its_speaker_is_taken_back() -> None:
    _, edited = judged_by_key([matched(1, (0, 0), (2, 1)), matched(1, (2, 1))])
    assert [(a.type, a.speaker.name) for a in edited.alerts] == [("withdrawn", "Ana Ruiz")]


def test_what_a_later_edit_restores_is_told_again() -> None:
    dossiers = fetched_in_turn(matched(1, (0, 0)), matched(1), matched(1, (0, 0)))
    by_key = judged_by_key(dossiers)
    assert [a.type for dossier in by_key for a in dossier.alerts] == ["new", "withdrawn", "updated"]
    assert by_key == judged_whole(dossiers)


def test_nothing_that_could_stop_an_alert_is_forgotten() -> None:
    assert retention_seconds([WATCH]) == 97 * DAY
    ageless = dataclasses.replace(WATCH, max_age_seconds=None)
    assert retention_seconds([WATCH, ageless]) == 180 * DAY


def test_a_share_that_comes_again_adds_nothing_to_memory() -> None:
    ((key, share),) = split(matched(1, (0, 0), (0, 1)), "r")
    memory, people = [], NameRecord(key)
    for _ in range(3):
        judged, gained, people = judge_part(memory, people, share, [WATCH], NOON)
        memory.append(gained)
    assert [is_worth_keeping(gained) for gained in memory] == [True, False, False]
    assert len(judged.told) == 2
    assert len(people.introductions) == 1
