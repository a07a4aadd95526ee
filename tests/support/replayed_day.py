"""Runs a watch through a day, an hour at a time, and kills the process at chosen moments.

    python replayed_day.py WATCH FEED_URL ARCHIVE_URL KILLS

A moment is a commit of the archive: the process dies by SIGKILL just before it. Each run is an
hour later than the one before, for all that has to do with delivery. After the kills, runs go
on until nothing is owed. Prints one JSON line: kills, runs, and each delivery's fate.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys

import sqlalchemy

import pipelines.deliver
from connectors.archive import open_archive
from connectors.language_models import load_language_model
from pipelines.batch import run
from pipelines.config import MonitorConfig
from pipelines.outbox import Sending
from schemas.base import Timestamp
from schemas.feed import Feed

HOUR = 3600
_MOST_RUNS = 60


def run_in_child(watch: str, feed: str, url: str, number: int, die_at: int) -> bool:
    """One run in a forked process; did it die?"""
    child = os.fork()
    if child == 0:
        commits = 0

        def count(_: object) -> None:
            nonlocal commits
            commits += 1
            if commits == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

        sqlalchemy.event.listen(sqlalchemy.engine.Engine, "commit", count)
        later = functools.partial(_now, number * HOUR)
        pipelines.deliver.Sending = functools.partial(  # type: ignore[misc]
            Sending, now=later, sleep=lambda _: None
        )
        config = MonitorConfig.from_options(
            [watch],
            feeds=[Feed(feed, "The Herald")],
            archive=url,
            allow_hosts=["127.0.0.1"],
            shows_terminal=False,
        )
        summary = run(config, "day")
        print("\n".join(summary.delivered.failures), file=sys.stderr, flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        sys.exit(f"run {number} ended with status {status}")
    return os.WIFSIGNALED(status)


def _now(later: int) -> Timestamp:
    return Timestamp.now() + later


def main() -> None:
    watch, feed, url, kills = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    load_language_model(None)
    died = 0
    for number in range(_MOST_RUNS):
        die_at = 5 + (7 * number) % 31 if died < kills else 0
        died += run_in_child(watch, feed, url, number, die_at)
        if died == kills and not die_at and not _is_owed(url):
            break
    archive = open_archive(url)
    found = archive.ledger.all()
    archive.close()
    fates = [(d.channel, d.alert_id, d.status, d.attempts) for d in found]
    print(json.dumps({"died": died, "runs": number + 1, "fates": fates}))


def _is_owed(url: str) -> bool:
    archive = open_archive(url)
    try:
        return any(d.status in ("pending", "claimed", "failed") for d in archive.ledger.all())
    finally:
        archive.close()


if __name__ == "__main__":
    main()
