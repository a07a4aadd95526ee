"""What stands in the ledger of deliveries, and what is sent."""

from collections.abc import Sequence
from typing import Literal, Optional

from schemas.alert import Bundle
from schemas.base import Instant, row

#: dropped: withdrawn before it was sent.
DeliveryStatus = Literal["pending", "claimed", "sent", "failed", "given_up", "dropped"]
#: event: one alert, for a program; bundle: those of one article and watch; group: several
#: bundles that came at about the same time; digest: those of a day or week; rest: what a day's
#: budget left over; withdrawal: that one was wrong; silence: that there is none.
MessageKind = Literal["event", "bundle", "group", "digest", "rest", "withdrawal", "silence"]
#: What is owed: an alert of that type, or the notice that a watch is silent.
OwedType = Literal["new", "updated", "withdrawn", "silence"]
#: For what something waits that nothing hinders: the time of its digest; others to be grouped
#: with; the end of quiet hours; the next day's budget; "" for nothing.
WaitsFor = Literal["", "digest", "group", "quiet", "budget"]


@row
class Delivery:
    """One alert or notice that is owed to one channel."""

    alert_id: str  #: or the notice's
    watch: str
    bundle_id: str  #: the notice's id, too
    channel: str
    subscriptions: Sequence[str]  #: names of those that asked for it there
    status: DeliveryStatus
    recorded_at: Instant
    message: str = ""  #: id of the message it goes with; "" until that is put together
    kind: Optional[MessageKind] = None  #: of that message
    attempts: int = 0
    error: str = ""  #: of the last attempt
    next_try_at: Optional[Instant] = None
    claimed_until: Optional[Instant] = None
    claimed_by: str = ""  #: the process that sends it
    waits_for: WaitsFor = ""  #: until ``next_try_at``
    is_refused: bool = False  #: the receiver took others, and not this one
    type: OwedType = "new"


@row
class Draft:
    """The alerts that go together as one message."""

    id: str  #: hash of channel and alerts: the same message, however often it is tried
    kind: MessageKind
    alert_ids: Sequence[str]


@row
class Deferral:
    """An alert that waits: for what, and until when."""

    alert_id: str
    waits_for: WaitsFor
    until: Instant


@row
class Notice:
    """What is to be said of a watch besides alerts: that there are none."""

    id: str  #: hash of watch and last alert: one silence is told once
    watch: str
    title: str
    text: str
    since: Instant  #: when the last alert was raised
    at: Instant  #: when that was found to be long ago


@row
class Message:
    """What is sent at once to one receiver."""

    id: str
    kind: MessageKind
    bundles: Sequence[Bundle]  #: in order of recording; none of a silence, else at least one
    subscriptions: Sequence[str] = ()  #: names of those that asked for it
    budget: Optional[int] = None  #: of a rest: the messages a day that it came after
    summary: str = ""  #: of a digest: what was read since the one before
    notice: Optional[Notice] = None  #: of a silence
    sent_at: Optional[Instant] = None  #: of this try; None where it is only shown
