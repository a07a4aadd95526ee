"""What a run says when it raised no alert, or few: never a zero alone."""

from __future__ import annotations

import dataclasses
from contextlib import closing
from pathlib import Path

from connectors.archive import open_archive
from pipelines.services.silence import explanation, silence_since
from schemas.base import Instant
from schemas.watch import Watch
from support.dossiers import WATCH, dossier, match
from transforms.core.alerts.silence import Silence

HARBOUR = Watch(WATCH, "Harbour talks", feeds=(), actors=(), topics=())
WORDS = "The quay stays shut until both crews are home."


def told(tmp_path: Path, *, category: str = "expert", **changes: bool) -> list[str]:
    """What a run over one statement says that was met so."""
    there = dossier("quay", WORDS, alerts=False)
    (said,) = there.commentaries[0].occurrences
    met = dataclasses.replace(match(), category=category, **changes)
    one = dataclasses.replace(said, matches=[met])
    commentary = dataclasses.replace(there.commentaries[0], occurrences=[one])
    with closing(open_archive(f"sqlite:///{tmp_path}/a.db")) as archive:
        archive.dossiers.store_dossier(dossier("before", "Said in an earlier run.", alerts=True))
        at = Instant.now()
        archive.dossiers.store_dossier(dataclasses.replace(there, commentaries=[commentary]))
        return [*explanation(silence_since(archive, [HARBOUR], at), 1)]


def test_a_held_statement_is_the_example_of_what_is_held(tmp_path: Path) -> None:
    first, second = told(tmp_path, is_held=True)
    assert first == "1 statement by experts: none alerted on, 1 not"
    assert second.startswith("      1 held; e.g. Irena Valek: “The quay stays shut")
    assert "(The Harbour Herald)" in second


def test_statements_that_are_off_the_subject_say_so(tmp_path: Path) -> None:
    lines = told(tmp_path, on_negotiation=False, is_alertworthy=False)
    assert "1 not about the negotiation; e.g. Irena Valek" in lines[1]


def test_without_experts_those_who_spoke_are_counted(tmp_path: Path) -> None:
    (line,) = told(tmp_path, category="official", is_alertworthy=False)
    assert line.startswith(
        "no statement by experts among 1 statement: 1 by officials; e.g. Irena Valek: “"
    )


def test_where_nothing_was_read_or_said_that_is_told() -> None:
    assert [*explanation(Silence(), 0)] == ["no statements: there was no new article to read"]
    assert [*explanation(Silence(), 2)] == ["no statements: nobody is quoted in 2 articles"]
