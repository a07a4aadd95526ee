"""A job on Flink that is stopped with a savepoint goes on with its memory."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from support.agreement import WATCH
from support.engines import engine_options
from support.killed_streams import Stream, free_port, message

LIMIT_SECONDS = 180


class Flink:
    """The REST interface of an embedded cluster, and what its jobs are started with."""

    def __init__(self, folder: Path) -> None:
        self._port, self._folder = free_port(), folder
        self.url = f"http://127.0.0.1:{self._port}"

    def options(self, savepoint: str = "") -> list[str]:
        """An embedded cluster takes the savepoint from its configuration; a job that is sent to
        another one, from --savepoint_path.
        """
        lines = [f"rest.port: {self._port}", f"rest.bind-port: {self._port}"]
        lines += [f"execution.savepoint.path: {savepoint}"] if savepoint else []
        (self._folder / "flink-conf.yaml").write_text("\n".join(lines) + "\n")
        return [f"--flink_conf_dir={self._folder}", "--parallelism=1"]

    def stop(self) -> str:
        """Stop the job; where its savepoint lies."""
        (job,) = self._ask("/jobs")["jobs"]
        where = {"targetDirectory": f"file://{self._folder}/savepoints", "drain": False}
        request = self._ask(f"/jobs/{job['id']}/stop", where)["request-id"]
        end = time.monotonic() + LIMIT_SECONDS
        while time.monotonic() < end:
            told = self._ask(f"/jobs/{job['id']}/savepoints/{request}")
            if told["status"]["id"] == "COMPLETED":
                return told["operation"]["location"]
            time.sleep(0.2)
        raise TimeoutError(told)

    def _ask(self, path: str, body: dict | None = None) -> dict:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


def told(desk, receiver, wanted):
    """The addresses of so many alerts, once they have come."""
    found, end = [], time.monotonic() + LIMIT_SECONDS
    while len(found) < wanted and time.monotonic() < end:
        found += desk.take(receiver)
        time.sleep(0.2)
    return [json.loads(each.data)["data"]["article"]["url"] for each in found]


def elsewhere(n: int) -> bytes:
    """The same words in another outlet."""
    record = json.loads(message(n))
    return json.dumps({**record, "url": f"https://copy.example/{n}"}).encode()


@pytest.mark.engines
def test_a_job_that_is_stopped_goes_on_with_its_memory(tmp_path, desk):
    engine_options("flink")
    (tmp_path / "watch.yaml").write_text(WATCH)
    flink = Flink(tmp_path)
    news, alerts = desk.topic("news"), desk.topic("alerts")
    source, receiver = desk.subscription(news), desk.subscription(alerts, "receiver")
    stream = Stream(tmp_path, source, alerts, *flink.options())
    try:
        desk.publish(news, [message(1)])
        assert told(desk, receiver, 1) == ["https://wire.example/1"]
        flink.options(flink.stop())
        os.killpg(stream.job.pid, signal.SIGKILL)
        stream.job.wait()
        stream.start()
        desk.publish(news, [elsewhere(1)])
        desk.publish(news, [message(2)])
        after = told(desk, receiver, 1)
        desk.publish(news, [message(3)])
        after += told(desk, receiver, 1)
        assert after == ["https://wire.example/2", "https://wire.example/3"]
    finally:
        stream.close()
