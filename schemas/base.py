"""What every schema type is made of: the ``row`` decorator, ``Span`` and ``Timestamp``.

Schema modules never use ``from __future__ import annotations`` and write ``Optional[X]``
instead of ``X | None``: Beam's row coder reads the annotations at import, and pickles what
it does not recognise.
"""

import collections.abc
import dataclasses
import typing

from apache_beam import coders
from apache_beam.utils.timestamp import Timestamp
from typing_extensions import dataclass_transform

__all__ = ["Span", "Timestamp", "row"]

T = typing.TypeVar("T")


@dataclass_transform(frozen_default=True)
def row(cls: type[T]) -> type[T]:
    """Freeze ``cls`` and register it with Beam's row coder.

    Fields declared ``Sequence[X]`` are stored as tuples, whatever sequence was given: the
    coder gives lists back, and a list would break equality and hashing. None becomes empty: so
    decodes a field that was added after the row had been encoded.
    """
    sequences = [
        name
        for name, hint in typing.get_type_hints(cls).items()
        if typing.get_origin(hint) is collections.abc.Sequence
    ]
    validate = getattr(cls, "__post_init__", None)

    def __post_init__(self: T) -> None:  # noqa: N807 -- becomes the class's own
        for name in sequences:
            object.__setattr__(self, name, tuple(getattr(self, name) or ()))
        if validate is not None:
            validate(self)

    cls.__post_init__ = __post_init__  # type: ignore[attr-defined]
    frozen = dataclasses.dataclass(frozen=True, slots=True)(cls)
    return typing.cast("type[T]", coders.registry.register_row(frozen))


@row
class Span:
    """Half-open range of Unicode code points in ``Article.text``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}..{self.end} is empty or reversed")
