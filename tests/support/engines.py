"""The streaming engines that tests run on, where tests/engines/install.sh has put them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ENGINES = Path(__file__).parent.parent.parent / "build" / "engines"
PRISM = ENGINES / "prism"
FLINK = ENGINES / "flink-job-server.jar"
HOW = "make test-engines gets it"
#: Set where a missing engine fails the test that needs it.
REQUIRED = "PARLEY_REQUIRE_ENGINES"


def engine_options(engine: str) -> list[str]:
    """What ``parley stream`` is told to run on the engine; skips the test where it is missing."""
    if engine == "prism":
        missing = None if PRISM.exists() else f"{PRISM.name} is not built"
        options = ["--runner", "prism", f"--prism_location={PRISM}"]
    else:
        missing = None if FLINK.exists() and shutil.which("java") else "Flink is not there"
        options = ["--runner", "flink", f"--flink_job_server_jar={FLINK}"]
        options += ["--flink_master=[local]", "--parallelism=1", "--environment_type=LOOPBACK"]
    if missing and os.environ.get(REQUIRED):
        pytest.fail(f"{engine}: {missing}")
    if missing:
        pytest.skip(f"{engine}: {missing}; {HOW}")
    return options
