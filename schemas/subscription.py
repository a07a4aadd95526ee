"""Who receives a watch's alerts, which of them, and when."""

from collections.abc import Sequence
from dataclasses import field
from typing import Literal, Optional

from schemas.alert import Priority
from schemas.base import row

DigestDay = Literal[
    "day", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]


@row
class Narrowing:
    """Which alerts a subscription takes: of each list that is not empty, one must fit."""

    actors: Sequence[str] = ()  #: ids
    topics: Sequence[str] = ()  #: ids
    speakers: Sequence[str] = ()  #: names, in any spelling
    publishers: Sequence[str] = ()
    priority: Optional[Priority] = None
    #: where actors and topics are looked for: in new statements, or anywhere in the article
    scope: Literal["statement", "article"] = "statement"


@row
class Muting:
    """Which alerts a subscription does without."""

    speakers: Sequence[str] = ()  #: names, in any spelling
    publishers: Sequence[str] = ()
    statements: Sequence[str] = ()  #: ids


@row
class Digest:
    """When one message tells all that came since the last."""

    every: DigestDay
    at_minutes: int  #: after midnight, by the subscription's clock


@row
class QuietHours:
    """When nothing is sent, by the subscription's clock; may span midnight."""

    start_minutes: int  #: after midnight
    end_minutes: int  #: after midnight, not included


@row
class Subscription:
    """Who receives alerts, which, how and when."""

    name: str
    #: "terminal", "atom:FILE", "jsonfeed:FILE", "jsonl:FILE", "webhook:URL", "mailto:ADDRESS" or
    #: "apprise:URL"; never shown, since the last three may be secret. A variable that is not set
    #: stands in it, ``secrets`` and ``unsubscribe`` as in the file: ``${NAME}``
    to: str = field(repr=False)
    secrets: Sequence[str] = field(default=(), repr=False)  #: that sign, the newest first
    watches: Sequence[str] = ()  #: ids; empty: of every watch
    only: Narrowing = Narrowing()
    mute: Muting = Muting()
    group_seconds: int = 0  #: how long the first alert waits for others; 0: not at all
    digest: Optional[Digest] = None
    quiet: Optional[QuietHours] = None
    budget: Optional[int] = None  #: messages a day, past which the rest waits for the next day
    timezone: str = "UTC"  #: of digest, quiet hours and the budget's day
    unsubscribe: str = ""  #: https address that ends the subscription, for mail
