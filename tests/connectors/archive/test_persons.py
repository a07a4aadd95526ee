"""Introductions and rulings, as the archive keeps them."""

import dataclasses

import pytest

from connectors.archive import Archive
from schemas.person import Introduction, NameRecord, Ruling
from support.dossiers import after, dossier, introduction


def store(archive: Archive, slug: str, *told: Introduction) -> None:
    archive.dossiers.store_dossier(dossier(slug, introductions=told))


def test_introductions_are_kept_with_their_reading_latest_first(archive: Archive) -> None:
    fellow, head = introduction("fellow", at=10), introduction("head", at=20)
    store(archive, "a", head)
    store(archive, "b", fellow, introduction("clerk", name="Jon Moe", key="moe"))
    assert archive.memory.name_record("valek") == NameRecord("valek", [head, fellow])
    assert archive.persons.name_keys() == ["moe", "valek"]
    assert archive.memory.name_record("nobody") == NameRecord("nobody")


def test_of_equal_introductions_the_latest_stands_whatever_comes_first(archive: Archive) -> None:
    early, late = introduction("fellow", at=10, url="early"), introduction("fellow", at=20)
    for told in (late, early, late):
        store(archive, "a", told)
    assert archive.memory.name_record("valek").introductions == (late,)


def test_a_reading_that_cannot_be_stored_leaves_no_introduction(archive: Archive) -> None:
    broken = dossier("a", "No deal yet.", introductions=[introduction("fellow")])
    (commentary,) = broken.commentaries
    unjudged = dataclasses.replace(commentary.occurrences[0], id="", verdict=None)
    unjudged_too = [dataclasses.replace(commentary, occurrences=[unjudged])]
    with pytest.raises(ValueError, match="not judged"):
        archive.dossiers.store_dossier(dataclasses.replace(broken, commentaries=unjudged_too))
    assert archive.memory.name_record("valek") == NameRecord("valek")


def test_rulings_are_a_log_and_bring_those_whom_they_join(archive: Archive) -> None:
    married = introduction("fellow", name="Irena Moe", key="moe")
    store(archive, "a", introduction("head"), married)
    same = Ruling("1", "same", "Irena Valek", after(1), "Irena Moe", note="by hand")
    never = Ruling("2", "category", "Irena Valek", after(2), category="citizen")
    for ruling, other_key in ((never, ""), (same, "moe"), (same, "moe")):
        archive.persons.decide(ruling, "valek", other_key)
    assert archive.persons.decisions() == [same, never]
    record = archive.memory.name_record("moe")
    assert record.rulings == (same, never)
    assert {i.name for i in record.introductions} == {"Irena Valek", "Irena Moe"}
    assert archive.memory.name_record("valek").rulings == (same, never)
