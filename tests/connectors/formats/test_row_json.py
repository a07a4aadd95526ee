from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.formats.row_json import from_json, to_json
from schemas.alert import Alert
from schemas.annotation import Attribution, Speaker, Tag
from schemas.base import Instant, Span
from schemas.dossier import Dossier, Match
from schemas.feed import FeedEntry
from schemas.outcome import DeadLetter
from schemas.statement import Nearest

st.register_type_strategy(
    Instant, st.integers(-(2**60), 2**60).map(lambda micros: Instant(micros=micros))
)
st.register_type_strategy(
    Span,
    st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)).map(lambda p: Span(p[0], sum(p))),
)
st.register_type_strategy(float, st.floats(allow_nan=False))


@pytest.mark.parametrize(
    "row_type", [Alert, Dossier, Attribution, Speaker, Tag, Match, Nearest, DeadLetter, FeedEntry]
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
@given(data=st.data())
def test_every_row_comes_back_as_it_was(row_type: Any, data: st.DataObject) -> None:
    row = data.draw(st.from_type(row_type))
    assert from_json(to_json(row), row_type) == row


def test_a_row_from_before_a_field_existed_takes_its_default() -> None:
    speaker = from_json('{"name": "Irena Valek", "as_written": "she", "named": true}', Speaker)
    assert speaker == Speaker("Irena Valek", "she", True)


def test_what_json_cannot_hold_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"set \{1\}"):
        to_json([{1}])
