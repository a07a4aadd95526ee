"""Delivers from an archive again and again, killing the process at chosen moments.

    python killed_deliveries.py WATCH ARCHIVE_URL KILLS

A moment is a commit of the archive: the process dies by SIGKILL just before it, so that a
message is sent and not marked, or claimed and not sent. Then one delivery is left alone.
Prints one JSON line: how many died, and the status of each delivery in the end.
"""

from __future__ import annotations

import json
import os
import signal
import sys

import sqlalchemy

from connectors.archive import open_archive
from pipelines.services.deliver import deliver_due
from pipelines.settings.run_config import MonitorConfig


def deliver_in_child(watch: str, url: str, die_at: int) -> bool:
    """One delivery in a forked process; did it die?"""
    child = os.fork()
    if child == 0:
        commits = 0

        def count(_: object) -> None:
            nonlocal commits
            commits += 1
            if commits == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

        sqlalchemy.event.listen(sqlalchemy.engine.Engine, "commit", count)
        config = MonitorConfig.from_options(
            [watch], archive=url, allow_hosts=["127.0.0.1"], shows_terminal=False
        )
        archive = open_archive(url, channels=config.channels())
        failures = deliver_due(archive, config).failures
        archive.close()
        os._exit(bool(failures))
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main() -> None:
    watch, url, kills = sys.argv[1], sys.argv[2], int(sys.argv[3])
    died = sum(deliver_in_child(watch, url, die_at=6 + n % 9) for n in range(kills))
    deliver_in_child(watch, url, die_at=0)
    archive = open_archive(url)
    statuses = [delivery.status for delivery in archive.ledger.all()]
    archive.close()
    print(json.dumps({"died": died, "statuses": statuses}))


if __name__ == "__main__":
    main()
