"""How rows and instants are encoded, and that every process that runs a stage knows it."""

import pkgutil
import subprocess
import sys

import pytest
from apache_beam.utils.timestamp import Timestamp

import transforms
from schemas.base import Instant
from schemas.feed import FeedEntry
from schemas.page import Page
from schemas.queue_message import QueueMessage
from transforms.coders import coder_of, from_beam, to_beam

STAGES = [m.name for m in pkgutil.iter_modules(transforms.__path__) if not m.ispkg]


def test_an_instants_bytes_are_those_of_beams_timestamp():
    """What a savepoint holds was encoded with Timestamps."""
    message = QueueMessage("i", "s", b"x", Instant(1.5))
    encoded = bytes.fromhex("0400016901730178020001a0c21e")
    assert coder_of(QueueMessage).encode(message) == encoded
    assert coder_of(QueueMessage).decode(encoded) == message


@pytest.mark.parametrize("stated", [None, Instant(micros=-1), Instant(1_794_312_000, 999_999)])
def test_an_optional_instant_survives(stated):
    entry = FeedEntry("i", "f", "u", "c", "t", "p", Instant(0), stated_published_at=stated)
    page = Page(entry, "u", "text/html", b"", Instant(micros=1))
    assert coder_of(Page).decode(coder_of(Page).encode(page)) == page


@pytest.mark.parametrize("micros", [0, 1, -1, 1_794_312_000_000_001])
def test_instants_go_to_beam_and_back(micros):
    assert to_beam(Instant(micros=micros)) == Timestamp(micros=micros)
    assert from_beam(to_beam(Instant(micros=micros))) == Instant(micros=micros)


def test_a_worker_that_loads_any_stage_has_the_rows_registered():
    """A worker unpickles stages, and with them imports their modules; nothing else is sure."""
    code = f"""
import importlib, sys
for name in {STAGES}:
    for loaded in [m for m in sys.modules if m.split(".")[0] in ("schemas", "transforms")]:
        del sys.modules[loaded]
    importlib.import_module(f"transforms.{{name}}")
    assert "transforms.coders" in sys.modules, name
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)
