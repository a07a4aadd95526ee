"""Dates as outlets write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.base import Instant
from transforms.core.text.dates import stated_instant

NOON = Instant.from_rfc3339("2026-11-20T12:00:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T12:00:00Z",
        "2026-11-20T14:00:00.123+0200",
        "Fri, 20 Nov 2026 12:00:00 GMT",
        "20 November 2026 12:00",
        "November 20th, 2026 at 7:00 am EST",
        "Published: Nov 20, 2026 12:00 UTC",
        "Friday, November 20, 2026 | 12:00",
        "1795176000",
        "1795176000000",
    ],
)
def test_one_moment_in_many_forms(text: str) -> None:
    assert stated_instant(text) == NOON


@pytest.mark.parametrize("text", ["", "today", "12:00", "Nov 2026", "20 November", "x" * 500, None])
def test_what_states_no_day_is_no_date(text: object) -> None:
    assert stated_instant(text) is None


def test_day_and_month_that_could_change_places_are_read_as_what_is_past_and_nearest() -> None:
    assert stated_instant("11/12/2026", NOON) == stated_instant("2026-11-12")
    assert stated_instant("02/10/2026", NOON) == stated_instant("2026-10-02")
    assert stated_instant("25/10/2026") == stated_instant("2026-10-25")


@given(st.text(max_size=100))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert stated_instant(text) is None or isinstance(stated_instant(text), Instant)
