"""What cannot be read leaves a stream by its dead letters, and holds up nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.agreement import WATCH
from support.engines import engine_options
from support.killed_streams import message

ROOT = Path(__file__).parents[3]
POISON = {
    b"not JSON": "bad_message",
    b'{"verse": "of no known shape"}': "bad_message",
    b"[" * 100_000: "bad_message",
    b'{"text": 7}': "bad_message",
    b"\xff\x00" * 2_000_000: "bad_message",
    b'{"url": "https://no-such-host.invalid/a"}': "unreachable",
}
LIMIT_SECONDS = 240


def taken(desk, subscription, wanted, job):
    """So many messages, once they have come."""
    found, end = [], time.monotonic() + LIMIT_SECONDS
    while len(found) < wanted and time.monotonic() < end:
        assert job.poll() is None, "the job ended"
        found += desk.take(subscription)
        time.sleep(0.2)
    return found


@pytest.mark.engines
@pytest.mark.parametrize("engine", ["prism", "flink"])
def test_poison_becomes_dead_letters_and_a_summary_tells_of_it(tmp_path, desk, engine):
    (tmp_path / "watch.yaml").write_text(WATCH)
    news, alerts, letters = (desk.topic(name) for name in ("news", "alerts", "letters"))
    source, told, dead = (
        desk.subscription(topic, name)
        for topic, name in ((news, "reader"), (alerts, "told"), (letters, "dead"))
    )
    for body in POISON:
        desk.publish(news, [body])
    desk.publish(news, [message(1)])
    options = engine_options(engine)
    with (tmp_path / "err").open("wb") as err:
        job = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", "from pipelines.cli.app import main; main()",
             "stream", str(tmp_path / "watch.yaml"), "--source", source, "--sink", alerts,
             "--dead-letters", letters, *options],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=err, stderr=err,
            start_new_session=True,
        )  # fmt: skip
    try:
        assert len(taken(desk, told, 1, job)) == 1
        found = taken(desk, dead, len(POISON), job)
        os.killpg(job.pid, signal.SIGINT)  # as a terminal does it: the engine is in the group
        assert job.wait(60) == 0
    finally:
        job.kill()
        job.wait()
    reasons = {each.attributes["id"]: each.attributes["reason"] for each in found}
    assert sorted(reasons.values()) == sorted(POISON.values())
    assert b"not JSON" in [each.data for each in found]
    said = (tmp_path / "err").read_text(errors="replace")
    assert "asked to stop" in said
    assert "Traceback" not in said.partition("asked to stop")[2]
