"""What may stand in a watch file, as strict pydantic models; no files are touched here.

The models mirror the file, not the program: ``watch_files`` turns them into plain schemas.
Validators raise ``mistake(problem, remedy)``, whose text reaches the user as it is.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from connectors.feed_lists import is_web_address
from schemas.annotation import Category

#: A hundred years: longer ages overflow no timestamp and serve no one.
MAX_DURATION_SECONDS = 36_500 * 86_400

#: What this version delivers to, and what a watch may name in later ones.
TARGETS = {"terminal": "terminal", "atom": "atom:FILE", "jsonl": "jsonl:FILE"}
TARGETS_TO_COME = ("webhook", "mailto", "apprise", "pubsub")

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


def _target(text: str) -> str:
    # The whole target is never shown: a webhook's or a messenger's address is a secret.
    scheme, _, rest = text.partition(":")
    if text == "terminal" or (scheme in {"atom", "jsonl"} and rest.strip()):
        return text
    known = ", ".join(TARGETS.values())
    if scheme in TARGETS_TO_COME:
        raise mistake(f"{scheme}: this version cannot deliver there yet", f"use one of {known}")
    if scheme in TARGETS:
        raise mistake(f"{scheme}: the target is not whole", f"write {TARGETS[scheme]}")
    raise mistake("the target is of no known kind", f"use one of {known}")


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _or_empty(value: object) -> object:
    return [] if value is None else value


def _not_yet(what: str) -> BeforeValidator:
    def refuse(value: object) -> object:
        raise mistake(f"this version cannot {what} a subscription yet", "remove the key")

    return BeforeValidator(refuse)


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_printable),
]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class FeedItem(_Model):
    """``{url, publisher}`` or ``{opml}``."""

    url: WebAddress | None = None
    publisher: Text | None = None
    opml: Text | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.url is None) == (self.opml is None):
            raise mistake("a feed has a url or an opml file, one of them", "write {url: https://…}")
        if self.opml is not None and self.publisher is not None:
            raise mistake("publisher stands beside opml", "remove it; the OPML names publishers")
        return self


class ActorItem(_Model):
    """Who negotiates, mediates or governs."""

    id: Id
    name: Text
    role: Literal["party", "official"]
    side: Id | None = None
    aliases: Annotated[list[Text], BeforeValidator(_or_empty)] = []


class TopicItem(_Model):
    """What may be talked about."""

    id: Id
    name: Text
    about: Literal["negotiation"] | None = None
    phrases: Annotated[list[Text], Field(min_length=1)]


class AlertOnItem(_Model):
    """Which statements alert."""

    speakers: Annotated[list[Category], Field(min_length=1)] = ["expert"]
    named: bool = True
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.8


class ExpertItem(_Model):
    """A person, by name or as ``{name, affiliation}``."""

    name: Text
    affiliation: Text | None = None


ExpertItems = Annotated[
    list[Annotated[ExpertItem, BeforeValidator(_named)]], BeforeValidator(_or_empty)
]


class ExpertsItem(_Model):
    """Who is, or is not, an expert whatever an article calls them."""

    always: ExpertItems = []
    never: ExpertItems = []


class SubscriptionItem(_Model):
    """Who receives the alerts."""

    name: Text
    to: Annotated[str, AfterValidator(_target)]
    secret: str | None = None
    only: Annotated[None, _not_yet("narrow")] = None
    digest: Annotated[None, _not_yet("digest")] = None

    @model_validator(mode="after")
    def _no_idle_secret(self) -> Self:
        if self.secret is not None:
            raise mistake("the target takes no secret", "remove the key")
        return self


class WatchItem(_Model):
    """A whole watch file."""

    version: Literal[1]
    id: Id
    title: Text
    languages: Annotated[list[Language], Field(min_length=1)] = ["en"]
    horizon: Annotated[str, AfterValidator(_duration)] = "90d"
    max_age: Annotated[str, AfterValidator(_age)] = "7d"
    alert_on: AlertOnItem = AlertOnItem()
    feeds: Annotated[list[FeedItem], BeforeValidator(_or_empty)] = []
    actors: Annotated[list[ActorItem], BeforeValidator(_or_empty)] = []
    topics: Annotated[list[TopicItem], Field(min_length=1)]
    experts: ExpertsItem = ExpertsItem()
    subscriptions: Annotated[list[SubscriptionItem], BeforeValidator(_or_empty)] = []
