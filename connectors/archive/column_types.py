"""Kinds of columns: how text, instants and rows are kept in a database."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Integer, Text, TypeDecorator

from connectors.formats.row_json import from_json, to_json
from schemas.base import Instant

#: What a database cannot store as text: PostgreSQL no NUL, neither of them half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(value: str) -> str:
    if value.isascii() and "\x00" not in value:  # nearly always, and much faster to tell
        return value
    return _UNSTORABLE.sub("\ufffd", value)


class Words(TypeDecorator[str]):
    """Text from anywhere; a character that no database takes becomes U+FFFD, one for one.

    Lengths stay, so spans still fit.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as stored."""
        return None if value is None else _storable(value)


class InstantColumn(TypeDecorator[Instant]):
    """An Instant, as microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Instant | None, dialect: Dialect) -> int | None:
        """The instant as stored."""
        return None if value is None else value.micros

    def process_result_value(self, value: int | None, dialect: Dialect) -> Instant | None:
        """The instant again."""
        return None if value is None else Instant(micros=value)


class Json(TypeDecorator[Any]):
    """Rows or plain values of the type ``hint``, as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, hint: Any) -> None:
        super().__init__()
        self.hint = hint

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """The value as stored."""
        return None if value is None else _storable(to_json(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value again."""
        return None if value is None else from_json(value, self.hint)


def text_column(name: str, *args: Any, **options: Any) -> Column[str]:
    """A column of text, not null unless told otherwise."""
    options.setdefault("nullable", False)
    return Column(name, Words, *args, **options)


def instant_column(name: str, *, nullable: bool = False) -> Column[Instant]:
    """A column of instants."""
    return Column(name, InstantColumn, nullable=nullable)


def json(name: str, hint: Any, *, nullable: bool = False, **options: Any) -> Column[Any]:
    """A column of rows or plain values of the type ``hint``."""
    return Column(name, Json(hint), nullable=nullable, **options)


def number(name: str) -> Column[int]:
    """A number that starts at 0, in rows that were there before the column, too."""
    return Column(name, Integer, nullable=False, server_default="0")
