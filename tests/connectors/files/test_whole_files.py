"""Files that are written whole or not at all, and places that are no files."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from connectors.files.whole_files import replace_file, written_whole


def test_a_file_is_replaced_in_one_step_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "alerts.xml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with written_whole(path) as stream:
        stream.write(b"new")
        assert path.read_bytes() == b"old"
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)
    assert os.listdir(tmp_path) == ["alerts.xml"]


def test_what_fails_half_way_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "alerts.xml"
    path.write_bytes(b"old")

    def break_off() -> None:
        with written_whole(path) as stream:
            stream.write(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["alerts.xml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    path, link = tmp_path / "real", tmp_path / "link"
    path.write_bytes(b"old")
    link.symlink_to(path)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    replace_file(pipe, b"alerts")
    reader.join(10)
    assert heard == [b"alerts"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_stays_a_device() -> None:
    replace_file(Path(os.devnull), b"alerts")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
