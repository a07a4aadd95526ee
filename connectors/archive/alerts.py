"""Alerts as recorded, and what each channel was owed of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, and_, func, select, text

from connectors.archive.first_published import with_originals
from connectors.archive.routing import new_ids, owe_withdrawal, owed_row
from connectors.archive.sql import in_chunks, upsert
from connectors.archive.tables import alerts, deliveries, occurrences
from schemas.alert import Alert, Bundle
from schemas.base import Timestamp

#: "tell"; held by whoever records what a reading raised.
_ADVISORY_LOCK = 0x74656C6C


def untold(connection: Connection, raised: Sequence[Alert]) -> list[Alert]:
    """Those that tell anything which no recorded alert of their watch has told as new.

    Processes beside each other may each judge the same words before the other has stored them.
    From here to the end of the transaction there is one: SQLite has one writer anyway.
    """
    if raised and connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    return [a for a in raised if a.is_withdrawal or not _is_told(connection, a)]


def _is_told(connection: Connection, alert: Alert) -> bool:
    """By alerts, not by ``told``, which holds what a reading that raised none repeats: it may be
    stored before the reading that it repeats, whose alert would then be lost.
    """
    new = new_ids(alert)
    is_one = occurrences.c.statement_id.in_(sorted(new))
    told = select(alerts.c.alert).where(
        alerts.c.watch == alert.watch,
        alerts.c.type != "withdrawn",
        alerts.c.article_id != alert.article.id,  # its own the judge has seen
        alerts.c.article_id.in_(select(occurrences.c.article_id).where(is_one)),
    )
    found = connection.execute(told).scalars()
    return bool(new) and new <= {id_ for each in found for id_ in new_ids(each)}


def record(
    connection: Connection, raised: Sequence[Alert], channels: Mapping[str, Sequence[str]]
) -> list[Alert]:
    """Record alerts and, for each that is new, a pending delivery per channel of its watch.

    A withdrawal is owed to those that the alert it follows was sent to, or may have been; of one
    that is not recorded there is nothing to take back.

    Returns:
        The new ones, in order.
    """
    return [alert for alert in raised if _record(connection, alert, channels.get(alert.watch, ()))]


def _record(connection: Connection, alert: Alert, channels: Sequence[str]) -> bool:
    if alert.is_withdrawal and not _is_recorded(connection, alert.follows):
        return False
    values = {
        "id": alert.id,
        "type": alert.type,
        "watch": alert.watch,
        "bundle_id": alert.bundle_id,
        "article_id": alert.article.id,
        "alerted_at": alert.alerted_at,
        "alert": alert,
    }
    dialect = connection.dialect.name
    if connection.execute(upsert(dialect, alerts), values).rowcount == 0:
        return False
    if alert.is_withdrawal:
        owe_withdrawal(connection, alert)
    rows = [owed_row(alert.id, channel, alert.alerted_at) for channel in dict.fromkeys(channels)]
    if rows:
        connection.execute(upsert(dialect, deliveries), rows)
    return True


def _is_recorded(connection: Connection, alert_id: str | None) -> bool:
    found = select(alerts.c.id).where(alerts.c.id == alert_id)
    return connection.execute(found).first() is not None


def pending_bundles(connection: Connection, channel: str, watches: Sequence[str]) -> list[Bundle]:
    """What the channel has not been sent, failed tries included, in order of recording."""
    is_due = and_(
        deliveries.c.channel == channel,
        deliveries.c.status.in_(["pending", "failed"]),
        alerts.c.watch.in_(watches),
    )
    due = select(alerts.c.alert).join(deliveries, deliveries.c.alert_id == alerts.c.id)
    found = connection.execute(due.where(is_due).order_by(alerts.c.number)).scalars()
    return bundled(with_originals(connection, found))


def recent_bundles(
    connection: Connection, channel: str, watches: Sequence[str], limit: int
) -> list[Bundle]:
    """The latest bundles that the channel was owed, sent or not, the one added to last first."""
    is_owed = and_(
        deliveries.c.alert_id == alerts.c.id,
        deliveries.c.channel == channel,
        deliveries.c.status != "dropped",
        alerts.c.watch.in_(watches),
    )
    grouped = select(alerts.c.bundle_id).join(deliveries, is_owed).group_by(alerts.c.bundle_id)
    latest = func.max(alerts.c.number)
    ids = list(connection.execute(grouped.order_by(latest.desc()).limit(limit)).scalars())
    found: dict[str, Bundle] = {}
    for part in in_chunks(ids):
        of_them = select(alerts.c.alert).join(deliveries, is_owed)
        rows = connection.execute(
            of_them.where(alerts.c.bundle_id.in_(part)).order_by(alerts.c.number)
        )
        owed = with_originals(connection, rows.scalars())
        found.update((bundle.id, bundle) for bundle in bundled(owed))
    return [found[bundle_id] for bundle_id in ids]


def listed(connection: Connection, watch: str | None, since: Timestamp | None) -> list[Alert]:
    """Alerts raised at or after ``since``, in order of recording."""
    query = select(alerts.c.alert).order_by(alerts.c.number)
    if watch is not None:
        query = query.where(alerts.c.watch == watch)
    if since is not None:
        query = query.where(alerts.c.alerted_at >= since)
    return with_originals(connection, connection.execute(query).scalars())


def alert_times(connection: Connection, watch: str, limit: int) -> list[tuple[Timestamp, str]]:
    """When the watch's latest alerts were raised, and their ids, newest first."""
    query = select(alerts.c.alerted_at, alerts.c.id).where(
        alerts.c.watch == watch, alerts.c.type != "withdrawn"
    )
    rows = connection.execute(query.order_by(alerts.c.number.desc()).limit(limit))
    return [(row.alerted_at, row.id) for row in rows]


def on_article(connection: Connection, article_id: str) -> list[Alert]:
    """The alerts raised on an article, oldest first."""
    query = select(alerts.c.alert).where(alerts.c.article_id == article_id)
    return list(connection.execute(query.order_by(alerts.c.number)).scalars())


def bundled(ordered: Iterable[Alert]) -> list[Bundle]:
    """Bundles in order of their first alert; what is withdrawn stands at their ends only."""
    grouped: dict[str, list[Alert]] = {}
    for alert in ordered:
        grouped.setdefault(alert.bundle_id, []).append(alert)
    return [
        Bundle(bundle_id, found[0].watch, _standing_first(found))
        for bundle_id, found in grouped.items()
    ]


def _standing_first(found: Sequence[Alert]) -> list[Alert]:
    """What was told again since is not shown as withdrawn."""
    withdrawals = [alert for alert in found if alert.is_withdrawal]
    kept = [_without(a, withdrawals) for a in found if not a.is_withdrawal]
    standing = [alert for alert in kept if is_news(alert)]
    again = {alert.id: {s.id for s in alert.statements} for alert in standing}
    gone = [
        withdrawal
        for number, withdrawal in enumerate(found)
        if withdrawal.is_withdrawal
        and not any(
            {s.id for s in withdrawal.statements} <= again.get(later.id, set())
            for later in found[number:]
        )
    ]
    return standing + gone


def _without(alert: Alert, withdrawals: Sequence[Alert]) -> Alert:
    gone = {s.id for taken in withdrawals if taken.follows == alert.id for s in taken.statements}
    if not gone:
        return alert
    return dataclasses.replace(alert, statements=[s for s in alert.statements if s.id not in gone])


def is_news(alert: Alert) -> bool:
    """Whether the alert tells anything new."""
    return any(statement.is_new for statement in alert.statements)
