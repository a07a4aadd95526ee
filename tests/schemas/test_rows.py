"""Every row survives its coder, and nothing in it is pickled but its kinds."""

import dataclasses
import types
import typing

import pytest
from apache_beam import coders
from apache_beam.typehints.schemas import typing_to_runner_api
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.base import ROWS, Instant, Span, row
from transforms.coders import coder_of


def values(hint):
    """A strategy for the values of a field's type."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.none() | values(args[0])
    if origin is typing.Literal:
        return st.sampled_from(args)
    if origin is not None:
        return st.lists(values(args[0]), max_size=2).map(tuple)
    if hint is Instant:
        return st.integers(0, 4 * 10**15).map(lambda micros: Instant(micros=micros))
    if hint is Span:
        return st.tuples(st.integers(0, 99), st.integers(100, 199)).map(lambda ends: Span(*ends))
    if dataclasses.is_dataclass(hint):
        return rows(hint)
    plain = {
        str: st.text(st.characters(codec="utf8"), max_size=8),
        int: st.integers(0, 2**40),
        float: st.floats(0, 1),
        bool: st.booleans(),
        bytes: st.binary(max_size=8),
    }
    return plain[hint]


def rows(cls):
    hints = typing.get_type_hints(cls)
    return st.builds(cls, **{f.name: values(hints[f.name]) for f in dataclasses.fields(cls)})


@pytest.mark.parametrize("cls", ROWS, ids=lambda cls: cls.__name__)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_rows_survive_their_coder(cls, data):
    element = data.draw(rows(cls) if cls is not Span else values(Span))
    coder = coder_of(cls)
    assert isinstance(coder, coders.RowCoder)
    decoded = coder.decode(coder.encode(element))
    assert decoded == element
    assert hash(decoded) == hash(element)


@pytest.mark.parametrize("cls", ROWS, ids=lambda cls: cls.__name__)
def test_only_kinds_are_left_to_the_fallback_coder(cls):
    hints = typing.get_type_hints(cls)
    for field in typing_to_runner_api(cls).row_type.schema.fields:
        if "pythonsdk_any" in str(field.type.logical_type.urn):
            kind = [a for a in (hints[field.name], *typing.get_args(hints[field.name]))
                    if typing.get_origin(a) is typing.Literal]  # fmt: skip
            assert kind, f"{cls.__name__}.{field.name} is pickled"


@pytest.mark.parametrize("ends", [(2, 2), (3, 2), (-1, 2)])
def test_empty_and_reversed_spans_are_refused(ends):
    with pytest.raises(ValueError, match="empty or reversed"):
        Span(*ends)


def test_sequences_become_tuples_before_a_rows_own_validation():
    @row
    class Pair:
        parts: typing.Sequence[str]

        def __post_init__(self) -> None:
            if len(self.parts) != 2:
                raise ValueError(f"{self.parts} is no pair")

    assert Pair(["a", "b"]).parts == ("a", "b")
    with pytest.raises(ValueError, match=r"\('a',\) is no pair"):
        Pair(["a"])
