"""Alerts, and whether each has reached each of its channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from connectors.archive.rows import in_chunks, upsert
from connectors.archive.tables import DeliveryStatus, alerts, deliveries
from schemas.alert import Alert, Bundle
from schemas.base import Timestamp


def record(
    connection: Connection, raised: Sequence[Alert], channels: Mapping[str, Sequence[str]]
) -> list[Alert]:
    """Record alerts and, for each that is new, a pending delivery per channel of its watch.

    Returns:
        The new ones, in order.
    """
    return [alert for alert in raised if _record(connection, alert, channels.get(alert.watch, ()))]


def _record(connection: Connection, alert: Alert, channels: Sequence[str]) -> bool:
    values = {
        "id": alert.id,
        "watch": alert.watch,
        "bundle_id": alert.bundle_id,
        "article_id": alert.article.id,
        "alerted_at": alert.alerted_at,
        "alert": alert,
    }
    dialect = connection.dialect.name
    if connection.execute(upsert(dialect, alerts), values).rowcount == 0:
        return False
    row = {"alert_id": alert.id, "status": "pending", "attempts": 0, "error": ""}
    rows = [{**row, "channel": channel} for channel in dict.fromkeys(channels)]
    if rows:
        connection.execute(upsert(dialect, deliveries), rows)
    return True


def pending_bundles(connection: Connection, channel: str, watches: Sequence[str]) -> list[Bundle]:
    """What the channel has not been sent, failed tries included, in order of recording."""
    is_due = and_(
        deliveries.c.channel == channel,
        deliveries.c.status.in_(["pending", "failed"]),
        alerts.c.watch.in_(watches),
    )
    due = select(alerts.c.alert).join(deliveries, deliveries.c.alert_id == alerts.c.id)
    return _bundled(connection.execute(due.where(is_due).order_by(alerts.c.number)).scalars())


def mark_sent(
    connection: Connection, channel: str, alert_ids: Sequence[str], at: Timestamp
) -> None:
    """Record that the channel took these alerts."""
    _mark(connection, channel, alert_ids, status="sent", error="", sent_at=at, next_try_at=None)


def mark_failed(
    connection: Connection, channel: str, alert_ids: Sequence[str], error: str, at: Timestamp
) -> None:
    """Record that the channel did not; they stay due, from ``at`` on.

    An alert that was sent stays sent.
    """
    _mark(connection, channel, alert_ids, status="failed", error=error, next_try_at=at)


def recent_bundles(connection: Connection, watch: str, limit: int) -> list[Bundle]:
    """The bundles of a watch with all their alerts, the one added to last first."""
    latest = func.max(alerts.c.number)
    grouped = select(alerts.c.bundle_id).where(alerts.c.watch == watch).group_by(alerts.c.bundle_id)
    ids = list(connection.execute(grouped.order_by(latest.desc()).limit(limit)).scalars())
    found: dict[str, Bundle] = {}
    for part in in_chunks(ids):
        of_them = select(alerts.c.alert).where(
            alerts.c.bundle_id.in_(part), alerts.c.watch == watch
        )
        rows = connection.execute(of_them.order_by(alerts.c.number)).scalars()
        found.update((bundle.id, bundle) for bundle in _bundled(rows))
    return [found[bundle_id] for bundle_id in ids]


def listed(connection: Connection, watch: str | None, since: Timestamp | None) -> list[Alert]:
    """Alerts raised at or after ``since``, in order of recording."""
    query = select(alerts.c.alert).order_by(alerts.c.number)
    if watch is not None:
        query = query.where(alerts.c.watch == watch)
    if since is not None:
        query = query.where(alerts.c.alerted_at >= since)
    return list(connection.execute(query).scalars())


def on_article(connection: Connection, article_id: str) -> list[Alert]:
    """The alerts raised on an article, oldest first."""
    query = select(alerts.c.alert).where(alerts.c.article_id == article_id)
    return list(connection.execute(query.order_by(alerts.c.number)).scalars())


def _mark(
    connection: Connection,
    channel: str,
    alert_ids: Sequence[str],
    *,
    status: DeliveryStatus,
    **values: Any,
) -> None:
    attempted = {"status": status, "attempts": deliveries.c.attempts + 1, **values}
    for part in in_chunks(alert_ids):
        connection.execute(update(deliveries).where(_unsent(channel, part)).values(attempted))


def _unsent(channel: str, alert_ids: Sequence[str]) -> ColumnElement[bool]:
    return and_(
        deliveries.c.channel == channel,
        deliveries.c.alert_id.in_(alert_ids),
        deliveries.c.status != "sent",
    )


def _bundled(ordered: Iterable[Alert]) -> list[Bundle]:
    """Bundles in order of their first alert."""
    grouped: dict[str, list[Alert]] = {}
    for alert in ordered:
        grouped.setdefault(alert.bundle_id, []).append(alert)
    return [Bundle(bundle_id, found[0].watch, found) for bundle_id, found in grouped.items()]
