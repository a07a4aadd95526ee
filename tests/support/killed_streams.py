"""Kills parts of a stream on Flink at random points, and counts what a receiver gets.

    python tests/support/killed_streams.py worker|job|server FOLDER MESSAGES KILLS

Prints one JSON object: how many messages were published, how many alerts came under how many
ids, how many were missed. ``worker`` kills the Python processes that do the work, ``job`` the
JVM with cluster and job, which is started anew without its state.

``server`` kills the Pub/Sub server, which keeps all in memory: messages that nobody has read die
with it, and no reader can mend that. What must hold is what a publisher can rely on: it
publishes again, as the same articles, all that it has no proof of, and each article alerts once
though it came many times. Alerts on a topic would die with the server, too, and could not be
told from lost ones; so the receiver is an archive here, and what stands in it is the proof.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from connectors.archive import open_archive
from support.agreement import WATCH
from support.engines import FLINK
from support.pubsub import ROOT, Desk, Server

#: When nothing more is waited for.
PATIENCE_SECONDS = 300
#: Longer than a lease: what a killed worker held comes again before that.
LEASE_SECONDS = 35
#: Flink 1.19 waits longer after each failure, up to a minute; nobody fails twenty times in ten.
RESTARTS = ("--number_of_execution_retries=1000", "--execution_retry_delay=1000")
PLACES = "harbour bridge granary railway tunnel island frontier hospital reactor orchard"
SEASONS = "spring harvest frost flood thaw equinox monsoon solstice eclipse regatta"


def message(n: int) -> bytes:
    """An article in which an expert says what nobody else says."""
    place, season = PLACES.split()[n % 10], SEASONS.split()[n // 10 % 10]
    words = f"The truce number {n} falls at the {place} on day {n * 7} after the {season}"
    paragraphs = (
        "Norland and Sudria went on with their peace talks on Monday, far from a truce.",
        f"“{words},” said Mirja Oskarsen{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}, "
        "a senior fellow at the Fjord Institute for International Affairs.",
    )
    url = f"https://wire.example/{n}"
    return json.dumps(
        {"url": url, "title": f"Report {n}", "text": "\n\n".join(paragraphs)}
    ).encode()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Stream:
    """A pool of workers, and the job on Flink in a process group of its own."""

    def __init__(self, folder: Path, source: str, sink: str, *more: str) -> None:
        self.watch = folder / "watch.yaml"
        self.watch.write_text(WATCH)
        self.log = (folder / "stream.log").open("ab")
        bin_ = Path(sys.executable).parent
        self.environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}",
            "PYTHONWARNINGS": "ignore",
            "PATH": f"{bin_}:{os.environ['PATH']}",
        }
        port = free_port()
        self.pool = self._start(
            "-m", "apache_beam.runners.worker.worker_pool_main", "--service_port", str(port)
        )
        self.options = [
            str(self.watch), "--source", source, "--sink", sink, "--runner", "flink",
            f"--flink_job_server_jar={FLINK}", "--flink_master=[local]",
            "--environment_type=EXTERNAL", f"--environment_config=localhost:{port}",
            "--checkpointing_interval=1000", *RESTARTS, *more,
        ]  # fmt: skip
        self.start()

    def start(self) -> None:
        self.job = self._start(
            "-c", "from pipelines.cli.app import main; main()", "stream", *self.options
        )

    def check(self) -> None:
        """Raise if the job has ended by itself."""
        if self.job.poll() is not None:
            raise SystemExit(f"the job ended with {self.job.returncode}: see {self.log.name}")

    def kill_worker(self) -> None:
        """Kill one of the processes that the pool started.

        The caller sees to it that it has begun to work: Beam's job server waits for ever for a
        worker that dies before it has connected.
        """
        os.kill(random.choice(_children(self.pool.pid)), signal.SIGKILL)

    def kill_job(self) -> None:
        os.killpg(self.job.pid, signal.SIGKILL)
        self.job.wait()
        self.start()

    def close(self) -> None:
        for process in (self.job, self.pool):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.log.close()

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log,
            start_new_session=True,
        )  # fmt: skip


def _children(parent: int) -> list[int]:
    found = [path.read_text() for path in Path(f"/proc/{parent}/task").glob("*/children")]
    children = [int(pid) for pid in " ".join(found).split()]
    return [pid for child in children for pid in (child, *_children(child))]


class Topic:
    """A receiver behind a topic of the server."""

    def __init__(self, desk: Desk, _folder: Path) -> None:
        self._desk, self.sink = desk, desk.topic("alerts")
        self._subscription = desk.subscription(self.sink, "receiver")

    def take(self) -> Iterator[tuple[str, str]]:
        """(id, url) of each alert that came, be it again."""
        for taken in self._desk.take(self._subscription):
            event = json.loads(taken.data)
            yield event["id"], event["data"]["article"]["url"]


class Archived:
    """The archive as receiver, which outlives the server."""

    def __init__(self, _desk: Desk, folder: Path) -> None:
        self.sink, self._known = f"sqlite:///{folder}/alerts.db", set[str]()

    def take(self) -> Iterator[tuple[str, str]]:
        with contextlib.closing(open_archive(self.sink)) as archive:
            for alert in archive.alerts.all():
                if alert.id not in self._known:
                    self._known.add(alert.id)
                    yield alert.id, alert.article.url
        time.sleep(1)


class News:
    """The articles, handed in portions to a server, which can be killed with all that it holds."""

    def __init__(self, messages: int, portions: int) -> None:
        self._bodies = {f"https://wire.example/{n}": message(n) for n in range(messages)}
        self._portions = (list(self._bodies)[n::portions] for n in range(portions))
        self.published: set[str] = set()
        self._server = Server()
        self.desk = Desk(self._server.host)
        os.environ["PUBSUB_EMULATOR_HOST"] = self._server.host
        self._open_topic()

    def publish_portion(self) -> set[str]:
        """Publish the next portion; the urls of its articles."""
        urls = set(next(self._portions))
        self._publish(urls)
        return urls

    def kill(self, told: Collection[str]) -> None:
        """Kill the server, and start it anew with all articles that nobody has been ``told``."""
        self._server.kill()
        time.sleep(random.uniform(0, 2))
        self._server = Server(after=self._server)
        self._open_topic()
        self._publish(self.published.difference(told))

    def close(self) -> None:
        self.desk.close()
        self._server.close()

    def _open_topic(self) -> None:
        self._topic = self.desk.topic("news")
        self.source = self.desk.subscription(self._topic)

    def _publish(self, urls: Collection[str]) -> None:
        self.published.update(urls)
        self.desk.publish(self._topic, [self._bodies[url] for url in urls])


def run(kind: str, folder: Path, messages: int, kills: int) -> dict[str, object]:
    """Publish a portion of the articles, kill when some of it has been told, and so on.

    What was told of a portion shows that all parts work again since the last kill, whoever is
    killed at that moment has more in hand, and nothing waits for long (Google's server for tests
    drops what nobody took for ten minutes).
    """
    random.seed(messages)
    news = News(messages, kills + 1)
    receiver = (Archived if kind == "server" else Topic)(news.desk, folder)
    came: Counter[str] = Counter()
    told: dict[str, set[str]] = {}
    stream = Stream(folder, news.source, receiver.sink)
    kill = {"worker": stream.kill_worker, "job": stream.kill_job, "server": lambda: news.kill(told)}
    killed, quiet_since = 0, time.monotonic()
    portion = news.publish_portion()
    enough = random.randint(1, len(portion))
    try:
        while time.monotonic() - quiet_since < (
            PATIENCE_SECONDS if len(told) < messages else LEASE_SECONDS
        ):
            stream.check()
            for id_, url in receiver.take():
                came[id_] += 1
                told.setdefault(url, set()).add(id_)
                quiet_since = time.monotonic()
            if killed < kills and len(portion & told.keys()) >= enough:
                time.sleep(random.uniform(0, 1))
                kill[kind]()
                killed, portion = killed + 1, news.publish_portion()
                enough = random.randint(1, len(portion))
            time.sleep(0.1)
    finally:
        stream.close()
        news.close()
    return {
        "published": messages,
        "killed": killed,
        "missed": messages - len(told),
        "missing": sorted(news.published.difference(told)),
        "ids": len(came),
        "repeated_under_one_id": sum(came.values()) - len(came),
        "articles_with_two_alerts": sum(len(ids) > 1 for ids in told.values()),
    }


if __name__ == "__main__":
    kind_, folder_, messages_, kills_ = sys.argv[1:]
    print(json.dumps(run(kind_, Path(folder_), int(messages_), int(kills_))))
