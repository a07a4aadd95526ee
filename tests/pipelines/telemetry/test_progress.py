import io
import time

import pytest
from rich.console import Console

from connectors.archive import open_archive
from pipelines.telemetry import progress
from schemas.base import Instant
from schemas.outcome import Skip
from support.newsroom import entry


def shown_while(console, url, work):
    with progress.Progress(url, console):
        work()
        deadline = time.monotonic() + 10
        while "of 2" not in console.file.getvalue() and "1/2" not in console.file.getvalue():
            assert time.monotonic() < deadline, console.file.getvalue()
            time.sleep(0.02)


@pytest.mark.parametrize("is_terminal", [False, True])
def test_what_the_archive_has_seen_done_is_shown(tmp_path, monkeypatch, is_terminal):
    monkeypatch.setattr(progress, "INTERVAL", 0.02)
    monkeypatch.setattr(progress, "LINE_INTERVAL", 0.02)
    url = f"sqlite:///{tmp_path}/x.db"
    archive = open_archive(url)
    console = Console(file=io.StringIO(), force_terminal=is_terminal, width=80)

    def work():
        later = Instant.now() + 60
        archive.entries.record_input([entry("one", seen_at=later), entry("two", seen_at=later)])
        archive.dossiers.store_skip(Skip("id-one", "", "SelectArticles", "no_watch_terms", later))

    shown_while(console, url, work)
    archive.close()
    assert "1 of 2" in console.file.getvalue() or "1/2" in console.file.getvalue()


def test_an_archive_that_cannot_be_opened_is_left_to_the_run_to_tell():
    console = Console(file=io.StringIO())
    with progress.Progress("mongo://nowhere", console):
        pass
    assert console.file.getvalue() == ""
