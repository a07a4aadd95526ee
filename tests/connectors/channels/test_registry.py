"""Kinds of channel: one row each says all that sets it apart."""

from __future__ import annotations

import subprocess
import sys

import pytest

from connectors.channels.registry import KINDS, UNSET, kind_of, open_sink
from connectors.channels.targets import Target, read_target
from schemas.errors import ConfigurationError

PLACES = {
    "terminal": "",
    "atom": "a.xml",
    "jsonfeed": "a.json",
    "jsonl": "a.jsonl",
    "webhook": "https://desk.example/hook",
    "mailto": "ines@desk.example",
    "apprise": "json://desk.example",
    "pubsub": "projects/desk/topics/alerts",
}


def test_every_kind_is_read_as_it_is_written() -> None:
    assert PLACES.keys() == KINDS.keys()
    for name, place in PLACES.items():
        target = read_target(f"{name}:{place}" if place else name)
        assert target == Target(name, place)
        assert target.traits is KINDS[name]
        KINDS[name].check(place)


def test_only_the_addresses_of_remote_kinds_are_kept_from_the_ledger() -> None:
    for name, place in PLACES.items():
        is_shown = place in Target(name, place).channel
        assert is_shown is not KINDS[name].is_remote


def test_what_people_get_one_at_a_time_leaves_the_machine() -> None:
    timed = {name for name, kind in KINDS.items() if kind.is_timed}
    assert timed == {"mailto", "apprise"}
    assert all(KINDS[name].is_remote for name in timed)


@pytest.mark.parametrize("text", ["atom:", "atom: ", "terminal:x", "pigeon:coop", UNSET, "unset:x"])
def test_what_is_no_whole_target_is_not_read(text: str) -> None:
    assert read_target(text) is None


@pytest.mark.parametrize("text", ["webhook:https://desk.example", "unset:x", "--out", "jsonl:", ""])
def test_no_sink_opens_for_what_is_not_on_this_machine(text: str) -> None:
    with pytest.raises(ConfigurationError, match="use terminal, atom:FILE, jsonfeed:FILE or jsonl"):
        open_sink(text)


@pytest.mark.parametrize(
    ("name", "place"),
    [("mailto", "a@b, c@d"), ("webhook", "ftp://desk.example"), ("pubsub", "projects/x")],
)
def test_a_place_of_the_wrong_shape_is_told_with_its_remedy(name: str, place: str) -> None:
    with pytest.raises(ValueError, match="; write "):
        KINDS[name].check(place)


def test_what_waits_for_a_variable_counts_as_remote() -> None:
    assert kind_of("unset:0123").is_remote
    assert not kind_of("--out").is_remote


def test_no_channel_is_loaded_before_it_is_opened() -> None:
    code = (
        "import sys, connectors.channels.targets; "
        "print(sys.modules.keys() & {'smtplib', 'feedgenerator', 'standardwebhooks', 'apprise'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
