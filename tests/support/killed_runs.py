"""Runs the sample newsroom again and again, killing the process at chosen moments.

    python killed_runs.py FOLDER POINTS

A moment is a commit of the archive: the process dies by SIGKILL just before it, so that each
transaction of a run is the one that is lost. Each moment gets an archive of its own: one run
that dies, and one that goes on. Runs are forked from one process that has the model loaded.
Prints one JSON line a moment: what the archive and the files hold in the end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import sqlalchemy
import yaml

from connectors.archive import open_archive
from connectors.models.spacy_model import load_language_model
from pipelines.jobs.run import run_batch
from pipelines.settings.run_config import SAMPLE, MonitorConfig

_commits = 0


def watch_file(folder: Path) -> Path:
    """The sample's watch, with a JSON lines file among its subscriptions."""
    watch = yaml.safe_load((SAMPLE / "sample.yaml").read_text(encoding="utf8"))
    watch["alert_on"]["min_confidence"] = 0  # more alerts, more to lose
    watch["subscriptions"] = [{"name": "log", "to": f"jsonl:{folder / 'log.jsonl'}"}]
    path = folder / "watch.yaml"
    path.write_text(yaml.safe_dump(watch), encoding="utf8")
    return path


def run_in_child(folder: Path, die_at: int) -> tuple[bool, int]:
    """One run in a forked process; did it live, and how many commits had it made?"""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sqlalchemy.event.listen(sqlalchemy.engine.Engine, "commit", lambda _: _count(die_at))
        config = MonitorConfig.from_options(
            [str(watch_file(folder))],
            archive=f"sqlite:///{folder}/archive.db",
            out=str(folder / "out.jsonl"),
            recorded="sample",
        )
        run_batch(config, "killed")
        os.write(writer, str(_commits).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        commits = int(pipe.read() or 0)
    _, status = os.waitpid(child, 0)
    if (os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGKILL) or os.WEXITSTATUS(status):
        sys.exit(f"a run ended with status {status}")
    return commits > 0, commits


def _count(die_at: int) -> None:
    global _commits
    _commits += 1
    if _commits == die_at:
        os.kill(os.getpid(), signal.SIGKILL)


def outcome(folder: Path) -> dict:
    """What is there in the end."""
    archive = open_archive(f"sqlite:///{folder}/archive.db")
    statuses: dict[str, int] = {}
    for (status, _reason), n in archive.entries.counts().items():
        statuses[status] = statuses.get(status, 0) + n
    found = {
        "entries": statuses,
        "statements": sorted((s.statement_id, s.article_url) for s in archive.statements.all()),
        "alerts": sorted(alert.id for alert in archive.alerts.all()),
        "dead_letters": sorted(letter.id for letter in archive.dead_letters.all()),
        "pending": [
            delivery.alert_id
            for channel in ("out", "terminal", f"jsonl:{folder / 'log.jsonl'}")
            for delivery in archive.ledger.waiting(channel)
            if delivery.status != "claimed"
        ],
        "log": sorted(
            json.loads(line)["id"]
            for line in (folder / "log.jsonl").read_text(encoding="utf8").splitlines()
        ),
    }
    archive.close()
    return found


def main() -> None:
    root, points = Path(sys.argv[1]), int(sys.argv[2])
    load_language_model()
    whole = root / "whole"
    whole.mkdir()
    _, commits = run_in_child(whole, die_at=0)
    print(json.dumps({"die_at": 0, "commits": commits, **outcome(whole)}), flush=True)
    for point in range(points):
        die_at = 1 + point * (commits - 1) // (points - 1)
        folder = root / str(die_at)
        folder.mkdir()
        lived, _ = run_in_child(folder, die_at)
        again, _ = run_in_child(folder, die_at=0)
        found = {"die_at": die_at, "died": not lived, "ended": again, **outcome(folder)}
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
