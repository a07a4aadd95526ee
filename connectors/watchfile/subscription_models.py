"""What may stand in a subscription, in a watch or in a file of its own, as pydantic models."""

from __future__ import annotations

import base64
import binascii
import re
import zoneinfo
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator
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
    form,
    mistake,
    one_or_list,
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


_KINDS = "|".join(KINDS)
TargetText = Annotated[
    str,
    AfterValidator(_target),
    form(rf"^((?:{_KINDS})(:|$)|\$\{{)", "terminal", "atom:alerts.xml"),
]
Zone = Annotated[str, AfterValidator(_zone), form("^[A-Za-z0-9_+/-]+$", "Europe/Kyiv", "UTC")]
TimeOfDay = Annotated[
    str, AfterValidator(_time), form("^([01][0-9]|2[0-3]):[0-5][0-9]$", "07:00", "22:30")
]
Https = Annotated[
    str, AfterValidator(_https), form(r"^(https://|\$\{)", "https://desk.example/out")
]
Texts = Annotated[list[Text], one_or_list(Text)]
Ids = Annotated[list[Id], one_or_list(Id)]
StatementId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Secret = Annotated[
    str, AfterValidator(_secret), form(rf"^{VARIABLE.pattern}$", "${WEBHOOK_SECRET}")
]


class NarrowingItem(Model):
    """The alerts that are wanted: of each list that is not empty, one must fit."""

    actors: Ids = []
    """Ids of the watch's actors."""
    topics: Ids = []
    """Ids of the watch's topics."""
    speakers: Texts = []
    """Names, in any spelling."""
    publishers: Texts = []
    """Outlets, as alerts show them."""
    priority: Literal["high", "normal"] | None = None
    """high: only direct quotations with the speaker's name beside them."""
    scope: Literal["statement", "article"] = "statement"
    """Where actors and topics are looked for: in the new statements, or in the whole article."""


class MutingItem(Model):
    """The alerts that are not wanted."""

    speakers: Texts = []
    """Names, in any spelling."""
    publishers: Texts = []
    """Outlets, as alerts show them."""
    statements: Annotated[list[StatementId], one_or_list(StatementId)] = []
    """Ids of statements, as `parley alerts --json` shows them."""


class DigestItem(Model):
    """When a digest goes out."""

    every: DigestDay = "day"
    """Each day, or one day of the week."""
    at: TimeOfDay = "07:00"
    """Time of day; in quotation marks."""
    tz: Zone | None = None
    """Time zone, if the subscription gives none."""


class QuietItem(Model):
    """Hours in which nothing is sent; they may span midnight."""

    from_: Annotated[TimeOfDay, Field(alias="from")]
    """Begin, in quotation marks."""
    to: TimeOfDay
    """End, in quotation marks."""
    tz: Zone | None = None
    """Time zone, if the subscription gives none."""

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.from_ == self.to:
            raise mistake(f"begins and ends at {self.to}", "give two times, or remove the key")
        return self


class SubscriptionItem(Model):
    """Who receives the alerts, which, how and when."""

    name: Text
    """Name in `parley deliver --list`; one of a kind in its file."""
    to: TargetText
    """KIND or KIND:PLACE. Parts may be ${NAME}, from the environment."""
    secret: Annotated[list[Secret], one_or_list(Secret)] = []
    """Secrets that sign what a webhook gets, the newest first: ${NAME}, from the environment."""
    watches: Ids = []
    """Ids of the watches whose alerts are sent; default: all that are read."""
    only: NarrowingItem = NarrowingItem()
    """The alerts that are wanted."""
    mute: MutingItem = MutingItem()
    """Speakers, publishers and statements to leave out."""
    group: Duration | None = None
    """How long the first alert waits for others to join it in one message."""
    digest: DigestItem | None = None
    """One message for all that came since the last."""
    quiet: QuietItem | None = None
    """Hours in which nothing is sent."""
    budget: Annotated[int, Field(ge=1)] | None = None
    """Messages a day; the rest waits for the next day."""
    tz: Zone | None = None
    """Time zone of digest, quiet hours and the budget's day."""
    unsubscribe: Https | None = None
    """Address that ends the subscription, for mail."""

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
    """Subscriptions in a file of their own, for `--subscriptions FILE`."""

    nature = "a file of subscriptions; begin with version: 1 and subscriptions:"

    subscriptions: Annotated[list[SubscriptionItem], Field(min_length=1)]
    """Who receives the alerts, which, how and when."""


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)
