"""Alert events in a file or on standard output: whole, once each, in order."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from connectors.channels.json_lines import JsonLinesSink
from connectors.formats.cloudevents import event_of, json_line
from schemas.errors import ConfigurationError
from support import alerts
from transforms.core.alerts.withdrawals import withdraw

SENT_AT = alerts.NOON + 60
MIRREN = json_line(event_of(alerts.alert(), SENT_AT))
OKAFOR = json_line(event_of(alerts.okafor(), SENT_AT))


def sink_at(path: str, *, append: bool) -> JsonLinesSink:
    return JsonLinesSink(path, append=append, clock=lambda: SENT_AT)


def test_overwriting_writes_one_event_a_line(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text("something old\n")
    sink_at(str(path), append=False).write([alerts.bundle()])
    assert path.read_bytes() == MIRREN + OKAFOR
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_overwriting_with_nothing_writes_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    sink_at(str(path), append=False).write([])
    assert path.read_bytes() == b""


def test_a_new_file_is_readable_as_the_umask_says(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    umask = os.umask(0o022)
    try:
        sink_at(str(path), append=False).write([])
        assert path.stat().st_mode & 0o777 == 0o644
        path.chmod(0o640)
        sink_at(str(path), append=False).write([])
        assert path.stat().st_mode & 0o777 == 0o640
    finally:
        os.umask(umask)


def test_overwriting_follows_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.jsonl", tmp_path / "link.jsonl"
    target.touch()
    link.symlink_to(target)
    sink_at(str(link), append=False).write([alerts.bundle()])
    assert link.is_symlink()
    assert target.read_bytes() == MIRREN + OKAFOR


@pytest.mark.parametrize("append", [True, False])
def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path, append: bool) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()))
    reader.start()
    sink_at(str(path), append=append).write([alerts.bundle()])
    reader.join(timeout=10)
    assert got == [MIRREN + OKAFOR]
    assert path.is_fifo()


def test_a_failed_overwrite_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old\n")
    sink = sink_at(str(path), append=False)

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match=r"No space left.*out\.jsonl"):
        sink.write([alerts.bundle()])
    assert path.read_bytes() == b"old\n"
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_appending_adds_only_events_that_are_not_there(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    sink_at(str(path), append=True).write([alerts.bundle(alerts.alert())])
    sink_at(str(path), append=True).write([alerts.bundle()])
    sink_at(str(path), append=True).write([alerts.bundle()])
    assert path.read_bytes() == MIRREN + OKAFOR


@pytest.mark.parametrize("cut", [1, 20, len(OKAFOR) // 2, len(OKAFOR) - 1, len(OKAFOR)])
def test_appending_repairs_a_torn_last_line(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(MIRREN + OKAFOR[:cut])
    sink_at(str(path), append=True).write([alerts.bundle()])
    assert path.read_bytes() == MIRREN + OKAFOR


def test_appending_keeps_lines_that_are_not_events(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(b"# notes\n[1]\n\n\xff\n" + OKAFOR)
    sink_at(str(path), append=True).write([alerts.bundle()])
    assert path.read_bytes() == b"# notes\n[1]\n\n\xff\n" + OKAFOR + MIRREN


def test_one_event_given_twice_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    sink_at(str(path), append=True).write([alerts.bundle(), alerts.bundle()])
    assert len(path.read_bytes().splitlines()) == 2


def test_a_withdrawal_is_no_repeat_of_its_alert(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    alert = alerts.alert()
    taken = withdraw(alert, [alert], alert.reasons[0], alerts.NOON)
    for each in (alert, taken, taken):
        bundle = alerts.bundle(each)
        sink_at(str(path), append=True).write([bundle])
    types = [json.loads(line)["type"] for line in path.read_bytes().splitlines()]
    assert types == ["parley.commentary.new", "parley.commentary.withdrawn"]


def test_standard_output(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    print("before")
    sink_at("-", append=False).write([alerts.bundle()])
    out = capsysbinary.readouterr().out
    assert out == b"before\n" + MIRREN + OKAFOR
    assert json.loads(out.splitlines()[1])["id"] == "alert-mirren"


@pytest.mark.parametrize("append", [True, False])
def test_a_place_that_cannot_be_written_is_a_clear_mistake(tmp_path: Path, append: bool) -> None:
    missing = tmp_path / "nowhere" / "alerts.jsonl"
    with pytest.raises(ConfigurationError, match=r"nowhere/alerts\.jsonl.*mkdir -p"):
        sink_at(str(missing), append=append)
    with pytest.raises(ConfigurationError, match="is a folder; name a file"):
        sink_at(str(tmp_path), append=append)
