"""Which channels were told that a watch is silent: each once, until it speaks again."""

from __future__ import annotations

from sqlalchemy import and_, or_, select, update

from connectors.archive.database import Database
from connectors.archive.ledger_rows import Claim
from connectors.archive.rows import insert_into
from connectors.archive.tables import alerts, silences
from schemas.base import Timestamp


class Silences:
    """What was said of silent watches: one method, one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def alert_times(self, watch: str, limit: int) -> list[tuple[Timestamp, str]]:
        """When the watch's latest alerts were raised, and their ids, newest first."""
        query = select(alerts.c.alerted_at, alerts.c.id).where(
            alerts.c.watch == watch, alerts.c.type != "withdrawn"
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(alerts.c.number.desc()).limit(limit))
            return [(row.alerted_at, row.id) for row in rows]

    def claim(self, watch: str, channel: str, after_alert_id: str, claim: Claim) -> bool:
        """Take it upon oneself to tell the channel; not if it was told, or another does."""
        key = {"watch": watch, "channel": channel, "after_alert_id": after_alert_id}
        is_free = and_(
            silences.c.said_at.is_(None),
            or_(
                silences.c.claimed_until <= claim.at,
                silences.c.claimed_by.in_(claim.dead_owners),
            ),
        )
        taken = {"claimed_by": claim.owner, "claimed_until": claim.until}
        with self._database.writing() as connection:
            insert = insert_into(connection.dialect.name, silences)
            upsert = insert.on_conflict_do_update(
                index_elements=list(silences.primary_key), set_=taken, where=is_free
            )
            return bool(connection.execute(upsert, {**key, **taken}).rowcount)

    def settle(
        self, watch: str, channel: str, after_alert_id: str, said_at: Timestamp | None
    ) -> None:
        """Record that the channel was told; None: that it was not, and may be at once."""
        row = and_(
            silences.c.watch == watch,
            silences.c.channel == channel,
            silences.c.after_alert_id == after_alert_id,
        )
        values = {"said_at": said_at, "claimed_by": "", "claimed_until": Timestamp(0)}
        with self._database.writing() as connection:
            connection.execute(update(silences).where(row).values(values))
