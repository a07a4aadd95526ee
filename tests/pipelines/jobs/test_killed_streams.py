"""A stream whose parts are killed loses nothing, and repeats nothing under another id."""

import json
import os
import subprocess
import sys

import pytest

from support.engines import engine_options

MESSAGES = 120


@pytest.mark.engines
@pytest.mark.parametrize(("kind", "kills"), [("worker", 2), ("job", 1), ("server", 2)])
def test_a_killed_stream_loses_nothing_and_repeats_nothing(tmp_path, kind, kills, pubsub_host):
    engine_options("flink")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "support.killed_streams",
         kind, str(tmp_path), str(MESSAGES), str(kills)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((".", "tests"))},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    counted = json.loads(done.stdout.splitlines()[-1])
    assert counted["killed"] == kills
    assert counted["missed"] == 0
    assert counted["articles_with_two_alerts"] == 0
