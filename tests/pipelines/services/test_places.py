"""Files, links, pipes and devices that channels, cases and annotations are written to.

Whatever stands at a place keeps its type: a link stays a link, a pipe a pipe.
"""

from __future__ import annotations

import json
import os
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console

from connectors.channels.atom import AtomSink
from connectors.channels.json_feed import JsonFeedSink
from connectors.channels.json_lines import JsonLinesSink
from connectors.files.cases import append_case
from connectors.web.warc import RecordingFetcher
from pipelines.services import explain
from schemas.page import Response
from support import alerts
from support.dossiers import alert, article, case, occurrence


class OnePage:
    """A fetcher that always gets the same answer."""

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Response:
        return Response(url, 200, b"<p>No toll yet.</p>", "text/html")

    def lane(self, url: str) -> str:
        return url

    def close(self) -> None:
        pass


def _annotate(place: Path) -> None:
    source = place.parent / "in.jsonl"
    source.write_text(json.dumps({"doc_id": "d1", "text": "Rain fell."}) + "\n", "utf8")
    console = Console(quiet=True)
    explain.annotate_file(source, place, ["sample"], workers=1, model=None, console=console)


def _record(place: Path) -> None:
    with closing(RecordingFetcher(OnePage, place)) as fetcher:
        fetcher.fetch("https://harbour.example/toll")


WRITERS: dict[str, Callable[[Path], None]] = {
    "--out": lambda place: JsonLinesSink(str(place), append=False).write([alerts.bundle()]),
    "jsonl": lambda place: JsonLinesSink(str(place), append=True).write([alerts.bundle()]),
    "atom": lambda place: AtomSink(place).write([alerts.bundle()]),
    "jsonfeed": lambda place: JsonFeedSink(place).write([alerts.bundle()]),
    "cases": lambda place: append_case(
        place, case(alert(article("talks"), [occurrence("talks", "No deal yet.")]))
    ),
    "warc": _record,
    "annotate": _annotate,
}
each_writer = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())


@each_writer
def test_a_link_keeps_leading_to_the_file(write: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    target, link = tmp_path / "kept" / "real", tmp_path / "link"
    link.symlink_to(Path("kept") / "real")
    for _ in range(2):  # first it leads nowhere, then to a file
        write(link)
        assert os.readlink(link) == "kept/real"
        assert target.stat().st_size > 0
    assert os.listdir(tmp_path / "kept") == ["real"]


@each_writer
def test_a_pipe_gets_the_text_and_stays_a_pipe(
    write: Callable[[Path], None], tmp_path: Path
) -> None:
    pipe, heard = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write(pipe)
    reader.join(30)
    assert heard
    assert heard[0]
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert {*os.listdir(tmp_path)} <= {"pipe", "in.jsonl"}


@each_writer
def test_a_device_behind_a_link_stays_a_device(
    write: Callable[[Path], None], tmp_path: Path
) -> None:
    link = tmp_path / "null"
    link.symlink_to(os.devnull)
    write(link)
    assert os.readlink(link) == os.devnull
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


@each_writer
def test_an_open_descriptor_is_written_to(write: Callable[[Path], None], tmp_path: Path) -> None:
    if not Path("/dev/fd").is_dir():
        pytest.fail("needs /dev/fd, as Linux and macOS have it")
    out, into = os.pipe()
    link = tmp_path / "standard-output"
    link.symlink_to(f"/dev/fd/{into}")
    write(link)
    os.close(into)
    with os.fdopen(out, "rb") as stream:
        assert stream.read()
