"""The building blocks of every schema type: the ``row`` decorator, ``Span`` and ``Instant``.

Schema modules never use ``from __future__ import annotations`` and write ``Optional[X]``
instead of ``X | None``: Beam's row coder reads the annotations when ``transforms.coders``
registers the rows, and pickles what it does not recognise.
"""

import collections.abc
import dataclasses
import datetime
import functools
import re
import time
import typing

from typing_extensions import Self, dataclass_transform

__all__ = ["ROWS", "Instant", "Span", "row"]

T = typing.TypeVar("T")
#: Every row class, in order of definition: what a row contains stands before it.
ROWS: list[type] = []
_FRACTION = re.compile(r"\.([0-9]{1,6})[0-9]*")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


@functools.total_ordering
class Instant:
    """A moment in UTC, to the microsecond; immutable, ordered and hashable.

    Arithmetic is in seconds: an instant plus or minus a number is an instant, and the difference
    of two instants is a float.

    >>> noon = Instant.from_rfc3339("2025-11-22T12:00:00Z")
    >>> (noon + 90).to_rfc3339(), (noon + 90) - noon, noon - 0.5 < noon
    ('2025-11-22T12:01:30Z', 90.0, True)
    """

    __slots__ = ("_micros",)
    _micros: int

    def __init__(self, seconds: float = 0, micros: int = 0) -> None:
        """The instant that many seconds and microseconds after 1 January 1970.

        A fraction of a microsecond is cut off.
        """
        object.__setattr__(self, "_micros", int(seconds * 1_000_000) + int(micros))

    @property
    def micros(self) -> int:
        """Microseconds since 1 January 1970."""
        return self._micros

    @classmethod
    def now(cls) -> Self:
        """The time of this machine's clock."""
        return cls(micros=time.time_ns() // 1000)

    @classmethod
    def from_utc_datetime(cls, moment: datetime.datetime) -> Self:
        """The instant of a datetime with a zone.

        Raises:
            ValueError: the datetime has no zone.
        """
        if moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone; give it one, such as timezone.utc")
        since = moment - _EPOCH
        return cls(since.days * 86_400 + since.seconds, since.microseconds)

    @classmethod
    def from_rfc3339(cls, text: str) -> Self:
        """The instant that an RFC 3339 date and time names; without an offset, UTC.

        >>> Instant.from_rfc3339("2025-11-22T12:00:00.5Z").to_rfc3339()
        '2025-11-22T12:00:00.500000Z'

        Raises:
            ValueError: the text is no date and time of RFC 3339.
        """
        # Python 3.10 reads fractions of three or six digits only.
        six_digits = _FRACTION.sub(lambda found: f".{found[1]:0<6}", text.strip().upper(), count=1)
        moment = datetime.datetime.fromisoformat(six_digits.replace("Z", "+00:00"))
        return cls.from_utc_datetime(
            moment if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc)
        )

    def to_utc_datetime(self) -> datetime.datetime:
        """The same moment as a datetime in UTC.

        Raises:
            OverflowError: it lies outside the years 1 to 9999.
        """
        return _EPOCH + datetime.timedelta(microseconds=self._micros)

    def to_rfc3339(self) -> str:
        """The moment as RFC 3339 writes it, with a ``Z``; microseconds only if there are any."""
        return self.to_utc_datetime().isoformat().replace("+00:00", "Z")

    def __add__(self, seconds: float) -> Self:
        return type(self)(seconds, self._micros)

    __radd__ = __add__

    @typing.overload
    def __sub__(self, other: "Instant") -> float: ...
    @typing.overload
    def __sub__(self, other: float) -> Self: ...
    def __sub__(self, other: "float | Instant") -> "float | Self":
        if isinstance(other, Instant):
            return (self._micros - other._micros) / 1_000_000
        return type(self)(-other, self._micros)

    def __eq__(self, other: object) -> bool:
        return self._micros == other._micros if isinstance(other, Instant) else NotImplemented

    def __lt__(self, other: "Instant") -> bool:
        if not isinstance(other, Instant):
            return NotImplemented
        return self._micros < other._micros

    def __hash__(self) -> int:
        return hash(self._micros)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"cannot set {name!r}: an Instant is immutable")

    def __reduce__(self) -> tuple[type[Self], tuple[int, int]]:
        return type(self), (0, self._micros)

    def __repr__(self) -> str:
        seconds, micros = divmod(abs(self._micros), 1_000_000)
        fraction = f".{micros:06}" if micros else ""
        return f"Instant({'-' if self._micros < 0 else ''}{seconds}{fraction})"


@dataclass_transform(frozen_default=True)
def row(cls: type[T]) -> type[T]:
    """Freeze ``cls`` and list it in ``ROWS``, which ``transforms.coders`` registers with Beam.

    Fields declared ``Sequence[X]`` are stored as tuples, whatever sequence was passed: the
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
    ROWS.append(frozen)
    return frozen


@row
class Span:
    """Half-open range of Unicode code points in ``Article.text``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"span {self.start}..{self.end} is empty or reversed")
