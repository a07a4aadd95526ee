"""`parley release` and `parley dismiss`: people decide about what was held."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import yaml
from rich.console import Console

from connectors.archive import open_archive
from pipelines.services.held import decide
from schemas.dossier import Dossier
from support.dossiers import WATCH, dossier

URL = "sqlite:///parley.db"
WORDS = ("The quay stays shut until both crews are home.", "Nobody has seen the second draft.")


@pytest.fixture
def held(parley: Any) -> list[str]:
    """An archive that holds two statements of one article; their ids."""
    watch = {
        "version": 1, "id": WATCH, "title": "Harbour talks",
        "feeds": [{"url": "https://herald.example/feed.xml", "publisher": "The Harbour Herald"}],
        "actors": [
            {"id": "varenia", "name": "Varenia", "role": "party", "side": "varenia"},
            {"id": "osk", "name": "Osk", "role": "party", "side": "osk"},
        ],
        "topics": [
            {"id": "ceasefire", "name": "Ceasefire", "about": "negotiation", "phrases": ["truce"]}
        ],
        "subscriptions": [{"name": "log", "to": "jsonl:log.jsonl"}],
    }  # fmt: skip
    Path("harbour.yaml").write_text(yaml.safe_dump(watch), encoding="utf8")
    with closing(open_archive(URL)) as archive:
        archive.dossiers.store_dossier(unsure())
        archive.runs.remember_watch_file(WATCH, str(Path("harbour.yaml").absolute()), "")
        return [item.id for item in archive.held.all()]


def unsure() -> Dossier:
    return dossier("quay", *WORDS, is_held=True, alerts=False)


def logged() -> list[dict[str, Any]]:
    path = Path("log.jsonl")
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def case_kinds() -> list[str]:
    lines = Path("parley.cases.jsonl").read_text("utf8").splitlines()
    return [json.loads(line)["kind"] for line in lines]


def test_a_release_is_sent_once_as_one_alert_of_what_goes_together(
    held: list[str], parley: Any
) -> None:
    done = parley("release", *(id_[:10] for id_ in held))
    assert done.status == 0, done.err
    assert done.err.startswith("released as ")
    assert parley("release", *held).err.count("already released: ") == 2
    (event,) = logged()
    assert [s["text"] for s in event["data"]["statements"]] == [*WORDS]
    assert case_kinds() == ["right", "right"]
    assert parley("alerts", "--held").out == ""
    assert WORDS[0][:20] in parley("alerts", "--held", "--settled").out


def test_a_release_is_taken_back_from_those_who_got_it(held: list[str], parley: Any) -> None:
    assert parley("release", *held).status == 0
    done = parley("release", held[0], "--undo")
    assert done.status == 0, done.err
    assert "held again: " in done.err
    first, withdrawn = logged()
    assert withdrawn["type"] == "parley.commentary.withdrawn"
    assert withdrawn["data"]["follows"] == first["id"]
    assert len(withdrawn["data"]["statements"]) == 1
    assert held[0][:10] in parley("alerts", "--held").out
    assert parley("release", held[0]).status == 0
    assert [event["type"].rpartition(".")[2] for event in logged()] == [
        "new", "withdrawn", "updated"
    ]  # fmt: skip


def test_what_is_dismissed_is_settled_until_that_is_undone(held: list[str], parley: Any) -> None:
    assert parley("dismiss", *held).status == 0
    assert parley("alerts", "--held").err == "nothing held\n"
    assert parley("dismiss", held[1], "--undo").status == 0
    assert case_kinds() == ["wrong", "wrong", "undecided"]
    assert [held[1][:10] in parley("alerts", "--held").out, logged()] == [True, []]
    assert parley("release", held[0]).status == 0  # a change of mind
    assert len(logged()) == 1


def test_a_correction_of_a_released_alert_can_be_undone(held: list[str], parley: Any) -> None:
    assert parley("release", held[0]).status == 0
    (event,) = logged()
    assert parley("wrong", event["id"], "--not-about").status == 0
    assert parley("wrong", event["id"], "--undo").status == 0
    assert parley("release", held[0], "--undo").status == 0
    kinds = [event["type"].rpartition(".")[2] for event in logged()]
    assert kinds == ["new", "withdrawn", "updated", "withdrawn"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("release", "abc"), "give 4 characters of the id or more"),
        (("release", "zzzz"), "no such held statement; `parley alerts --held` lists them"),
        (("dismiss", "ID", "--undo"), "nobody has released or dismissed it"),
        (("release", "ID", "zzzz"), "no such held statement"),
    ],
)
def test_what_cannot_be_decided_says_why_and_decides_nothing(
    held: list[str], parley: Any, arguments: tuple[str, ...], said: str
) -> None:
    done = parley(*(held[0] if each == "ID" else each for each in arguments))
    assert done.status == 2
    assert said in done.err
    with closing(open_archive(URL)) as archive:
        assert [item.decision for item in archive.held.all()] == [None, None]


def test_a_released_statement_is_not_dismissed(held: list[str], parley: Any) -> None:
    assert parley("release", held[0]).status == 0
    done = parley("dismiss", held[0])
    assert done.status == 2
    assert f"was released; `parley release {held[0][:10]} --undo` takes that back" in done.err
    done = parley("dismiss", held[0], "--undo")
    assert done.status == 2


def test_held_statements_are_filtered(held: list[str], parley: Any) -> None:
    for options in (("--speaker", "valek"), ("--speaker", "I. Valek"), ("--watch", WATCH)):
        assert parley("alerts", "--held", *options).out.count("Irena Valek") == 2
    assert parley("alerts", "--held", "--speaker", "Okafor").out == ""
    assert "2 held in all" in parley("alerts", "--held", "--speaker", "Okafor").err
    assert parley("alerts", "--held", "--since", "2025-11-23").out == ""
    assert f"watch {WATCH}" in parley("alerts", "--held").out
    rows = [json.loads(line) for line in parley("alerts", "--held", "--json").out.splitlines()]
    assert [row["id"] for row in rows] == held


def test_hints_name_the_archive_and_can_be_pasted(held: list[str], parley: Any) -> None:
    Path("parley.db").rename("our desk.db")
    url = "sqlite:///our desk.db"
    told = parley("alerts", "--held", "--archive", url).err
    assert f"`parley release {held[0][:10]} --archive '{url}'`" in told
    done = parley("release", held[0], "--archive", url)
    assert f"`parley check {Path('harbour.yaml').absolute()} --cases 'our desk.cases.jsonl'`" in (
        done.err
    )


@pytest.mark.parametrize("undo", [False, True])
def test_a_release_that_is_killed_anywhere_is_neither_lost_nor_repeated(
    held: list[str], parley: Any, undo: bool
) -> None:
    if undo:
        assert parley("release", held[0]).status == 0
    before = len(logged())
    for die_at in range(1, 12):
        _release_in_child(held[0], undo=undo, die_at=die_at)
    assert parley("release", held[0], *(["--undo"] if undo else [])).status in ((0, 2))
    assert parley("deliver").status == 0
    assert len(logged()) == before + 1
    assert case_kinds() == (["right", "undecided"] if undo else ["right"])


def _release_in_child(id_: str, *, undo: bool, die_at: int) -> None:
    """Release in a forked process that dies just before a commit."""
    child = os.fork()
    if child == 0:
        commits = 0

        def count(_: object) -> None:
            nonlocal commits
            commits += 1
            if commits == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

        sqlalchemy.event.listen(sqlalchemy.engine.Engine, "commit", count)
        try:
            decide(URL, [id_], "release", undo=undo, console=Console(file=sys.stderr))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
