"""`parley follow` is killed at random moments: no message is lost, and none alerts twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.engines import REQUIRED

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("messages", "kills"),
    [(200, 3), pytest.param(2000, 20, marks=pytest.mark.engines)],
)
def test_kills_lose_nothing_and_repeat_nothing(tmp_path, desk, messages, kills):
    if messages > 200 and not os.environ.get(REQUIRED):
        pytest.skip("2,000 messages and 20 kills: make test-engines has them")
    script = ROOT / "tests" / "support" / "killed_follow.py"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script), str(tmp_path), str(messages), str(kills),
         "7"],
        capture_output=True, text=True, check=False, timeout=3000,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["died"] == kills
    assert found["status"] == 0, "SIGTERM ends it well"
    assert found["read"] == messages
    assert found["raised"] == found["expected"], "one alert for each that was due"
    assert found["missing"] == found["unknown"] == [], "each reached the receiver under its id"
    assert found["left"] == 0, "all were acknowledged"
