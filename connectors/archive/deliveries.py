"""The ledger of deliveries: what waits for which channel, who sends it, what came of it.

Several processes may work one ledger off: a message is put together in one transaction and
claimed in one statement, so that it is sent by one of them. A claim ends by itself; that of a
process on this machine ends with the process (``connectors/processes.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from connectors.archive.routing import OPEN
from connectors.archive.sql import in_chunks, insert_into
from connectors.archive.tables import alerts, closed_channels, deliveries, notices
from schemas.alert import Alert
from schemas.base import Timestamp
from schemas.delivery import Deferral, Delivery, Draft, Notice, WaitsFor

#: What becomes of loose deliveries: those that go as messages, and those that wait.
Composer = Callable[[Sequence[Delivery]], tuple[Sequence[Draft], Sequence[Deferral]]]


#: Kinds of messages that no budget counts.
FREE = ("withdrawal", "silence")


class GivenUp(NamedTuple):
    """What a channel will not get."""

    channel: str
    error: str
    number: int  #: of alerts and notices


@dataclass(frozen=True)
class Claim:
    """Who takes something, and for how long."""

    owner: str
    at: Timestamp
    until: Timestamp
    dead_owners: tuple[str, ...] = ()  #: whose claims have ended with them


def waiting(connection: Connection, channel: str) -> list[Delivery]:
    """What the channel is owed and has not got, in order of recording."""
    is_open = and_(deliveries.c.channel == channel, deliveries.c.status.in_(OPEN))
    return [_delivery(row) for row in connection.execute(_listing().where(is_open))]


def is_owed(connection: Connection, watches: Sequence[str]) -> bool:
    """Whether alerts of the watches are yet to be routed, or to arrive anywhere."""
    unrouted = select(alerts.c.id).where(alerts.c.routed_at.is_(None), alerts.c.watch.in_(watches))
    owed = select(deliveries.c.alert_id).where(deliveries.c.status.in_(OPEN))
    return bool(connection.execute(select(or_(unrouted.exists(), owed.exists()))).scalar_one())


def compose(
    connection: Connection,
    channel: str,
    watches: Sequence[str],
    plan: Composer,
) -> None:
    """Put together as messages what ``plan`` says of the channel's loose deliveries."""
    is_loose = and_(
        deliveries.c.channel == channel,
        deliveries.c.status == "pending",
        deliveries.c.message == "",
        _WATCH.in_(watches),
    )
    rows = connection.execute(_listing().where(is_loose).with_for_update(of=deliveries))
    loose = [_delivery(row) for row in rows]
    if not loose:
        return
    drafts, deferred = plan(loose)
    for draft in drafts:
        message = {"message": draft.id, "kind": draft.kind}
        free = {"waits_for": "", "next_try_at": None, "error": ""}
        _set(connection, channel, draft.alert_ids, **message, **free)
    known = {(d.alert_id, d.waits_for, d.next_try_at) for d in loose if not d.error}
    waits: dict[tuple[WaitsFor, Timestamp], list[str]] = {}
    for each in deferred:
        if (each.alert_id, each.waits_for, each.until) not in known:
            waits.setdefault((each.waits_for, each.until), []).append(each.alert_id)
    for (why, until), alert_ids in waits.items():
        _set(connection, channel, alert_ids, waits_for=why, next_try_at=until, error="")


def _set(connection: Connection, channel: str, alert_ids: Sequence[str], **values: Any) -> None:
    for part in in_chunks(alert_ids):
        of_them = and_(deliveries.c.channel == channel, deliveries.c.alert_id.in_(part))
        connection.execute(update(deliveries).where(of_them).values(values))


def claim(
    connection: Connection,
    channel: str,
    message: str,
    claim: Claim,
    watches: Sequence[str] | None = None,
) -> int:
    """Take a message, or ("") all of the watches that is in none; how many deliveries it is.

    What another process holds stays its own until its claim ends, or it is known to be dead.
    """
    is_free = or_(
        deliveries.c.status.in_(("pending", "failed")),
        and_(
            deliveries.c.status == "claimed",
            or_(
                deliveries.c.claimed_until <= claim.at,
                deliveries.c.claimed_by.in_(claim.dead_owners),
            ),
        ),
    )
    taken = update(deliveries).where(_of(channel, message), is_free)
    if watches is not None:
        taken = taken.where(
            or_(
                *(
                    deliveries.c.alert_id.in_(select(t.c.id).where(t.c.watch.in_(watches)))
                    for t in (alerts, notices)
                )
            )
        )
    values = {"status": "claimed", "claimed_by": claim.owner, "claimed_until": claim.until}
    return int(connection.execute(taken.values(values)).rowcount)


def settle(connection: Connection, channel: str, message: str, owner: str, **values: Any) -> None:
    """Record what became of a message that ``owner`` had claimed."""
    is_ours = and_(_of(channel, message), _is_claimed_by(owner))
    attempted = {
        "attempts": deliveries.c.attempts + 1,
        "claimed_by": "",
        "claimed_until": None,
        **values,
    }
    connection.execute(update(deliveries).where(is_ours).values(attempted))


def hinder(connection: Connection, channel: str, reason: str) -> None:
    """Note why nothing can be sent to the channel; no attempt was made."""
    waits = deliveries.c.status.in_(("pending", "failed"))
    hindered = update(deliveries).where(deliveries.c.channel == channel, waits)
    connection.execute(hindered.values(error=reason))


def move(connection: Connection, old: str, new: str) -> None:
    """Owe to ``new`` what ``old`` was owed, unless it is owed that already."""
    its_own = select(deliveries.c.alert_id).where(deliveries.c.channel == new)
    is_old = deliveries.c.channel == old
    connection.execute(delete(deliveries).where(is_old, deliveries.c.alert_id.in_(its_own)))
    connection.execute(update(deliveries).where(is_old).values(channel=new, error=""))


def alerts_of(connection: Connection, channel: str, message: str, owner: str) -> list[Alert]:
    """The alerts of a message that ``owner`` has claimed, in order of recording."""
    query = select(alerts.c.alert).join(deliveries, deliveries.c.alert_id == alerts.c.id)
    is_held = and_(_of(channel, message), _is_claimed_by(owner))
    return list(connection.execute(query.where(is_held).order_by(alerts.c.number)).scalars())


def notices_of(connection: Connection, channel: str, message: str, owner: str) -> list[Notice]:
    """The notices of a message that ``owner`` has claimed, in order of recording."""
    query = select(notices.c.notice).join(deliveries, deliveries.c.alert_id == notices.c.id)
    is_held = and_(_of(channel, message), _is_claimed_by(owner))
    return list(connection.execute(query.where(is_held).order_by(notices.c.noticed_at)).scalars())


def recent_notices(
    connection: Connection, channel: str, watches: Sequence[str], limit: int
) -> list[Notice]:
    """The latest notices that the channel was owed, sent or not."""
    is_owed = and_(
        deliveries.c.alert_id == notices.c.id,
        deliveries.c.channel == channel,
        deliveries.c.status != "dropped",
        notices.c.watch.in_(watches),
    )
    query = select(notices.c.notice).join(deliveries, is_owed)
    latest = query.order_by(notices.c.noticed_at.desc()).limit(limit)
    return list(connection.execute(latest).scalars())


def _is_claimed_by(owner: str) -> ColumnElement[bool]:
    return and_(deliveries.c.status == "claimed", deliveries.c.claimed_by == owner)


def owners(connection: Connection) -> list[str]:
    """Who holds claims."""
    query = select(deliveries.c.claimed_by).where(deliveries.c.status == "claimed").distinct()
    return list(connection.execute(query).scalars())


def sent_since(connection: Connection, channel: str, since: Timestamp) -> int:
    """How many messages that count for a budget reached the channel at or after ``since``."""
    query = select(func.count(deliveries.c.message.distinct())).where(
        deliveries.c.channel == channel,
        deliveries.c.sent_at >= since,
        deliveries.c.kind.not_in(FREE),
    )
    return int(connection.execute(query).scalar_one())


def close_channel(connection: Connection, channel: str, reason: str, at: Timestamp) -> None:
    """Send nothing more there: what is owed is given up, and so is what comes."""
    insert = insert_into(connection.dialect.name, closed_channels)
    values = {"channel": channel, "reason": reason, "closed_at": at}
    connection.execute(insert.on_conflict_do_nothing(), values)
    owed = and_(deliveries.c.channel == channel, deliveries.c.status.in_(("pending", "failed")))
    given_up = {"status": "given_up", "error": reason, "next_try_at": None}
    connection.execute(update(deliveries).where(owed).values(given_up))


def retry(connection: Connection) -> int:
    """Open closed channels, and make due at once what failed or was given up; how many."""
    connection.execute(delete(closed_channels))
    due = update(deliveries).where(deliveries.c.status.in_(("failed", "given_up")))
    anew = {"status": "pending", "attempts": 0, "next_try_at": None, "is_told": False}
    return int(connection.execute(due.values(anew)).rowcount)


_UNTOLD = and_(deliveries.c.status == "given_up", deliveries.c.is_told.is_(False))


def is_any_untold(connection: Connection) -> bool:
    """Whether anything was given up and not told yet."""
    return connection.execute(select(deliveries.c.alert_id).where(_UNTOLD)).first() is not None


def tell_given_up(connection: Connection) -> list[GivenUp]:
    """What was given up and not told yet, by channel and error; it is, now."""
    told = update(deliveries).where(_UNTOLD).values(is_told=True)  # in one statement: once
    rows = connection.execute(told.returning(deliveries.c.channel, deliveries.c.error))
    counted = Counter((row.channel, row.error) for row in rows)
    return [GivenUp(*each, number) for each, number in sorted(counted.items())]


def all_deliveries(connection: Connection) -> list[Delivery]:
    """The whole ledger, in order of recording."""
    return [_delivery(row) for row in connection.execute(_listing())]


def _of(channel: str, message: str) -> ColumnElement[bool]:
    return and_(deliveries.c.channel == channel, deliveries.c.message == message)


#: A notice counts as of the alert after which its watch fell silent.
_WATCH = func.coalesce(alerts.c.watch, notices.c.watch)
_NUMBER = func.coalesce(alerts.c.number, notices.c.after_number)
_COLUMNS = (
    _WATCH.label("watch"),
    func.coalesce(alerts.c.bundle_id, notices.c.id).label("bundle_id"),
    func.coalesce(alerts.c.type, literal("silence")).label("type"),
    *(column for column in deliveries.c if column.name not in ("sent_at", "is_told")),
)


def _listing() -> Select[Any]:
    joined = (
        select(*_COLUMNS)
        .select_from(deliveries)
        .join(alerts, alerts.c.id == deliveries.c.alert_id, isouter=True)
        .join(notices, notices.c.id == deliveries.c.alert_id, isouter=True)
    )
    is_notice = notices.c.id.is_not(None)
    return joined.order_by(_NUMBER, is_notice, deliveries.c.channel)


def _delivery(row: Row[Any]) -> Delivery:
    values: dict[str, Any] = row._asdict()
    return Delivery(**values)
