"""Instants: arithmetic, order, text and pickles."""

import copy
import math
import pickle
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import Instant

MICROS = st.integers(-(10**16), 10**17)
NOON = Instant.from_rfc3339("2026-11-10T12:00:00Z")


@given(MICROS)
def test_an_instant_survives_text_datetimes_pickles_and_copies(micros):
    instant = Instant(micros=micros)
    assert Instant.from_rfc3339(instant.to_rfc3339()) == instant
    assert Instant.from_utc_datetime(instant.to_utc_datetime()) == instant
    assert pickle.loads(pickle.dumps(instant)) == instant
    assert copy.deepcopy(instant) == instant


@given(MICROS, MICROS)
def test_instants_are_ordered_and_hashed_by_their_microseconds(a, b):
    one, other = Instant(micros=a), Instant(micros=b)
    assert (one < other, one <= other, one == other) == (a < b, a <= b, a == b)
    assert a != b or hash(one) == hash(other)
    assert math.isclose(one - other, (a - b) / 1e6)


@pytest.mark.parametrize("seconds", [0, 1, -1, 0.25, 86_400, 3 * 10**9])
def test_seconds_are_added_and_taken_away(seconds):
    assert (NOON + seconds) - NOON == seconds
    assert seconds + NOON == NOON + seconds
    assert (NOON + seconds) - seconds == NOON


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:01z", 1_000_000),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1970-01-01T00:00:00", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1969-12-31T23:59:59.500000Z", -500_000),
        ("  1970-01-02T00:00:00Z ", 86_400_000_000),
    ],
)
def test_rfc_3339_is_read(text, micros):
    assert Instant.from_rfc3339(text).micros == micros


@pytest.mark.parametrize("text", ["", "noon", "2026-13-01T00:00:00Z", "2026-11-10T25:00:00Z"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        Instant.from_rfc3339(text)


def test_datetimes_need_a_zone_and_may_have_any():
    east = datetime(2026, 11, 10, 14, tzinfo=timezone(timedelta(hours=2)))
    assert Instant.from_utc_datetime(east) == NOON
    with pytest.raises(ValueError, match="no time zone; give it one"):
        Instant.from_utc_datetime(datetime(2026, 11, 10))  # noqa: DTZ001 -- the case


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (Instant(5), "Instant(5)"),
        (Instant(5, 20), "Instant(5.000020)"),
        (Instant(-1.5), "Instant(-1.500000)"),
    ],
)
def test_a_repr_shows_seconds(instant, shown):
    assert repr(instant) == shown


def test_an_instant_is_immutable_and_no_number():
    with pytest.raises(AttributeError, match="immutable"):
        NOON._micros = 0
    with pytest.raises(TypeError):
        assert NOON < 5
    assert NOON.micros != NOON


def test_rows_load_without_beam():
    code = """
import importlib, pkgutil, schemas, sys
for module in pkgutil.iter_modules(schemas.__path__, "schemas."):
    importlib.import_module(module.name)
print(sorted({"apache_beam", "numpy", "spacy"} & set(sys.modules)))
"""
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
