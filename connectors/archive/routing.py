"""Which channels get what: alerts those that ask for them, withdrawals those that got what they
take back, notices all that subscribe to the watch.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, select, update

from connectors.archive.store import Store, in_chunks, insert_into, reading, writing
from connectors.archive.tables import alerts, articles, closed_channels, deliveries, notices
from schemas.alert import Alert
from schemas.base import Instant
from schemas.delivery import Notice
from transforms.core.alerts.bundles import new_ids

#: For an alert and the ids of what its article names: subscription names by channel.
Router = Callable[[Alert, Collection[str]], Mapping[str, Sequence[str]]]

#: What may still be sent.
OPEN = ("pending", "failed", "claimed")
_IS_UNTRIED = and_(deliveries.c.status == "pending", deliveries.c.attempts == 0)
#: Alerts routed in one transaction: short ones let other processes in.
_AT_ONCE = 200


class Routing(Store):
    """Makes a pending delivery of each alert and notice for each channel that gets it."""

    def route(self, watches: Sequence[str], router: Router, at: Instant) -> int:
        """Route the watches' alerts that were not routed yet, some in a transaction; how many.

        An alert that takes another back goes where that one goes, or went.
        """
        total = last = self._route(watches, router, at)
        while last == _AT_ONCE:
            last = self._route(watches, router, at)
            total += last
        return total

    @writing
    def _route(self, watches: Sequence[str], router: Router, at: Instant) -> int:
        query = (
            select(alerts.c.alert, articles.c.tags)
            .join(articles, articles.c.id == alerts.c.article_id, isouter=True)
            .where(alerts.c.routed_at.is_(None), alerts.c.watch.in_(watches))
            .order_by(alerts.c.number)
            .limit(_AT_ONCE)
        )
        found = self._execute(query.with_for_update(of=alerts)).all()
        for alert, tags in found:
            asked = (
                self._receivers(alert.follows)
                if alert.is_withdrawal
                else router(alert, {tag.id for tag in tags or () if tag.watch == alert.watch})
            )
            self._deliver(alert.id, asked, at)
        self._drop_silences({alert.watch for alert, _ in found if not alert.is_withdrawal})
        for part in in_chunks([alert.id for alert, _ in found]):
            self._execute(update(alerts).where(alerts.c.id.in_(part)).values(routed_at=at))
        return len(found)

    @reading
    def unrouted(self) -> int:
        """How many alerts are not routed yet."""
        query = select(func.count()).select_from(alerts).where(alerts.c.routed_at.is_(None))
        return int(self._one(query))

    def _receivers(self, alert_id: str | None) -> dict[str, Sequence[str]]:
        """The channels that subscriptions led an alert to, with their names."""
        query = select(deliveries.c.channel, deliveries.c.subscriptions).where(
            deliveries.c.alert_id == alert_id, deliveries.c.status.not_in(("given_up", "dropped"))
        )
        return {channel: names for channel, names in self._execute(query) if names}

    def _drop_silences(self, watches: Collection[str]) -> None:
        """Drop the notices not sent yet that the watches are silent: they no longer are."""
        of_watches = select(notices.c.id).where(notices.c.watch.in_(sorted(watches)))
        untried = and_(deliveries.c.alert_id.in_(of_watches), _IS_UNTRIED)
        self._execute(update(deliveries).where(untried).values(status="dropped"))

    @writing
    def route_notice(self, notice: Notice, asked: Mapping[str, Sequence[str]]) -> bool:
        """Record a notice and route it to channels, each with the names of its subscriptions.

        Returns:
            Whether it was not recorded before; then nothing is done.
        """
        insert = insert_into(self._dialect, notices).on_conflict_do_nothing()
        number = select(func.max(alerts.c.number)).where(alerts.c.watch == notice.watch)
        row = {
            "id": notice.id,
            "watch": notice.watch,
            "after_number": self._one(number) or 0,
            "noticed_at": notice.at,
            "notice": notice,
        }
        if self._execute(insert, row).rowcount == 0:
            return False
        self._deliver(notice.id, asked, notice.at)
        return True

    @reading
    def is_noticed(self, notice_id: str) -> bool:
        """Whether a notice is recorded."""
        return self._one(select(notices.c.id).where(notices.c.id == notice_id)) is not None

    def _deliver(self, id_: str, asked: Mapping[str, Sequence[str]], at: Instant) -> None:
        """Make a delivery for each channel; one that is closed has given up already."""
        query = select(closed_channels.c.channel, closed_channels.c.reason)
        closed = {row.channel: row.reason for row in self._execute(query)} if asked else {}
        rows = []
        for channel, names in asked.items():
            row = {**delivery_row(id_, channel, at), "subscriptions": names}
            if reason := closed.get(channel):
                # The operator was told when the channel was closed.
                row |= {"status": "given_up", "error": reason, "is_told": True}
            rows.append(row)
        self._put(deliveries, rows)

    @writing
    def route_withdrawal(self, withdrawal: Alert) -> None:
        """Route a withdrawal at once to every channel that may have got the alert.

        A delivery that was never tried is dropped instead if nothing of the alert is left; one
        that failed may have arrived all the same. An alert that is not routed yet is then routed
        nowhere; if something of it is left, both are left to ``route``.
        """
        of_alert = deliveries.c.alert_id == withdrawal.follows
        found = select(alerts.c.alert, alerts.c.routed_at).where(alerts.c.id == withdrawal.follows)
        followed, routed_at = self._execute(found).one()
        if new_ids(withdrawal) >= new_ids(followed):
            dropped = update(deliveries).where(of_alert, _IS_UNTRIED)
            self._execute(dropped.values(status="dropped"))
        elif routed_at is None:
            return
        receivers = select(deliveries.c.channel, deliveries.c.subscriptions).where(
            of_alert, deliveries.c.status.in_(("sent", *OPEN))
        )
        at = withdrawal.alerted_at
        rows = [
            {**delivery_row(withdrawal.id, row.channel, at), "subscriptions": row.subscriptions}
            for row in self._execute(receivers)
        ]
        self._put(deliveries, rows)
        both = alerts.c.id.in_((withdrawal.id, withdrawal.follows))
        unrouted = and_(both, alerts.c.routed_at.is_(None))
        self._execute(update(alerts).where(unrouted).values(routed_at=at))


def delivery_row(alert_id: str, channel: str, at: Instant) -> dict[str, Any]:
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
