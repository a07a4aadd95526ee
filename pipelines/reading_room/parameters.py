"""The parameters of an address: each known, given once, and of bounded size."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import QueryParams

_ID = re.compile(r"[\w@.:-]{1,100}")
_MOST_CHARACTERS = 200
#: Larger than the number of any row.
_MOST = 2**62


class BadParameterError(Exception):
    """A parameter that cannot be used: its name, its value, and what to give instead."""


class Parameters:
    """The query of one request.

    Args:
        query: as it was sent.
        known: the names that the page takes.

    Raises:
        BadParameterError: a name is not known, or is given twice.
    """

    def __init__(self, query: QueryParams, known: Sequence[str]) -> None:
        takes = f"this page takes {', '.join(known)}" if known else "this page takes none"
        for name in query:
            if name not in known:
                raise BadParameterError(f"{name[:_MOST_CHARACTERS]}: no parameter; {takes}")
            if len(query.getlist(name)) > 1:
                raise BadParameterError(f"{name}: given more than once; give it once")
        self._query = query

    def text(self, name: str) -> str:
        """Words, without blanks around them; "" if the parameter is not given."""
        found = self._query.get(name, "").strip()
        if len(found) > _MOST_CHARACTERS:
            raise BadParameterError(
                f"{name}: {len(found)} characters; give at most {_MOST_CHARACTERS}"
            )
        if "\x00" in found:
            raise BadParameterError(f"{name}: holds a NUL character; leave it out")
        return found

    def one_of(self, name: str, choices: Sequence[str]) -> str | None:
        """One of the choices; None if the parameter is empty or not given."""
        found = self.text(name)
        if found and found not in choices:
            known = ", ".join(choices) or "none yet"
            raise BadParameterError(f"{name}: {found!r} is not in this archive, which has {known}")
        return found or None

    def number(self, name: str, default: int | None, *, most: int = _MOST) -> int | None:
        """A whole number from 1 to ``most``; ``default`` if the parameter is not given."""
        found = self.text(name)
        if not found:
            return default
        # ASCII only: int() reads the digits of every script.
        if not re.fullmatch(r"[0-9]{1,19}", found) or not 1 <= int(found) <= most:
            raise BadParameterError(f"{name}: {found!r} is no whole number from 1 to {most}")
        return int(found)

    def id(self, name: str) -> str | None:
        """An id; None if the parameter is not given."""
        found = self.text(name)
        if found and not _ID.fullmatch(found):
            raise BadParameterError(f"{name}: {found!r} is no id; take the link of a page")
        return found or None
