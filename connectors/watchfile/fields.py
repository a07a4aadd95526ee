"""What the values of a watch or subscription file may be, and how a wrong one is told.

Validators raise ``mistake(problem, remedy)``, whose text reaches the user as it is.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from connectors.files.feed_lists import is_web_address
from connectors.web.user_agent import read_contact

#: A hundred years: longer ages overflow no timestamp and serve no one.
MAX_DURATION_SECONDS = 36_500 * 86_400

_SECONDS = {"m": 60, "h": 3600, "d": 86_400}


def mistake(problem: str, remedy: str) -> PydanticCustomError:
    """An error whose message is shown unchanged."""
    context = {"problem": problem, "remedy": remedy}
    return PydanticCustomError("mistake", "{problem}; {remedy}", context)


def read_duration(text: str) -> int:
    """Seconds in ``text``: a whole number followed by m, h or d.

    Raises:
        ValueError: with problem and remedy, parted by a semicolon.

    >>> read_duration("90d"), read_duration("12h"), read_duration("30m")
    (7776000, 43200, 1800)
    """
    match = re.fullmatch(r"([0-9]{1,9})([mhd])", text)
    if match is None:
        raise ValueError(
            f"{text[:40]!r} is not a duration; write minutes, hours or days: 30m, 12h, 90d"
        )
    seconds = int(match[1]) * _SECONDS[match[2]]
    if not 0 < seconds <= MAX_DURATION_SECONDS:
        raise ValueError(f"{text!r} is out of range; write 1m to 36500d")
    return seconds


def read_age(text: str) -> int | None:
    """Seconds in ``text``, or None for "all", which sets no limit.

    >>> read_age("7d"), read_age("all")
    (604800, None)
    """
    return None if text == "all" else read_duration(text)


def _duration(text: str) -> str:
    _read_or_mistake(text)
    return text


def _age(text: str) -> str:
    if text != "all":
        _read_or_mistake(text, ' or "all"')
    return text


def _read_or_mistake(text: str, other: str = "") -> None:
    try:
        read_duration(text)
    except ValueError as error:
        problem, _, remedy = str(error).partition("; ")
        raise mistake(problem, remedy + other) from error


def _web_address(text: str) -> str:
    if not is_web_address(text):
        raise mistake(f"{text[:80]!r} is not a web address", "write https://… without a password")
    return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise mistake(f"{text[:40]!r} holds control characters", "remove them")
    return text


def _contact(text: str) -> str:
    try:
        return read_contact(text)
    except ValueError as error:
        problem, _, remedy = str(error).partition("; ")
        raise mistake(problem, remedy) from error


def _or_empty(value: object) -> object:
    return [] if value is None else value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else _or_empty(value)


def list_or_empty(item: Any) -> BeforeValidator:
    """Takes a key without a value for an empty list of ``item``."""
    return BeforeValidator(_or_empty, json_schema_input_type=list[item] | None)


def one_or_list(item: Any) -> BeforeValidator:
    """Takes one text for a list of one ``item``, and a key without a value for an empty one."""
    return BeforeValidator(_listed, json_schema_input_type=item | list[item] | None)


def form(pattern: str, *examples: str) -> WithJsonSchema:
    """How a text is written, for the published schema."""
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_printable),
]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
WebAddress = Annotated[
    str, AfterValidator(_web_address), form("^https?://", "https://news.example/rss.xml")
]
Contact = Annotated[str, AfterValidator(_contact), form("^(https?://|[^@]+@)", "desk@example.org")]
Duration = Annotated[str, AfterValidator(_duration), form("^[0-9]{1,9}[mhd]$", "30m", "90d")]
Age = Annotated[str, AfterValidator(_age), form("^([0-9]{1,9}[mhd]|all)$", "7d", "all")]


class Model(BaseModel):
    """A mapping whose keys are all known, and whose values are of the type they should be.

    The text below each field is its description in the published schema.
    """

    model_config = ConfigDict(strict=True, extra="forbid", use_attribute_docstrings=True)


class FileModel(Model):
    """A whole file."""

    nature: ClassVar[str]  #: what it is, and how it begins

    schema_: Annotated[str | None, Field(alias="$schema")] = None
    """Address of this schema, for editors; Parley does not look at it."""
    version: Literal[1]
    """Version of the format."""
