"""The same filters on every list, over the sample newsroom."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('archive') / 'parley.db'}"
    code = "from pipelines.cli.app import main; main()"
    command = [sys.executable, "-W", "ignore", "-c", code, "run", "sample", "--no-deliver"]
    given = ["--recorded", "sample", "--archive", url]
    root = Path(__file__).parents[3]
    subprocess.run([*command, *given], cwd=root, check=True, capture_output=True)
    return url


def rows(parley: Any, *given: str) -> list[dict[str, Any]]:
    done = parley(*given, "--json")
    assert done.status == 0
    return [json.loads(line) for line in done.out.splitlines()]


@pytest.mark.parametrize("command", ["alerts", "statements", "persons", "feeds"])
def test_a_limit_and_times_narrow_every_list(command: str, archive: str, parley: Any) -> None:
    given = (command, "--archive", archive)
    assert len(rows(parley, *given)) > 1
    assert len(rows(parley, *given, "--limit", "1")) == 1
    assert rows(parley, *given, "--until", "2001-01-01") == []
    assert rows(parley, *given, "--since", "2001-01-01") == rows(parley, *given)


@pytest.mark.parametrize("command", ["alerts", "statements", "persons"])
def test_a_speaker_narrows_every_list(command: str, archive: str, parley: Any) -> None:
    found = rows(parley, command, "--archive", archive, "--speaker", "Ellison")
    assert found
    assert all("Ellison" in json.dumps(row) for row in found)
    assert rows(parley, command, "--archive", archive, "--speaker", "Nobody Atall") == []


def test_a_limit_of_statements_leaves_the_latest(archive: str, parley: Any) -> None:
    all_ = rows(parley, "statements", "--archive", archive)
    assert rows(parley, "statements", "--archive", archive, "--limit", "2") == all_[-2:]
    shown = parley("statements", "--archive", archive, "--limit", "1", "--speaker", "Ellison").out
    assert len([line for line in shown.splitlines() if not line.startswith(" ")]) == 1


def test_statements_know_jsonl_as_json(archive: str, parley: Any) -> None:
    given = ("statements", "--archive", archive)
    assert parley(*given, "--jsonl").out == parley(*given, "--json").out


def test_persons_of_a_watch(archive: str, parley: Any) -> None:
    given = ("persons", "--archive", archive)
    assert rows(parley, *given, "--watch", "sample") == rows(parley, *given)
    done = parley(*given, "--watch", "nosuch")
    assert done.status == 2
    assert "--watch: 'nosuch': not read for in this archive" in done.err


def test_feeds_of_a_watch(archive: str, parley: Any) -> None:
    assert len(rows(parley, "feeds", "--archive", archive, "--watch", "sample")) == 3


def test_no_colour_is_written_where_nobody_wants_it(
    archive: str, parley: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = "\x1b[34"
    assert coloured in parley("alerts", "--archive", archive, "--full").out
    monkeypatch.setenv("NO_COLOR", "1")
    for given in (("alerts", "--full"), ("statements",), ("persons",), ("feeds",)):
        shown = parley(*given, "--archive", archive).out
        assert not [code for code in range(30, 48) if f"\x1b[{code}m" in shown], given
