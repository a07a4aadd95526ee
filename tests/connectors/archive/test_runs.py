from __future__ import annotations

from connectors.archive import Archive
from connectors.archive.runs import Run
from support.dossiers import NOON, WATCH, after


def test_runs_are_listed_latest_first_with_their_summaries(archive: Archive) -> None:
    archive.runs.begin("one", NOON, "run", "in process", [WATCH])
    archive.runs.end("one", after(60), {"articles": 3, "skipped": {"copy": 1}})
    archive.runs.begin("two", after(90), "run", "in process", [WATCH])
    summary = {"articles": 3, "skipped": {"copy": 1}}
    assert archive.runs.all() == [
        Run("two", after(90), None, "run", "in process", (WATCH,), None),
        Run("one", NOON, after(60), "run", "in process", (WATCH,), summary),
    ]


def test_no_password_of_a_command_is_kept(archive: Archive) -> None:
    url = "postgresql://me:s3cret@host/db?user=me&password=s3cret&sslpassword=s3cret&a=b"
    archive.runs.begin("one", NOON, f"run w.yaml --archive {url} --out -", "in process", [WATCH])
    (run,) = archive.runs.all()
    assert run.command == (
        "run w.yaml --archive postgresql://me:***@host/db?user=me&password=***&sslpassword=***&a=b"
        " --out -"
    )
