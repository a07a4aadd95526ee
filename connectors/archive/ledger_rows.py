"""The ledger of deliveries: what is owed to which channel, who sends it, what came of it.

Several processes may work one ledger off: a message is put together in one transaction and
claimed in one statement, so that it is sent by one of them. A claim ends by itself; that of a
process on this machine ends with the process (``connectors/processes.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from connectors.archive.rows import in_chunks, insert_into, upsert
from connectors.archive.tables import alerts, articles, closed_channels, deliveries
from schemas.alert import Alert
from schemas.base import Timestamp
from schemas.delivery import Delivery, Draft

#: For an alert and the ids of what its article names: subscription names by channel.
Router = Callable[[Alert, Collection[str]], Mapping[str, Sequence[str]]]

#: What becomes of loose deliveries: drafts, alerts over the budget, and when those are due.
Composer = Callable[[Sequence[Delivery]], tuple[Sequence[Draft], Sequence[str], Timestamp | None]]

_OPEN = ("pending", "failed", "claimed")


@dataclass(frozen=True)
class Claim:
    """Who takes something, and for how long."""

    owner: str
    at: Timestamp
    until: Timestamp
    dead_owners: tuple[str, ...] = ()  #: whose claims have ended with them


def route(
    connection: Connection, watches: Sequence[str], router: Router, at: Timestamp, limit: int
) -> int:
    """Record what the next ``limit`` alerts are owed to; how many alerts that were.

    An alert that takes another back is owed to whoever is owed, or got, that one.
    """
    query = (
        select(alerts.c.alert, articles.c.tags)
        .join(articles, articles.c.id == alerts.c.article_id, isouter=True)
        .where(alerts.c.routed_at.is_(None), alerts.c.watch.in_(watches))
        .order_by(alerts.c.number)
        .limit(limit)
    )
    found = connection.execute(query.with_for_update(of=alerts)).all()
    closed = _closed(connection)
    dialect = connection.dialect.name
    for alert, tags in found:
        asked = (
            _receivers(connection, alert.follows)
            if alert.type == "withdrawn"
            else router(alert, _tags_of(alert, tags or ()))
        )
        rows = [_owed(alert, c, names, at, closed.get(c, "")) for c, names in asked.items()]
        if rows:
            connection.execute(upsert(dialect, deliveries), rows)
    for part in in_chunks([alert.id for alert, _ in found]):
        routed = update(alerts).where(alerts.c.id.in_(part)).values(routed_at=at)
        connection.execute(routed)
    return len(found)


def _receivers(connection: Connection, alert_id: str | None) -> dict[str, Sequence[str]]:
    """The channels that subscriptions led an alert to, with their names."""
    query = select(deliveries.c.channel, deliveries.c.subscriptions).where(
        deliveries.c.alert_id == alert_id, deliveries.c.status.not_in(("given_up", "dropped"))
    )
    return {channel: names for channel, names in connection.execute(query) if names}


def _tags_of(alert: Alert, tags: Sequence[Any]) -> set[str]:
    return {tag.id for tag in tags if tag.watch == alert.watch}


def _owed(
    alert: Alert, channel: str, names: Sequence[str], at: Timestamp, reason: str
) -> dict[str, Any]:
    return {
        **owed_row(alert.id, channel, at),
        "subscriptions": names,
        "status": "given_up" if reason else "pending",
        "error": reason,
    }


def owe_withdrawal(connection: Connection, withdrawal: Alert) -> None:
    """Owe a withdrawal at once to every channel that may have got the alert.

    A delivery that was never tried is dropped instead if nothing of the alert is left; one that
    failed may have arrived all the same. An alert that is not routed yet is then routed nowhere;
    if something of it is left, both are left to ``route``.
    """
    of_alert = deliveries.c.alert_id == withdrawal.follows
    found = select(alerts.c.alert, alerts.c.routed_at).where(alerts.c.id == withdrawal.follows)
    followed, routed_at = connection.execute(found).one()
    is_whole = new_ids(withdrawal) >= new_ids(followed)
    if is_whole:
        untried = and_(of_alert, deliveries.c.status == "pending", deliveries.c.attempts == 0)
        connection.execute(update(deliveries).where(untried).values(status="dropped"))
    elif routed_at is None:
        return
    told = select(deliveries.c.channel, deliveries.c.subscriptions).where(
        of_alert, deliveries.c.status.in_(("sent", *_OPEN))
    )
    at = withdrawal.alerted_at
    rows = [
        {**owed_row(withdrawal.id, row.channel, at), "subscriptions": row.subscriptions}
        for row in connection.execute(told)
    ]
    if rows:
        connection.execute(upsert(connection.dialect.name, deliveries), rows)
    both = alerts.c.id.in_((withdrawal.id, withdrawal.follows))
    unrouted = and_(both, alerts.c.routed_at.is_(None))
    connection.execute(update(alerts).where(unrouted).values(routed_at=at))


def new_ids(alert: Alert) -> set[str]:
    """The statements that the alert tells as new."""
    return {statement.id for statement in alert.statements if statement.verdict == "new"}


def owed_row(alert_id: str, channel: str, at: Timestamp) -> dict[str, Any]:
    """A pending delivery as a row of the table."""
    return {
        "alert_id": alert_id,
        "channel": channel,
        "status": "pending",
        "attempts": 0,
        "error": "",
        "subscriptions": (),
        "recorded_at": at,
        "message": "",
        "claimed_by": "",
        "is_over_budget": False,
        "is_refused": False,
    }


def waiting(connection: Connection, channel: str) -> list[Delivery]:
    """What the channel is owed and has not got, in order of recording."""
    is_open = and_(deliveries.c.channel == channel, deliveries.c.status.in_(_OPEN))
    return [_delivery(row) for row in connection.execute(_listing().where(is_open))]


def is_owed(connection: Connection, watches: Sequence[str]) -> bool:
    """Whether alerts of the watches are yet to be routed, or to arrive anywhere."""
    unrouted = select(alerts.c.id).where(alerts.c.routed_at.is_(None), alerts.c.watch.in_(watches))
    owed = select(deliveries.c.alert_id).where(deliveries.c.status.in_(_OPEN))
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
        alerts.c.watch.in_(watches),
    )
    rows = connection.execute(_listing().where(is_loose).with_for_update(of=deliveries))
    loose = [_delivery(row) for row in rows]
    if not loose:
        return
    drafts, over_budget, until = plan(loose)
    for draft in drafts:
        _set(connection, channel, draft.alert_ids, message=draft.id, kind=draft.kind)
    _set(connection, channel, over_budget, is_over_budget=True, next_try_at=until)


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
        of_watches = select(alerts.c.id).where(alerts.c.watch.in_(watches))
        taken = taken.where(deliveries.c.alert_id.in_(of_watches))
    values = {"status": "claimed", "claimed_by": claim.owner, "claimed_until": claim.until}
    return int(connection.execute(taken.values(values)).rowcount)


def settle(connection: Connection, channel: str, message: str, owner: str, **values: Any) -> None:
    """Record what became of a message that ``owner`` had claimed."""
    is_ours = and_(
        _of(channel, message), deliveries.c.status == "claimed", deliveries.c.claimed_by == owner
    )
    attempted = {
        "attempts": deliveries.c.attempts + 1,
        "claimed_by": "",
        "claimed_until": None,
        **values,
    }
    connection.execute(update(deliveries).where(is_ours).values(attempted))


def alerts_of(
    connection: Connection, channel: str, message: str, owner: str | None = None
) -> list[Alert]:
    """The alerts of a message, in order of recording; only those ``owner`` holds, if given."""
    query = select(alerts.c.alert).join(deliveries, deliveries.c.alert_id == alerts.c.id)
    query = query.where(_of(channel, message)).order_by(alerts.c.number)
    if owner is not None:
        query = query.where(deliveries.c.status == "claimed", deliveries.c.claimed_by == owner)
    return list(connection.execute(query).scalars())


def owners(connection: Connection) -> list[str]:
    """Who holds claims."""
    query = select(deliveries.c.claimed_by).where(deliveries.c.status == "claimed").distinct()
    return list(connection.execute(query).scalars())


def sent_since(connection: Connection, channel: str, since: Timestamp) -> int:
    """How many messages reached the channel at or after ``since``."""
    query = select(func.count(deliveries.c.message.distinct())).where(
        deliveries.c.channel == channel, deliveries.c.sent_at >= since
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
    return int(
        connection.execute(due.values(status="pending", attempts=0, next_try_at=None)).rowcount
    )


def all_deliveries(connection: Connection) -> list[Delivery]:
    """The whole ledger, in order of recording."""
    return [_delivery(row) for row in connection.execute(_listing())]


def _closed(connection: Connection) -> dict[str, str]:
    query = select(closed_channels.c.channel, closed_channels.c.reason)
    return {row.channel: row.reason for row in connection.execute(query)}


def _of(channel: str, message: str) -> ColumnElement[bool]:
    return and_(deliveries.c.channel == channel, deliveries.c.message == message)


_COLUMNS = (
    deliveries.c.alert_id,
    alerts.c.watch,
    alerts.c.bundle_id,
    alerts.c.type,
    deliveries.c.channel,
    deliveries.c.subscriptions,
    deliveries.c.status,
    deliveries.c.recorded_at,
    deliveries.c.message,
    deliveries.c.kind,
    deliveries.c.attempts,
    deliveries.c.error,
    deliveries.c.next_try_at,
    deliveries.c.claimed_until,
    deliveries.c.claimed_by,
    deliveries.c.is_over_budget,
    deliveries.c.is_refused,
)


def _listing() -> Select[Any]:
    joined = select(*_COLUMNS).join(alerts, alerts.c.id == deliveries.c.alert_id)
    return joined.order_by(alerts.c.number, deliveries.c.channel)


def _delivery(row: Row[Any]) -> Delivery:
    values: dict[str, Any] = row._asdict()
    return Delivery(**values)
