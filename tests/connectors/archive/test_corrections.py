"""Words that a reader gave to another speaker stay theirs, however often the article is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.archive import Archive
from connectors.archive.corrections import Repair
from schemas.correction import Correction
from schemas.dossier import Dossier
from support.dossiers import after, alert, article, case, dossier, occurrence
from transforms.core.alerts.corrections import said_by

WORDS = "No deal yet."


@pytest.fixture
def corrected(archive: Archive) -> Dossier:
    """An article whose words were Valek's until a reader said that they are Okafor's."""
    first = dossier("talks", WORDS)
    (raised,) = archive.dossiers.store_dossier(first)
    moved = archive.statements.in_article(first.article.id, [s.id for s in raised.statements])
    archive.corrections.record(
        Correction("c1", raised.id, "speaker", after(100), "Tom Okafor"),
        [],
        Repair(
            moved=[o.id for o in moved],
            said=said_by("Tom Okafor", moved, first.article, archive.memory, 86400),
        ),
        case(raised),
        "cases.jsonl",
    )
    return first


def said(archive: Archive) -> list[tuple[str, str]]:
    return sorted((s.speaker, s.text) for s in archive.statements.all())


def test_a_correction_outlasts_another_reading(archive: Archive, corrected: Dossier) -> None:
    assert said(archive) == [("Tom Okafor", WORDS)]
    archive.dossiers.store_dossier(corrected)
    assert said(archive) == [("Tom Okafor", WORDS)]


def test_a_correction_outlasts_an_edit_that_keeps_the_words(
    archive: Archive, corrected: Dossier
) -> None:
    edited = dossier("talks", "Wait for spring.", WORDS, fetched_at=after(200))
    archive.dossiers.store_dossier(edited)
    assert said(archive) == [("Irena Valek", "Wait for spring."), ("Tom Okafor", WORDS)]


def test_words_that_a_reader_gave_away_move_with_an_edit(
    archive: Archive, corrected: Dossier
) -> None:
    edited = dossier("talks", "Wait for spring.", WORDS, fetched_at=after(200))
    archive.dossiers.store_dossier(edited)
    (theirs,) = [s for s in archive.statements.all() if s.speaker == "Tom Okafor"]
    text = edited.article.text
    assert [text[span.start : span.end] for span in theirs.content] == [WORDS]


def test_an_edit_that_removes_the_words_withdraws_them(
    archive: Archive, corrected: Dossier
) -> None:
    archive.dossiers.store_dossier(dossier("talks", "Wait for spring.", fetched_at=after(200)))
    assert said(archive) == [("Irena Valek", "Wait for spring.")]


def test_the_wrong_speaker_is_told_to_no_second_watch(archive: Archive, corrected: Dossier) -> None:
    other = alert(corrected.article, [occurrence("talks", WORDS)], watch="river-talks")
    assert archive.dossiers.store_dossier(replace(corrected, alerts=[other])) == []
    more = [occurrence("talks", words) for words in (WORDS, "Wait for spring.")]
    both = alert(article("talks"), more, watch="river-talks")
    (told,) = archive.dossiers.store_dossier(replace(corrected, alerts=[both]))
    assert [s.text for s in told.statements] == ["Wait for spring."]
    for follows, recorded in ((other.id, False), (told.id, True)):
        back = replace(both, id=f"back {follows}", type="withdrawn", follows=follows)
        assert (
            archive.dossiers.store_dossier(replace(corrected, alerts=[back])) == [back] * recorded
        )
