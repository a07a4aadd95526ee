"""`parley check --against`: why experts' statements would not alert."""

import json
from pathlib import Path
from typing import Any

import pytest

WATCH = """
version: 1
id: sudan-talks
title: Sudan talks
actors:
  - {id: sudan, name: Sudan, role: party, side: army, aliases: [Sudanese, Khartoum]}
  - {id: rsf, name: Rapid Support Forces, role: party, side: rsf, aliases: [RSF]}
  - {id: un, name: United Nations, role: official, aliases: [UN]}
MORE
topics:
  - {id: talks, name: Talks, about: negotiation, phrases: [ceasefire talks, truce talks]}
"""
UNITED_STATES = "  - {id: us, name: United States, role: official, aliases: [Washington, American]}"
HOSTED = (
    "The United States opened ceasefire talks on Sudan on Monday. The United States had invited "
    "the Sudanese army and the RSF, and the United States paid for the hall. Envoys of the United "
    "States and diplomats of the United States sat at the table.\n\n"
    "“The ceasefire talks will fail unless the RSF leaves the cities,” said Ida Berg, a senior "
    "fellow at the Tidal Institute.\n\n"
    "“These ceasefire talks are theatre,” an analyst said."
)
ELSEWHERE = "The bakers of Norwick raised their prices on Tuesday, the third time this year."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rows = [
        {"url": "https://wire.example/a", "text": HOSTED, "published_at": "2020-01-01"},
        {"url": "https://wire.example/b", "text": ELSEWHERE},
    ]
    Path("given.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf8")
    return tmp_path


def write_watch(more: str = "") -> None:
    Path("watch.yaml").write_text(WATCH.replace("MORE", more), encoding="utf8")


def test_a_mediator_that_outweighs_the_sides_is_told(folder: Path, parley: Any) -> None:
    write_watch()
    told = parley("check", "watch.yaml", "--against", "given.jsonl").out
    assert "sudan-talks: 2 articles read, 1 of which name none of its topics" in told
    assert "2 statements of experts: 0 would alert" in told
    assert "   2 the article speaks more of United States than of the watch's sides" in told
    assert "if United States hosts or mediates these talks, add it to the actors" in told
    assert "- Ida Berg: The ceasefire talks will fail unless the RSF leaves the cities" in told
    write_watch(UNITED_STATES)
    told = parley("check", "watch.yaml", "--against", "given.jsonl").out
    assert "2 statements of experts: 1 would alert" in told
    assert "   1 the speaker is not named\n       remedy: write alert_on: {named: false}" in told


def test_an_archive_tells_what_was_too_old(folder: Path, parley: Any) -> None:
    write_watch(UNITED_STATES)
    run = ("run", "watch.yaml", "--input", "given.jsonl", "--max-age", "7d")
    assert parley(*run).status == 0
    for place in ("sqlite:///parley.db", "parley.db"):
        told = parley("check", "watch.yaml", "--against", place, "--since", "2019-12-01").out
        assert "2 statements of experts: 0 would alert" in told
        assert "   1 older than max_age when first seen" in told
    assert "0 articles read" in parley("check", "watch.yaml", "--against", "parley.db").out


@pytest.mark.parametrize("place", ["nothing.jsonl", "sqlite:///nothing.db"])
def test_a_place_that_is_not_there_is_a_mistake(folder: Path, place: str, parley: Any) -> None:
    write_watch()
    done = parley("check", "watch.yaml", "--against", place)
    assert (done.status, "--against: " in done.err) == (2, True)
