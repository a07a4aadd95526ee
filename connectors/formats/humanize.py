"""Times, numbers and lists as people write them."""

from __future__ import annotations

from schemas.base import Instant

#: Not the locale's: the same alert gives the same bytes everywhere.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(at: Instant) -> str:
    """The instant for people, in UTC.

    >>> moment(Instant(1763803800))
    '22 Nov 2025, 09:30 UTC'
    """
    shown = at.to_utc_datetime()
    return f"{shown.day} {_MONTHS[shown.month - 1]} {shown:%Y, %H:%M} UTC"


def percent(fraction: float) -> str:
    """The fraction as a whole percentage.

    >>> percent(0.934)
    '93%'
    """
    return f"{round(100 * fraction)}%"


def listed(people: list[str]) -> str:
    """The names as people list them.

    >>> listed(["Ada Mirren", "Tom Okafor", "Lena Brandt"])
    'Ada Mirren, Tom Okafor and Lena Brandt'
    """
    return " and ".join(filter(None, [", ".join(people[:-1]), *people[-1:]]))


def counted(number: int, noun: str, plural: str = "") -> str:
    """The number with its noun.

    >>> counted(1, "alert"), counted(3, "alert"), counted(0, "entry", "entries")
    ('1 alert', '3 alerts', '0 entries')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {plural or f'{noun}s'}"


def duration(seconds: float) -> str:
    """A length of time in its largest fitting unit.

    >>> duration(0.4), duration(90), duration(5400), duration(3 * 86400)
    ('0 s', '2 min', '2 h', '3 days')
    """
    if seconds < 60:
        return f"{round(seconds)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h" if seconds < 48 * 3600 else f"{round(seconds / 86400)} days"
