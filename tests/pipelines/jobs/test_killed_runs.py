"""Killing the process at any moment loses nothing and alerts nothing twice."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
POINTS = 12


@pytest.mark.slow
def test_a_killed_run_loses_nothing_and_repeats_nothing(tmp_path):
    script = ROOT / "tests" / "support" / "killed_runs.py"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(script), str(tmp_path), str(POINTS)],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    whole, *killed = [json.loads(line) for line in done.stdout.splitlines()]
    assert whole["alerts"], "the sample raises alerts"
    assert whole["log"] == whole["alerts"]
    assert len(killed) == POINTS
    for found in killed:
        place = f"killed before commit {found['die_at']} of {whole['commits']}"
        assert found["died"], place
        assert found["ended"], place
        assert found["pending"] == [], place
        for part in ("entries", "alerts", "statements", "dead_letters", "log"):
            assert found[part] == whole[part], f"{place}: {part}"
