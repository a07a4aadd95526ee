"""Rows as JSON text and back, driven by the type hints of the schema classes."""

from __future__ import annotations

import collections.abc
import dataclasses
import functools
import json
import operator
import typing
from collections.abc import Callable
from typing import Any

from schemas.base import Instant


def to_json(value: object) -> str:
    """Compact JSON of rows, sequences and plain values; instants as microseconds.

    >>> from schemas.base import Span, Instant
    >>> to_json([Span(0, 4), Instant(1)])
    '[{"start":0,"end":4},1000000]'
    """
    return _ENCODER.encode(value)


def from_json(text: str, hint: Any) -> Any:
    """What ``to_json`` was given, for a value of the type ``hint``.

    A field that the text lacks takes its default and a key that the class lacks is passed
    over, so that rows may gain and lose fields without a migration.

    >>> from schemas.base import Span
    >>> from_json('[{"start": 0, "end": 4, "kind": "p"}]', collections.abc.Sequence[Span])
    (Span(start=0, end=4),)
    """
    return _decoder(hint)(json.loads(text))


@functools.cache
def field_names(row_type: type) -> tuple[str, ...]:
    """The names of a row class's fields, in order."""
    return tuple(field.name for field in dataclasses.fields(row_type))


def _plain(value: object) -> object:
    if isinstance(value, Instant):
        return value.micros
    row_type: type = type(value)
    try:
        names, values_of = _getter(row_type)
    except TypeError:
        raise TypeError(f"{row_type.__name__} {value!r} has no place in JSON") from None
    return dict(zip(names, values_of(value), strict=True))


@functools.cache
def _getter(row_type: type) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]:
    names = field_names(row_type)
    get = operator.attrgetter(*names)  # of one name it gives the bare value
    return names, get if len(names) > 1 else lambda row: (get(row),)


_ENCODER = json.JSONEncoder(
    default=_plain, ensure_ascii=False, check_circular=False, separators=(",", ":")
)


@functools.cache
def _decoder(hint: Any) -> Callable[[Any], Any]:
    origin = typing.get_origin(hint)
    if origin is typing.Union:
        inner = _decoder(next(a for a in typing.get_args(hint) if a is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is collections.abc.Sequence:
        item = _decoder(typing.get_args(hint)[0])
        return lambda values: tuple(map(item, values))
    if hint is Instant:
        return lambda value: Instant(micros=value)
    if dataclasses.is_dataclass(hint):
        return _row_decoder(typing.cast("type", hint))
    return lambda value: value


def _row_decoder(row_type: type) -> Callable[[dict[str, Any]], Any]:
    hints = typing.get_type_hints(row_type)
    fields = {name: _decoder(hints[name]) for name in field_names(row_type)}

    def decode(values: dict[str, Any]) -> Any:
        return row_type(**{k: fields[k](v) for k, v in values.items() if k in fields})

    return decode
