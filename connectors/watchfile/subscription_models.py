"""What may stand in a subscription, in a watch or in a file of its own, as pydantic models."""

from __future__ import annotations

import base64
import binascii
import re
import zoneinfo
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from typing_extensions import Self

from connectors.channels.targets import TARGETS, TIMED, VARIABLE, read_target, unset_variable
from connectors.pubsub.addresses import read_pubsub_path
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
from connectors.web.addresses import check_url
from schemas.errors import FetchError
from schemas.subscription import Digest, DigestDay, Muting, Narrowing, QuietHours, Subscription

#: One address, no list and no display name: what a header can hold without quoting.
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_SECRET_PREFIX = "whsec_"  # noqa: S105 -- a mark, not a secret
#: Standard Webhooks asks for 24 to 64 bytes; shorter ones are taken, empty ones sign nothing.
_LEAST_SECRET_BYTES = 8


def _target(text: str) -> str:
    # The whole target is never shown: a webhook's or a messenger's address is a secret.
    kind = text.partition(":")[0]
    target = read_target(text)
    if unset_variable([text]) and (kind in TARGETS or unset_variable([kind])):
        return text  # looked at when the variable is set
    if target is None:
        known = ", ".join(TARGETS.values())
        if kind in TARGETS:
            raise mistake(f"the {kind} target is not whole", f"write {TARGETS[kind]}")
        raise mistake("the target is of no known kind", f"use one of {known}")
    if kind == "mailto" and not _MAIL_ADDRESS.fullmatch(target.place):
        raise mistake("the target is not one plain mail address", "write mailto:name@example.org")
    if kind == "pubsub":
        try:
            read_pubsub_path(text, "topics")
        except ValueError as error:
            what, _, remedy = str(error).partition("; ")
            raise mistake(f"the target {what}", remedy) from error
    if kind == "webhook":
        try:
            check_url(target.place)
        except FetchError as error:
            raise mistake(
                f"the webhook's address: {error.detail}", "write webhook:https://…"
            ) from error
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
        kind = self.to.partition(":")[0]
        if unset_variable([kind]):
            return self
        if self.secret and kind != "webhook":
            raise mistake("the target takes no secret", "remove the key")
        if self.unsubscribe and kind != "mailto":
            raise mistake("only mail has an unsubscribe address", "remove the key")
        timed = [key for key in ("group", "digest", "quiet", "budget") if getattr(self, key)]
        if timed and kind not in TIMED:
            raise mistake(
                f"{timed[0]} is for messages to people (mailto, apprise)", "remove the key"
            )
        if self.group and self.digest:
            raise mistake("group stands beside digest", "keep one of them")
        if len(self._zones()) > 1:
            raise mistake("a subscription has one time zone", "give tz once")
        return self

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
