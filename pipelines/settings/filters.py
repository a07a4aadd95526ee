"""The filters that every list takes: `--watch`, `--speaker`, `--since`, `--until`, `--limit`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from pipelines.settings.speakers import is_meant
from pipelines.settings.times import since as instant_since
from pipelines.settings.times import until as instant_until
from schemas.base import Instant

T = TypeVar("T")


@dataclass(frozen=True)
class Filter:
    """What of a list is wanted; None asks for all."""

    watch: str | None = None
    speaker: str | None = None
    since: Instant | None = None
    until: Instant | None = None
    limit: int | None = None

    @classmethod
    def from_options(
        cls,
        watch: str | None = None,
        speaker: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = None,
    ) -> Filter:
        """Read the options.

        Raises:
            ConfigurationError: a time is none.
        """
        return cls(watch, speaker, instant_since(since), instant_until(until), limit)

    def takes(self, at: Instant | None, *names: str) -> bool:
        """Reports if something of that time is wanted, by a speaker of one of these names.

        >>> Filter(speaker="Ruiz").takes(None, "Ana Ruiz")
        True
        >>> Filter(until=Instant(5)).takes(Instant(6))
        False
        """
        is_timely = at is not None or (self.since, self.until) == (None, None)
        if at is not None:
            is_late = self.since is not None and at < self.since
            is_timely = not is_late and (self.until is None or at <= self.until)
        is_theirs = self.speaker is None or any(is_meant(name, self.speaker) for name in names)
        return is_timely and is_theirs

    def last(self, items: Iterable[T]) -> list[T]:
        """The last of the items, as many as are wanted, in their order.

        >>> Filter(limit=2).last("abc"), Filter().last("abc")
        (['b', 'c'], ['a', 'b', 'c'])
        """
        return list(deque(items, self.limit))
