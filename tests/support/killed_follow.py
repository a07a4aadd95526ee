"""Kills `parley follow` again and again while messages come.

    python killed_follow.py FOLDER MESSAGES KILLS SEED

Each life reads from a Pub/Sub subscription and sends its alerts to a receiver that knows them
by id. At a random moment it dies by SIGKILL and is started anew; the last life is left alone
until the subscription is empty. Prints one JSON line: what came, and what was expected.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from connectors.archive import open_archive
from support.pubsub import Desk
from support.receivers import http_receiver
from support.river_desk import garden, talk, write_watch

#: One message in so many raises an alert.
_ONE_IN = 20
_LONGEST_SECONDS = 600


class Life:
    """A running `parley follow`."""

    def __init__(self, folder: Path, watch: Path, source: str) -> None:
        self.log = (folder / "follow.log").open("ab")
        self._seen = (folder / "follow.log").stat().st_size
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", "from pipelines.cli.app import main; main()",
             "follow", str(watch), "--source", source, "--archive", f"sqlite:///{folder}/a.db",
             "--allow-host", "127.0.0.1"],
            stdout=subprocess.DEVNULL, stderr=self.log, cwd=folder,
        )  # fmt: skip

    def has_begun(self) -> bool:
        """Whether it is at work: before that there is nothing to lose."""
        assert self._process.poll() is None, "it ended by itself"
        with open(self.log.name, "rb") as log:
            log.seek(self._seen)
            return b"following" in log.read()

    def end(self, number: int) -> int:
        self._process.send_signal(number)
        self.log.close()
        return self._process.wait()


def until(is_so, what: str) -> None:
    deadline = time.monotonic() + _LONGEST_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"{what} took too long"
        time.sleep(0.1)


def read_on(folder: Path) -> int:
    """How many articles the archive has looked at to the end."""
    if not (folder / "a.db").exists():
        return 0
    with closing(open_archive(f"sqlite:///{folder}/a.db")) as archive:
        return sum(n for (status, _), n in archive.entries.counts().items() if status != "pending")


def main() -> None:
    folder, messages, kills = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    moments = random.Random(int(sys.argv[4]))
    given = [talk(n // _ONE_IN) if n % _ONE_IN == 0 else garden(n) for n in range(messages)]
    moments.shuffle(given)
    desk = Desk(os.environ["PUBSUB_EMULATOR_HOST"])
    topic = desk.topic()
    source = desk.subscription(topic, ack_deadline_seconds=10)
    desk.publish(topic, given)
    with http_receiver() as receiver:
        watch = write_watch(folder, {"name": "desk", "to": f"webhook:{receiver.url}"})
        died = 0
        for kill in range(kills):
            life = Life(folder, watch, source)
            until(life.has_begun, "the start")
            enough = (kill + moments.random()) / (kills + 1) * messages  # spread over the work
            until(lambda life=life, enough=enough: life.has_begun() and read_on(folder) > enough,
                  "the reading")  # fmt: skip
            time.sleep(moments.uniform(0.0, 0.5))
            died += life.end(signal.SIGKILL) == -signal.SIGKILL
        life = Life(folder, watch, source)
        until(lambda: life.has_begun() and read_on(folder) == messages, "the rest")
        with closing(open_archive(f"sqlite:///{folder}/a.db")) as archive:
            until(lambda: not archive.ledger.is_pending(["river-talks"]), "the sending")
            alerts = [alert.id for alert in archive.alerts.all()]
        status = life.end(signal.SIGTERM)
        came = Counter(receiver.ids)
    print(json.dumps({
        "died": died, "status": status, "read": read_on(folder), "raised": len(alerts),
        "expected": -(-messages // _ONE_IN), "missing": sorted(set(alerts) - set(came)),
        "unknown": sorted(set(came) - set(alerts)), "attempts": sum(came.values()),
        "left": len(desk.take_all(source)),
    }))  # fmt: skip
    desk.close()


if __name__ == "__main__":
    main()
