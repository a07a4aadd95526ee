"""What may stand in a subscription, in a watch or in a file of its own, as pydantic models."""

from __future__ import annotations

import base64
import binascii
import re
import zoneinfo
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from typing_extensions import Self

from connectors.channels.registry import KINDS
from connectors.channels.targets import read_target
from connectors.channels.variables import VARIABLE, unset_variable
from connectors.watchfile.fields import (
    Duration,
    FileModel,
    Id,
    Model,
    Text,
    mistake,
    or_empty,
    read_duration,
)
from schemas.subscription import Digest, DigestDay, Muting, Narrowing, QuietHours, Subscription

_SECRET_PREFIX = "whsec_"  # noqa: S105 -- a mark, not a secret
#: Standard Webhooks asks for 24 to 64 bytes; shorter ones are taken, empty ones sign nothing.
_LEAST_SECRET_BYTES = 8
#: Keys for messages that people get one at a time.
_OF_TIMED = ("group", "digest", "quiet", "budget")


def _target(text: str) -> str:
    # The whole target is never shown: a webhook's or a messenger's address is a secret.
    name = text.partition(":")[0]
    kind = KINDS.get(name)
    if unset_variable([text]) and (kind or unset_variable([name])):
        return text  # looked at when the variable is set
    if kind is None:
        known = ", ".join(kind.form for kind in KINDS.values())
        raise mistake("the target is of no known kind", f"use one of {known}")
    target = read_target(text)
    if target is None:
        raise mistake(f"the {name} target is not whole", f"write {kind.form}")
    try:
        kind.check(target.place)
    except ValueError as error:
        problem, _, remedy = str(error).rpartition("; ")
        raise mistake(problem, remedy) from error
    return text


def _secret(text: str) -> str:
    if VARIABLE.fullmatch(text):  # one that is not set
        return text
    body = text.removeprefix(_SECRET_PREFIX)
    try:
        size = len(base64.b64decode(body + "=" * (-len(body) % 4), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if size < _LEAST_SECRET_BYTES:
        raise mistake(
            "not a Standard Webhooks secret",
            'make one: python3 -c "import secrets, base64; '
            "print('whsec_' + base64.b64encode(secrets.token_bytes(32)).decode())\"",
        )
    return text


def _zone(text: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise mistake(
            f"{text[:40]!r} is no time zone", "write one as Europe/Kyiv or UTC"
        ) from error
    return text


def _time(text: str) -> str:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text):
        raise mistake(f"{text[:20]!r} is no time of day", 'write hours and minutes, as in "07:00"')
    return text


def _https(text: str) -> str:
    if unset_variable([text]):
        return text
    if not text.startswith("https://") or not text.isascii() or re.search(r'[\s<>"]', text):
        raise mistake("not an https address", "write https://…")
    return text


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else or_empty(value)


Zone = Annotated[str, AfterValidator(_zone)]
TimeOfDay = Annotated[str, AfterValidator(_time)]
Texts = Annotated[list[Text], BeforeValidator(_listed)]
Ids = Annotated[list[Id], BeforeValidator(_listed)]
StatementId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Secret = Annotated[str, AfterValidator(_secret)]


class NarrowingItem(Model):
    """Which alerts are wanted."""

    actors: Ids = []
    topics: Ids = []
    speakers: Texts = []
    publishers: Texts = []
    priority: Literal["high", "normal"] | None = None
    scope: Literal["statement", "article"] = "statement"


class MutingItem(Model):
    """Which are not."""

    speakers: Texts = []
    publishers: Texts = []
    statements: Annotated[list[StatementId], BeforeValidator(_listed)] = []


class DigestItem(Model):
    """When a digest goes out."""

    every: DigestDay = "day"
    at: TimeOfDay = "07:00"
    tz: Zone | None = None


class QuietItem(Model):
    """When nothing does."""

    from_: Annotated[TimeOfDay, Field(alias="from")]
    to: TimeOfDay
    tz: Zone | None = None

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.from_ == self.to:
            raise mistake(f"begins and ends at {self.to}", "give two times, or remove the key")
        return self


class SubscriptionItem(Model):
    """Who receives the alerts, which, how and when."""

    name: Text
    to: Annotated[str, AfterValidator(_target)]
    secret: Annotated[list[Secret], BeforeValidator(_listed)] = []
    watches: Ids = []
    only: NarrowingItem = NarrowingItem()
    mute: MutingItem = MutingItem()
    group: Duration | None = None
    digest: DigestItem | None = None
    quiet: QuietItem | None = None
    budget: Annotated[int, Field(ge=1)] | None = None
    tz: Zone | None = None
    unsubscribe: Annotated[str, AfterValidator(_https)] | None = None

    @model_validator(mode="after")
    def _fits_the_target(self) -> Self:
        name = self.to.partition(":")[0]
        if unset_variable([name]):
            return self
        kind = KINDS[name]
        if self.secret and "secret" not in kind.keys:
            raise mistake("the target takes no secret", "remove the key")
        if self.unsubscribe and "unsubscribe" not in kind.keys:
            raise mistake("only mail has an unsubscribe address", "remove the key")
        timed = [key for key in _OF_TIMED if getattr(self, key)]
        if timed and not kind.is_timed:
            people = ", ".join(kind.name for kind in KINDS.values() if kind.is_timed)
            raise mistake(f"{timed[0]} is for messages to people ({people})", "remove the key")
        self._check_times()
        return self

    def _check_times(self) -> None:
        if self.group and self.digest:
            raise mistake("group stands beside digest", "keep one of them")
        if len(self._zones()) > 1:
            raise mistake("a subscription has one time zone", "give tz once")

    def _zones(self) -> set[str]:
        given = (self.tz, self.digest and self.digest.tz, self.quiet and self.quiet.tz)
        return {zone for zone in given if zone}

    def to_schema(self) -> Subscription:
        """The subscription as the rest of Parley knows it."""
        only, mute = self.only, self.mute
        return Subscription(
            name=self.name,
            to=self.to,
            secrets=self.secret,
            watches=self.watches,
            only=Narrowing(
                only.actors, only.topics, only.speakers, only.publishers, only.priority, only.scope
            ),
            mute=Muting(mute.speakers, mute.publishers, mute.statements),
            group_seconds=read_duration(self.group) if self.group else 0,
            digest=Digest(self.digest.every, _minutes(self.digest.at)) if self.digest else None,
            quiet=(
                QuietHours(_minutes(self.quiet.from_), _minutes(self.quiet.to))
                if self.quiet
                else None
            ),
            budget=self.budget,
            timezone=next(iter(self._zones()), "UTC"),
            unsubscribe=self.unsubscribe or "",
        )


class SubscriptionsItem(FileModel):
    """A whole file of subscriptions."""

    nature = "a file of subscriptions; begin with version: 1 and subscriptions:"

    version: Literal[1]
    subscriptions: Annotated[list[SubscriptionItem], Field(min_length=1)]


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
