"""What is owed to whom: alerts to those who ask for them, withdrawals to those who got what they
take back, notices to all who subscribe to the watch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, select, update

from connectors.archive.sql import in_chunks, insert_into, upsert
from connectors.archive.tables import alerts, articles, closed_channels, deliveries, notices
from schemas.alert import Alert
from schemas.base import Timestamp
from schemas.delivery import Notice

#: For an alert and the ids of what its article names: subscription names by channel.
Router = Callable[[Alert, Collection[str]], Mapping[str, Sequence[str]]]

#: What may still be sent.
OPEN = ("pending", "failed", "claimed")
_IS_UNTRIED = and_(deliveries.c.status == "pending", deliveries.c.attempts == 0)


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
            if alert.is_withdrawal
            else router(alert, _tags_of(alert, tags or ()))
        )
        rows = [_owed(alert.id, c, names, at, closed.get(c, "")) for c, names in asked.items()]
        if rows:
            connection.execute(upsert(dialect, deliveries), rows)
    _drop_silences(connection, {alert.watch for alert, _ in found if not alert.is_withdrawal})
    for part in in_chunks([alert.id for alert, _ in found]):
        routed = update(alerts).where(alerts.c.id.in_(part)).values(routed_at=at)
        connection.execute(routed)
    return len(found)


def unrouted(connection: Connection) -> int:
    """How many alerts are not settled yet."""
    query = select(func.count()).select_from(alerts).where(alerts.c.routed_at.is_(None))
    return int(connection.execute(query).scalar_one())


def _receivers(connection: Connection, alert_id: str | None) -> dict[str, Sequence[str]]:
    """The channels that subscriptions led an alert to, with their names."""
    query = select(deliveries.c.channel, deliveries.c.subscriptions).where(
        deliveries.c.alert_id == alert_id, deliveries.c.status.not_in(("given_up", "dropped"))
    )
    return {channel: names for channel, names in connection.execute(query) if names}


def _tags_of(alert: Alert, tags: Sequence[Any]) -> set[str]:
    return {tag.id for tag in tags if tag.watch == alert.watch}


def _drop_silences(connection: Connection, watches: Collection[str]) -> None:
    """Tell nobody more that a watch is silent: it speaks again."""
    of_watches = select(notices.c.id).where(notices.c.watch.in_(sorted(watches)))
    untried = and_(deliveries.c.alert_id.in_(of_watches), _IS_UNTRIED)
    connection.execute(update(deliveries).where(untried).values(status="dropped"))


def owe_notice(connection: Connection, notice: Notice, asked: Mapping[str, Sequence[str]]) -> bool:
    """Record a notice and owe it to channels, each with the names of its subscriptions.

    Returns:
        Whether it was not recorded before; then nothing is done.
    """
    insert = insert_into(connection.dialect.name, notices).on_conflict_do_nothing()
    number = select(func.max(alerts.c.number)).where(alerts.c.watch == notice.watch)
    row = {
        "id": notice.id,
        "watch": notice.watch,
        "after_number": connection.execute(number).scalar() or 0,
        "noticed_at": notice.at,
        "notice": notice,
    }
    if connection.execute(insert, row).rowcount == 0:
        return False
    closed = _closed(connection)
    rows = [
        _owed(notice.id, channel, names, notice.at, closed.get(channel, ""))
        for channel, names in asked.items()
    ]
    if rows:
        connection.execute(upsert(connection.dialect.name, deliveries), rows)
    return True


def is_noticed(connection: Connection, notice_id: str) -> bool:
    """Whether a notice is recorded."""
    found = select(notices.c.id).where(notices.c.id == notice_id)
    return connection.execute(found).first() is not None


def _owed(
    alert_id: str, channel: str, names: Sequence[str], at: Timestamp, reason: str
) -> dict[str, Any]:
    return {
        **owed_row(alert_id, channel, at),
        "subscriptions": names,
        "status": "given_up" if reason else "pending",
        "error": reason,
        "is_told": bool(reason),  # when the channel was closed
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
        dropped = update(deliveries).where(of_alert, _IS_UNTRIED)
        connection.execute(dropped.values(status="dropped"))
    elif routed_at is None:
        return
    told = select(deliveries.c.channel, deliveries.c.subscriptions).where(
        of_alert, deliveries.c.status.in_(("sent", *OPEN))
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
    return {statement.id for statement in alert.new_statements}


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
        "waits_for": "",
        "is_refused": False,
        "is_told": False,
    }


def _closed(connection: Connection) -> dict[str, str]:
    query = select(closed_channels.c.channel, closed_channels.c.reason)
    return {row.channel: row.reason for row in connection.execute(query)}
