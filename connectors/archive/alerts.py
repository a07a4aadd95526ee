"""Alerts as recorded, and what each channel gets of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, bindparam, exists, func, select, text

from connectors.archive.routing import Routing, delivery_row
from connectors.archive.statements import Statements
from connectors.archive.store import Store, reading, writing
from connectors.archive.tables import alerts, articles, deliveries, occurrences
from schemas.alert import Alert, Bundle
from schemas.base import Instant
from transforms.core.alerts.bundles import bundled, new_ids

#: "tell"; held by whoever records what a reading raised.
_ADVISORY_LOCK = 0x74656C6C
_NUMBER_OF = select(alerts.c.number).where(alerts.c.id == bindparam("id"))


class Alerts(Store):
    """Alerts, withdrawals among them."""

    @writing
    def unalerted(self, raised: Sequence[Alert]) -> list[Alert]:
        """Those that hold anything new that no recorded alert of their watch holds; withdrawals.

        Processes beside each other may each judge the same words before the other has stored them.
        From here to the end of the transaction there is one: SQLite has one writer anyway.
        """
        if raised:
            self.lock()
        return [a for a in raised if a.is_withdrawal or not self._is_alerted(a)]

    @writing
    def lock(self) -> None:
        """Keep other processes from recording alerts until the end of the transaction."""
        if self._dialect == "postgresql":
            self._execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})

    def _is_alerted(self, alert: Alert) -> bool:
        """By alerts, not by the table ``told``, which holds what a reading that raised none
        repeats: it may be stored before the reading that it repeats, whose alert would then be
        lost.
        """
        new = new_ids(alert)
        is_one = occurrences.c.statement_id.in_(sorted(new))
        others = select(alerts.c.alert).where(
            alerts.c.watch == alert.watch,
            alerts.c.type != "withdrawn",
            alerts.c.article_id != alert.article.id,  # its own the judge has seen
            alerts.c.article_id.in_(select(occurrences.c.article_id).where(is_one)),
        )
        return bool(new) and new <= {id_ for each in self._all(others) for id_ in new_ids(each)}

    @writing
    def record(self, raised: Sequence[Alert], *, to_channels: bool = True) -> list[Alert]:
        """Record alerts and, for each that is new and ``to_channels``, a pending delivery to each
        channel that gets the alerts of its watch whoever subscribes.

        A withdrawal goes to those whom the alert it follows was sent to, or may have been; of one
        that is not recorded there is nothing to take back.

        Returns:
            The new ones, in order.
        """
        channels = self._channels if to_channels else {}
        return [alert for alert in raised if self._record(alert, channels.get(alert.watch, ()))]

    def _record(self, alert: Alert, channels: Collection[str]) -> bool:
        is_withdrawal = alert.is_withdrawal
        if is_withdrawal and self._one(_NUMBER_OF, {"id": alert.follows}) is None:
            return False
        row = {
            "id": alert.id,
            "type": alert.type,
            "watch": alert.watch,
            "bundle_id": alert.bundle_id,
            "article_id": alert.article.id,
            "alerted_at": alert.alerted_at,
            "alert": alert,
        }
        if self._put(alerts, row) == 0:
            return False
        if is_withdrawal:
            self.within(Routing).route_withdrawal(alert)
        at = alert.alerted_at
        self._put(deliveries, [delivery_row(alert.id, c, at) for c in dict.fromkeys(channels)])
        return True

    @reading
    def all(self, watch: str | None = None, since: Instant | None = None) -> list[Alert]:
        """Alerts raised at or after ``since``, in order of recording."""
        query = select(alerts.c.alert).order_by(alerts.c.number)
        if watch is not None:
            query = query.where(alerts.c.watch == watch)
        if since is not None:
            query = query.where(alerts.c.alerted_at >= since)
        return self.within(Statements).with_first_published(self._all(query))

    @reading
    def alerted_since(self, at: Instant) -> set[tuple[str, str, str]]:
        """Watch, article and statement of what alerts told as new, of the articles that were
        archived then or later.
        """
        query = select(alerts.c.alert).where(
            alerts.c.type != "withdrawn",
            alerts.c.article_id.in_(select(articles.c.id).where(articles.c.stored_at >= at)),
        )
        return {
            (alert.watch, alert.article.id, id_)
            for alert in self._all(query)
            for id_ in new_ids(alert)
        }

    @reading
    def recent_bundles(
        self, channel: str, watches: Sequence[str], limit: int = 200
    ) -> list[Bundle]:
        """The latest bundles routed to a channel, sent or not, the one added to last first: what a
        feed file shows.
        """
        is_routed = and_(
            deliveries.c.alert_id == alerts.c.id,
            deliveries.c.channel == channel,
            deliveries.c.status != "dropped",
            alerts.c.watch.in_(watches),
        )
        grouped = select(alerts.c.bundle_id).join(deliveries, is_routed)
        latest = grouped.group_by(alerts.c.bundle_id).order_by(func.max(alerts.c.number).desc())
        ids = self._all(latest.limit(limit))
        of_them = select(alerts.c.alert).join(deliveries, is_routed).order_by(alerts.c.number)
        found = [row.alert for row in self._among(of_them, alerts.c.bundle_id, ids)]
        shown = self.within(Statements).with_first_published(found)
        by_id = {bundle.id: bundle for bundle in bundled(shown)}
        return [by_id[bundle_id] for bundle_id in ids]

    @reading
    def latest_bundles(
        self, watch: str | None = None, *, before: int | None = None, limit: int = 50
    ) -> tuple[list[Bundle], int | None]:
        """The latest bundles of a watch or of all, the one added to last first.

        Args:
            watch: its id; None for all watches.
            before: where an earlier page ended; None for the first page.
            limit: how many bundles a page has.

        Returns:
            The bundles, and where the next page begins; None after the last one.
        """
        later = alerts.alias("later")
        is_last = ~exists().where(
            later.c.bundle_id == alerts.c.bundle_id, later.c.number > alerts.c.number
        )
        query = select(alerts.c.bundle_id, alerts.c.number).where(is_last)
        if watch is not None:
            query = query.where(alerts.c.watch == watch)
        if before is not None:
            query = query.where(alerts.c.number < before)
        rows = self._execute(query.order_by(alerts.c.number.desc()).limit(limit + 1)).all()
        ids = [row.bundle_id for row in rows[:limit]]
        of_them = select(alerts.c.alert).order_by(alerts.c.number)
        found = [row.alert for row in self._among(of_them, alerts.c.bundle_id, ids)]
        by_id = {b.id: b for b in bundled(self.within(Statements).with_first_published(found))}
        more = rows[limit - 1].number if len(rows) > limit else None
        return [by_id[id_] for id_ in ids if id_ in by_id and by_id[id_].alerts], more

    @reading
    def watches(self) -> list[str]:
        """The ids of the watches that alerts were raised for, in order."""
        return self._all(select(alerts.c.watch).distinct().order_by(alerts.c.watch))

    @reading
    def on_articles(self, article_ids: Collection[str]) -> list[Alert]:
        """The alerts raised on any of the articles, in order of recording."""
        query = select(alerts.c.alert, alerts.c.number)
        rows = self._among(query, alerts.c.article_id, article_ids)
        return [row.alert for row in sorted(rows, key=lambda row: row.number)]

    @reading
    def times(self, watch: str, limit: int) -> list[tuple[Instant, str]]:
        """When the watch's latest alerts were raised, and their ids, newest first."""
        query = select(alerts.c.alerted_at, alerts.c.id).where(
            alerts.c.watch == watch, alerts.c.type != "withdrawn"
        )
        rows = self._execute(query.order_by(alerts.c.number.desc()).limit(limit))
        return [(row.alerted_at, row.id) for row in rows]

    @reading
    def on_article(self, article_id: str) -> list[Alert]:
        """The alerts raised on an article, oldest first."""
        query = select(alerts.c.alert).where(alerts.c.article_id == article_id)
        return self._all(query.order_by(alerts.c.number))

    @reading
    def named(self, id_prefix: str) -> list[Alert]:
        """The alerts, withdrawals too, whose ids begin so, in order of recording."""
        query = select(alerts.c.alert).where(alerts.c.id.startswith(id_prefix, autoescape=True))
        return self._all(query.order_by(alerts.c.number))
