"""What earlier articles told of a speaker, and when it may be used."""

import dataclasses
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import Instant
from schemas.dossier import Commentary, Dossier, Match
from schemas.person import Introduction, NameRecord, Ruling, RulingKind
from schemas.watch import ListedExpert, Watch
from support.said import DAY, NOON, WATCH, annotation, article, said
from transforms.core.people.names import name_key
from transforms.core.people.persons import (
    MAX_INTRODUCTIONS,
    introductions_of,
    persons_of,
    remember,
    ruling_id,
)
from transforms.core.relevance.known_speakers import recall_speaker
from transforms.core.relevance.matching import match

LEAD = "Arden and Brevia resumed peace talks on Monday."
QUOTE = "Brevia will not sign before the thaw"
FELLOW = "a senior fellow at the Hudson Institute"


def read(name: str, role: str = "", *, at: float = 0, watch: Watch = WATCH) -> Dossier:
    """An article of that time in which somebody speaks of the talks."""
    where = article(LEAD, f"“{QUOTE},” said {name}.", url=f"https://wire.example/{at}", at=at)
    return match(annotation(where, said(where, QUOTE, name, role), watches=[watch]), [watch])


def told(*people: tuple[str, str], at: float = -DAY) -> NameRecord:
    """What memory holds after articles introduced these people."""
    record = NameRecord(name_key(people[0][0]))
    for n, (name, role) in enumerate(people):
        record = remember(record, introductions_of(read(name, role, at=at + n)))
    return record


def rule(record: NameRecord, kind: RulingKind, name: str, other: str = "") -> NameRecord:
    at = NOON + len(record.rulings)
    ruling = Ruling(ruling_id(kind, name, other, at), kind, name, at, other)
    return dataclasses.replace(record, rulings=[*record.rulings, ruling])


def recalled(dossier: Dossier, record: NameRecord, watch: Watch = WATCH) -> Commentary:
    (commentary,) = dossier.commentaries
    return recall_speaker(commentary, dossier.article, record, [watch])


def only(commentary: Commentary) -> Match:
    ((found,),) = [occurrence.matches for occurrence in commentary.occurrences]
    return found


@pytest.mark.parametrize("name", ["Ruiz", "Ana Ruiz", "A. Ruiz"])
def test_a_name_without_a_role_is_who_an_earlier_article_introduced(name: str) -> None:
    assert not only(read(name).commentaries[0]).is_alertworthy
    found = only(recalled(read(name), told(("Ana Ruiz", FELLOW))))
    assert (found.category, found.is_alertworthy, found.is_held) == ("expert", True, False)
    assert found.evidence == f"{FELLOW}, as told by The Wire on 2023-11-13"
    assert found.reasons[1] == only(read(name).commentaries[0]).reasons[1]


INTRODUCTIONS = [("Ana Ruiz", "a professor at Arden University"), ("Ana Ruiz", "Professor")]


@pytest.mark.parametrize("people", list(itertools.permutations(INTRODUCTIONS)))
def test_the_most_telling_role_is_shown_whichever_came_last(people: list[tuple[str, str]]) -> None:
    found = only(recalled(read("Ana Ruiz"), told(*people)))
    assert found.evidence.startswith("a professor at Arden University, as told by")


def test_of_two_bodies_the_latest_is_shown() -> None:
    record = told(("Ana Ruiz", FELLOW), ("Ana Ruiz", "a professor at Arden University"))
    assert only(recalled(read("Ana Ruiz"), record)).evidence.startswith("a professor")


def test_a_bare_last_name_gets_its_first_name_and_keeps_its_key() -> None:
    bare = read("Ruiz")
    found = recalled(bare, told(("Ana Ruiz", FELLOW)))
    assert found.speaker.name == "Ana Ruiz"
    assert found.name_key == bare.commentaries[0].name_key
    assert found.occurrences[0].attribution == bare.commentaries[0].occurrences[0].attribution


def test_a_last_name_of_two_people_is_nobodys() -> None:
    record = told(("Ana Ruiz", FELLOW), ("Pedro Ruiz", "a professor at Arden University"))
    assert recalled(read("Ruiz"), record) == read("Ruiz").commentaries[0]
    assert only(recalled(read("Pedro Ruiz"), record)).evidence.startswith("a professor")


def test_an_official_of_the_same_last_name_leaves_it_open() -> None:
    record = told(("Ana Ruiz", FELLOW), ("Marco Ruiz", "foreign minister of Arden"))
    assert not only(recalled(read("Ruiz"), record)).is_alertworthy


def test_another_first_name_is_somebody_else() -> None:
    assert not only(recalled(read("Pedro Ruiz"), told(("Ana Ruiz", FELLOW)))).is_alertworthy


def test_what_the_article_tells_stands() -> None:
    dossier = read("Ana Ruiz", "the foreign minister of Brevia")
    assert recalled(dossier, told(("Ana Ruiz", FELLOW))) == dossier.commentaries[0]


def test_different_things_told_of_one_person_are_held() -> None:
    record = told(("Ana Ruiz", "foreign minister of Arden"), ("Ana Ruiz", FELLOW))
    found = only(recalled(read("Ana Ruiz"), record))
    assert (found.is_alertworthy, found.is_held) == (True, True)
    latest_is_office = told(("Ana Ruiz", FELLOW), ("Ana Ruiz", "foreign minister of Arden"))
    assert only(recalled(read("Ana Ruiz"), latest_is_office)).category == "official"


def test_what_was_told_years_ago_is_not_believed() -> None:
    record = told(("Ana Ruiz", FELLOW), at=-400 * DAY)
    assert not only(recalled(read("Ana Ruiz"), record)).is_alertworthy


def test_the_watch_has_the_first_word() -> None:
    record = told(("Lena Moro", FELLOW))
    assert only(recalled(read("Moro"), record)).category == "party"
    never = dataclasses.replace(WATCH, never_experts=[ListedExpert("Ana Ruiz")])
    dossier = read("Ana Ruiz", watch=never)
    assert not only(recalled(dossier, told(("Ana Ruiz", FELLOW)), never)).is_alertworthy


def test_a_ruling_is_stronger_than_what_the_article_tells() -> None:
    record = rule(told(("Ana Ruiz", FELLOW)), "category", "Ana Ruiz")
    found = only(recalled(read("Ana Ruiz", FELLOW), record))
    assert (found.category, found.evidence) == ("citizen", "as ruled by hand")
    assert only(recalled(read("Ruiz"), record)).category == "citizen"
    other = read("Pedro Ruiz", FELLOW)
    assert recalled(other, record) == other.commentaries[0]


def test_people_are_merged_and_parted_and_no_id_changes() -> None:
    apart = told(("Roberta Ruiz", FELLOW), ("Bunny Ruiz", "a professor at Arden University"))
    assert [p.names for p in persons_of(apart)] == [("Bunny Ruiz",), ("Roberta Ruiz",)]
    merged = rule(apart, "same", "Bunny Ruiz", "Roberta Ruiz")
    assert [p.names for p in persons_of(merged)] == [("Roberta Ruiz", "Bunny Ruiz")]
    assert only(recalled(read("Ruiz"), merged)).is_alertworthy
    split = rule(merged, "apart", "Roberta Ruiz", "Bunny Ruiz")
    assert persons_of(split) == persons_of(apart)


def test_only_full_names_with_a_telling_role_are_remembered() -> None:
    assert not introductions_of(read("Ruiz", FELLOW))
    assert not introductions_of(read("Ana Ruiz"))
    assert not introductions_of(read("Ana Ruiz", "tall and quiet"))
    assert not introductions_of(read("Hudson Institute", "a think tank"))


def test_what_memory_added_is_not_told_again() -> None:
    dossier = read("Ruiz")
    found = recalled(dossier, told(("Ana Ruiz", FELLOW)))
    assert not introductions_of(dataclasses.replace(dossier, commentaries=[found]))


def test_the_record_of_a_name_is_bounded_and_keeps_the_latest() -> None:
    roles = [f"senior fellow of office {n} at the Hudson Institute" for n in range(150)]
    record = told(*(("Ana Ruiz", role) for role in roles))
    assert [i.role for i in record.introductions] == roles[: -MAX_INTRODUCTIONS - 1 : -1]


introductions = st.builds(
    Introduction,
    id=st.sampled_from("abcdef"),
    name_key=st.sampled_from(["ruiz", "moe"]),
    name=st.just("Ana Ruiz"),
    role=st.just("fellow"),
    affiliation=st.just(""),
    category=st.just("expert"),
    evidence=st.just("fellow"),
    sureness=st.just(0.9),
    article_url=st.sampled_from(["u", "v"]),
    publisher=st.just("The Wire"),
    told_at=st.integers(0, 5).map(Instant),
)


@given(st.lists(introductions, max_size=4))
def test_neither_order_nor_repetition_of_remembering_matters(some: list[Introduction]) -> None:
    empty = NameRecord("ruiz")
    records = {remember(empty, order) for order in itertools.permutations(some)}
    assert len(records) == 1
    (record,) = records
    assert remember(record, some) == record
    assert {i.name_key for i in record.introductions} <= {"ruiz"}
