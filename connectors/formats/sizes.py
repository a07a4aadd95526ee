"""How much of an alert a message shows, and how a message is kept small enough to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True)
class Size:
    """How much of each alert is shown."""

    statements: int  #: at most, the best among them
    characters: int  #: of each statement
    lines: int = 12  #: of each alert, where it is text; the details come on top
    has_details: bool = False
    alerts: int | None = None  #: shown besides their line in the contents; None for all
    listed: int | None = None  #: lines in the contents; None for all


#: More alerts than these are not shown, and more than those not listed: it would be too much.
_MOST_SHOWN, _MOST_LISTED = 150, 400


def sizes(alerts: int) -> Iterator[Size]:
    """Sizes of a message of so many alerts, largest first; the last ones shorten the contents."""
    if alerts <= 3:
        yield Size(5, 600, lines=50, has_details=True)
    if alerts <= 8:
        yield Size(5, 400, lines=30)
    if alerts <= 16:
        yield Size(3, 240)
    if alerts <= _MOST_SHOWN:
        yield Size(2, 180)
        yield Size(1, 160)
        yield Size(1, 110)
    listed = min(alerts, _MOST_LISTED)
    shown = min(alerts, _MOST_SHOWN) // 2
    while shown > 2:
        yield Size(1, 110, alerts=shown, listed=listed)
        shown //= 2
    while listed:
        yield Size(1, 110, alerts=0, listed=listed)
        listed //= 2


def fitting(
    render: Callable[[Size], _T], alerts: int, limit: int, length: Callable[[_T], int]
) -> _T:
    """What ``render`` makes of the largest size that has at most ``limit`` bytes, or of the least.

    >>> fitting(lambda size: "x" * size.characters, 1, 500, len) == "x" * 400
    True
    """
    for size in sizes(alerts):
        rendered = render(size)
        if length(rendered) <= limit:
            break
    return rendered
