"""A day of runs on one archive, to receivers of every kind that fail in every way, killed often.

    python tests/support/day.py WATCH FEEDS [--kills 20] [--runs 48] [--seed 1]

``FEEDS`` is a list of feeds, by file or address; all on loopback. Prints what arrived where.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

import feedparser
import yaml
from sqlalchemy import create_engine, text

from connectors.archive import open_archive
from support.faulty import Busy, Failing, FaultyMail, FaultyReceiver, Gone, Stalling
from support.pubsub import Desk, Server

ROOT = Path(__file__).parent.parent.parent
#: A run every half hour, by the clock of deliveries.
_INTERVAL_SECONDS = 1800
#: How long a group or digest may hold an alert.
_HELD = {"desk": 3600, "daily": 86400}
_OPEN = ("pending", "claimed", "failed")
#: Runs after the last kill, until nothing is owed: three days of retries.
_MOST_RUNS_MORE = 150
SECRETS = ("s3cret", "whsec_", "ann.desk", "ben.desk")


class Killer:
    """Ends a process when receivers have seen so many requests more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process, self._left = 0, 0
        self.deaths = 0

    def arm(self, process: int, after: int) -> None:
        with self._lock:
            self._process, self._left = process, after

    def disarm(self) -> None:
        with self._lock:
            self._process = 0

    def seen(self) -> None:
        """A receiver has a request, and has not answered it."""
        with self._lock:
            self._left -= 1
            if self._process and not self._left:
                os.kill(self._process, signal.SIGKILL)
                self._process = 0
                self.deaths += 1


class Sent(NamedTuple):
    """A delivery in the end."""

    channel: str
    alert_id: str
    status: str
    attempts: int
    waited: float  #: seconds from recording to sending
    recorded_at: float
    subscriptions: tuple[str, ...]


@dataclass
class Day:
    """What happened."""

    runs: int = 0
    killed: Counter[str] = field(default_factory=Counter)  #: by what had been going on
    kill_times: list[float] = field(default_factory=list)  #: by the clock of deliveries
    deliveries: list[Sent] = field(default_factory=list)
    told: str = ""  #: all that was printed or logged, and the archive's file
    receivers: dict[str, FaultyReceiver] = field(default_factory=dict)
    mail: FaultyMail | None = None
    queue: list[str] = field(default_factory=list)  #: ids of what was published
    logged: list[str] = field(default_factory=list)  #: ids in the file of JSON lines
    entries: list[str] = field(default_factory=list)  #: of the Atom feed

    def alerts(self) -> set[str]:
        return {sent.alert_id for sent in self.deliveries}

    def waits(self) -> dict[str, tuple[float, float]]:
        """For each subscription that is sent messages, the longest that anything waited, in
        hours, and the longest beyond all that may hold it up: the waits of the retry plan after
        each failure of its receiver in that time, a run's interval for each of these and for
        each run that was killed, and its group or digest.
        """
        found: dict[str, tuple[float, float]] = {}
        for sent in self.deliveries:
            for name in sent.subscriptions:
                receiver = self.receivers.get(name, self.mail if name in _HELD else None)
                if sent.status == "sent" and receiver is not None:
                    until = sent.recorded_at + sent.waited
                    planned, failures = receiver.planned(sent.recorded_at, until)
                    dead = sum(sent.recorded_at <= at <= until for at in self.kill_times)
                    may = planned + (failures + dead + 1) * _INTERVAL_SECONDS
                    late = sent.waited - may - _HELD.get(name, 0)
                    before = found.get(name, (0.0, -1e9))
                    found[name] = max(before[0], sent.waited / 3600), max(before[1], late / 3600)
        return found


def live(watch: Mapping[str, Any], feeds: str, folder: Path, **options: Any) -> Day:
    """Live through a day in ``folder``."""
    with ExitStack() as stack:
        return _Life(watch, feeds, folder, stack, **options).lived()


class _Life:
    def __init__(
        self,
        watch: Mapping[str, Any],
        feeds: str,
        folder: Path,
        stack: ExitStack,
        *,
        kills: int,
        runs: int,
        seed: int = 1,
    ) -> None:
        self._random, self._kills, self._runs = random.Random(seed), kills, runs
        self._killer, self._day = Killer(), Day()
        self._url, self._folder, self._offset = f"sqlite:///{folder}/archive.db", folder, 0.0
        receivers = {
            "failing": Failing(seed, self._seen), "busy": Busy(seed, self._seen),
            "stalling": Stalling(seed, self._seen), "gone": Gone(seed, self._seen),
            "chat": Failing(seed + 1, self._seen),
        }  # fmt: skip
        for receiver in receivers.values():
            stack.callback(receiver.close)
        self._day.receivers = receivers
        self._day.mail = stack.enter_context(closing(FaultyMail(seed, self._seen)))
        server = stack.enter_context(closing(Server()))
        self._desk = stack.enter_context(closing(Desk(server.host)))
        topic = self._desk.topic()
        self._reader = self._desk.subscription(topic)
        hooks = [
            {"name": name, "to": f"webhook:{receiver.url}", "secret": "${HOOK_SECRET}"}
            for name, receiver in receivers.items()
            if name != "chat"
        ]
        others = [
            {"name": "platform", "to": topic},
            {"name": "desk", "to": "mailto:ann.desk@example.org", "group": "1h"},
            {"name": "daily", "to": "mailto:ben.desk@example.org", "digest": {"at": "18:00"}},
            {"name": "chat", "to": f"apprise:json://127.0.0.1:{receivers['chat'].port}/s3cret"},
            {"name": "feed", "to": "atom:alerts.xml"},
            {"name": "items", "to": "jsonfeed:alerts.json"},
            {"name": "log", "to": "jsonl:log.jsonl"},
        ]
        file = folder / "day.yaml"
        file.write_text(yaml.safe_dump({**watch, "subscriptions": hooks + others}), "utf8")
        self._errors = stack.enter_context((folder / "errors.txt").open("w+b"))
        script = ROOT / "tests" / "support" / "replayed_day.py"
        self._process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-W", "ignore", script, "day.yaml", feeds, self._url],
                cwd=folder,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=self._environment(server.host),
            )
        )

    def _environment(self, queue: str) -> dict[str, str]:
        assert self._day.mail is not None
        return {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "HOOK_SECRET": "whsec_" + base64.b64encode(b"d" * 32).decode(),
            "PARLEY_SMTP_URL": self._day.mail.url,
            "PARLEY_MAIL_FROM": "Parley <alerts@news.example>",
            "PUBSUB_EMULATOR_HOST": queue,
        }

    def _seen(self) -> float:
        """A receiver was asked: the time by the clock of deliveries."""
        self._killer.seen()
        return self._offset

    def lived(self) -> Day:
        day = self._day
        while day.runs < self._runs or (
            self._is_owed() and day.runs < self._runs + _MOST_RUNS_MORE
        ):
            self._run_once()
        self._process.stdin.close()
        assert self._process.wait(60) == 0, (self._folder / "errors.txt").read_text("utf8")[-3000:]
        day.deliveries = self._sent()
        lines = (self._folder / "log.jsonl").read_bytes().splitlines()
        day.logged = [json.loads(line)["id"] for line in lines]
        day.entries = [e.id for e in feedparser.parse(self._folder / "alerts.xml").entries]
        for name in ("errors.txt", "archive.db"):
            day.told += (self._folder / name).read_bytes().decode("latin-1")
        return day

    def _run_once(self) -> None:
        """One run; while kills are left it may die: in reading, at a commit of the ledger, or
        when a receiver has seen its request and not answered yet.
        """
        day, chance = self._day, self._random
        left = self._kills - day.killed.total()
        # Not every run that is to die does, and in the end little is left to be killed in.
        is_its_turn = chance.random() < 1.5 * left / max(1, self._runs - day.runs)
        ways = ["reading", *["commit"] * 3, *["request"] * 4]
        way = chance.choice(ways) if is_its_turn else ""
        die_at = {"reading": chance.randint(5, 60), "commit": chance.randint(2, 40)}.get(way, 0)
        self._tell(offset=self._offset, die_at=die_at, from_start=way == "reading")
        process = self._answer()["process"]
        if way == "request":
            self._killer.arm(process, chance.randint(1, 6))
        if self._answer()["died"]:
            day.killed[way] += 1
            day.kill_times.append(time.time() + self._offset)
        self._killer.disarm()
        # At once: the server drops what nobody took for ten minutes.
        day.queue += [m.attributes["id"] for m in self._desk.take_all(self._reader)]
        day.runs += 1
        self._offset += _INTERVAL_SECONDS

    def _tell(self, **what: Any) -> None:
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        line = self._process.stdout.readline()
        assert line, (self._folder / "errors.txt").read_text("utf8")[-3000:]
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _is_owed(self) -> bool:
        with closing(open_archive(self._url)) as archive:
            return any(d.status in _OPEN for d in archive.ledger.all())

    def _sent(self) -> list[Sent]:
        engine = create_engine(self._url)
        columns = "channel, alert_id, status, attempts, recorded_at, sent_at, subscriptions"
        with engine.connect() as connection:
            rows = connection.execute(text(f"SELECT {columns} FROM deliveries")).all()
        engine.dispose()
        return [
            Sent(
                row.channel, row.alert_id, row.status, row.attempts,
                ((row.sent_at or row.recorded_at) - row.recorded_at) / 1e6, row.recorded_at / 1e6,
                tuple(json.loads(row.subscriptions)),
            )
            for row in rows
        ]  # fmt: skip


def ids_of_mail(mails: Sequence[EmailMessage]) -> dict[str, list[str]]:
    """By Message-ID, the alerts that a mail tells, by the first characters of their ids."""
    told = {}
    for mail in mails:
        body = mail.get_body(("plain",))
        assert body is not None
        named = re.findall(r"(?i)\balert ([0-9a-f]{8})", " ".join(body.get_content().split()))
        told[mail["Message-ID"]] = sorted(set(named))
    return told


def report(day: Day) -> str:
    """The figures of a day."""
    alerts = day.alerts()
    fates = Counter((s.subscriptions[:1], s.status) for s in day.deliveries)
    lines = [
        f"{day.runs} runs, {day.killed.total()} killed ({dict(day.killed)}), {len(alerts)} alerts, "
        f"{len(day.deliveries)} deliveries: {dict(Counter(s.status for s in day.deliveries))}",
        *(f"  {name}: {status}, {n}" for (name, status), n in sorted(fates.items())),
    ]
    for name, receiver in day.receivers.items():
        statuses = dict(Counter(r.status for r in receiver.requests))
        ids = {r.id for r in receiver.requests}
        lines.append(f"{name}: {len(receiver.requests)} requests {statuses}, {len(ids)} ids")
    assert day.mail is not None
    told = ids_of_mail(day.mail.mails)
    mailed = Counter(alert for alerts in told.values() for alert in alerts)
    lines.append(
        f"mail: {len(day.mail.requests)} tries, {len(day.mail.mails)} taken, {len(told)} "
        f"Message-IDs, {len(mailed)} alerts, most often {max(mailed.values(), default=0)}"
    )
    lines.append(f"queue: {len(day.queue)} messages, {len(set(day.queue))} ids")
    lines.append(f"log: {len(day.logged)} lines, {len(set(day.logged))} ids")
    lines.append(f"atom: {len(day.entries)} entries")
    for name, (waited, late) in day.waits().items():
        lines.append(f"longest wait of {name}: {waited:.1f} h; beyond the plan: {late:.1f} h")
    lines += [f"{secret!r} in output or archive: {day.told.count(secret)}" for secret in SECRETS]
    return "\n".join(lines)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("watch")
    options.add_argument("feeds")
    options.add_argument("--kills", type=int, default=20)
    options.add_argument("--runs", type=int, default=48)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    watch = yaml.safe_load(Path(given.watch).read_text(encoding="utf8"))
    folder = Path(tempfile.mkdtemp(prefix="parley-day-"))
    day = live(watch, given.feeds, folder, kills=given.kills, runs=given.runs, seed=given.seed)
    print(f"{folder}\n{report(day)}")


if __name__ == "__main__":
    main()
