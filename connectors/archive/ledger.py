"""The ledger of deliveries: what waits for which channel, who sends it, what came of it.

Several processes may work one ledger off: a message is put together in one transaction and
claimed in one statement, so that it is sent by one of them. A claim ends by itself; that of a
process on this machine ends with the process (``claim_owners``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, literal, or_, select, update

from connectors.archive.routing import OPEN
from connectors.archive.statements import Statements
from connectors.archive.store import Store, in_chunks, reading, writing
from connectors.archive.tables import alerts, closed_channels, deliveries, notices
from schemas.alert import Bundle
from schemas.base import Instant
from schemas.delivery import Deferral, Delivery, Draft, Notice, WaitsFor
from transforms.core.alerts.bundles import bundled

#: What becomes of loose deliveries: those that go as messages, and those that wait.
Composer = Callable[[Sequence[Delivery]], tuple[Sequence[Draft], Sequence[Deferral]]]

#: Kinds of messages that no budget counts.
FREE = ("withdrawal", "silence")
_WAITING = ("pending", "failed")
_UNTOLD = and_(deliveries.c.status == "given_up", deliveries.c.is_told.is_(False))

#: A notice counts as of the alert after which its watch fell silent.
_WATCH = func.coalesce(alerts.c.watch, notices.c.watch)
_NUMBER = func.coalesce(alerts.c.number, notices.c.after_number)
_LISTING: Select[Any] = (
    select(
        _WATCH.label("watch"),
        func.coalesce(alerts.c.bundle_id, notices.c.id).label("bundle_id"),
        func.coalesce(alerts.c.type, literal("silence")).label("type"),
        *(column for column in deliveries.c if column.name not in ("sent_at", "is_told")),
    )
    .select_from(deliveries)
    .join(alerts, alerts.c.id == deliveries.c.alert_id, isouter=True)
    .join(notices, notices.c.id == deliveries.c.alert_id, isouter=True)
    .order_by(_NUMBER, notices.c.id.is_not(None), deliveries.c.channel)
)


class GivenUp(NamedTuple):
    """What a channel will not get."""

    channel: str
    error: str
    number: int  #: of alerts and notices


@dataclass(frozen=True)
class Claim:
    """Who takes something, and for how long."""

    owner: str
    at: Instant
    until: Instant
    dead_owners: tuple[str, ...] = ()  #: whose claims have ended with them


class Contents(NamedTuple):
    """What goes out together: bundles, or the notice that there are none."""

    bundles: list[Bundle]
    notices: list[Notice]

    def __bool__(self) -> bool:
        return bool(self.bundles or self.notices)


class Ledger(Store):
    """Deliveries, one for each alert or notice and each channel that it was routed to."""

    @reading
    def waiting(self, channel: str) -> list[Delivery]:
        """What the channel waits for, in order of recording."""
        is_open = and_(deliveries.c.channel == channel, deliveries.c.status.in_(OPEN))
        return [_delivery(row) for row in self._execute(_LISTING.where(is_open))]

    @reading
    def all(self) -> list[Delivery]:
        """Every delivery, in order of recording."""
        return [_delivery(row) for row in self._execute(_LISTING)]

    @reading
    def of_alerts(self, alert_ids: Sequence[str]) -> list[Delivery]:
        """The deliveries of these alerts, in order of recording."""
        is_one = deliveries.c.alert_id.in_(alert_ids)
        return [_delivery(row) for row in self._execute(_LISTING.where(is_one))]

    @reading
    def is_pending(self, watches: Sequence[str]) -> bool:
        """Whether alerts of the watches are yet to be routed, or anything is yet to be sent, be
        it at its time.
        """
        unrouted = select(alerts.c.id).where(
            alerts.c.routed_at.is_(None), alerts.c.watch.in_(watches)
        )
        is_open = select(deliveries.c.alert_id).where(deliveries.c.status.in_(OPEN))
        return bool(self._one(select(or_(unrouted.exists(), is_open.exists()))))

    @writing
    def compose(self, channel: str, watches: Sequence[str], plan: Composer) -> None:
        """Put together as messages, once and for all, what ``plan`` says of the channel's loose
        deliveries.
        """
        is_loose = and_(_of(channel, ""), deliveries.c.status == "pending", _WATCH.in_(watches))
        rows = self._execute(_LISTING.where(is_loose).with_for_update(of=deliveries))
        loose = [_delivery(row) for row in rows]
        if not loose:
            return
        drafts, deferred = plan(loose)
        for draft in drafts:
            message = {"message": draft.id, "kind": draft.kind, "error": ""}
            self._set(channel, draft.alert_ids, **message, waits_for="", next_try_at=None)
        known = {(d.alert_id, d.waits_for, d.next_try_at) for d in loose if not d.error}
        waits: dict[tuple[WaitsFor, Instant], list[str]] = {}
        for each in deferred:
            if (each.alert_id, each.waits_for, each.until) not in known:
                waits.setdefault((each.waits_for, each.until), []).append(each.alert_id)
        for (why, until), alert_ids in waits.items():
            self._set(channel, alert_ids, waits_for=why, next_try_at=until, error="")

    def _set(self, channel: str, alert_ids: Sequence[str], **values: Any) -> None:
        for part in in_chunks(alert_ids):
            of_them = and_(deliveries.c.channel == channel, deliveries.c.alert_id.in_(part))
            self._execute(update(deliveries).where(of_them).values(values))

    @reading
    def owners(self) -> list[str]:
        """The processes that hold claims."""
        query = select(deliveries.c.claimed_by).where(deliveries.c.status == "claimed")
        return self._all(query.distinct())

    @writing
    def claim_message(self, channel: str, message: str, claim: Claim) -> Contents:
        """Take a message, unless another process has it: what is in it, or nothing."""
        taken = self._claim(_of(channel, message), claim)
        return self._contents(channel, message, claim.owner) if taken else Contents([], [])

    @writing
    def claim_loose(self, channel: str, watches: Sequence[str], claim: Claim) -> Contents:
        """Take all deliveries of the channel and watches that are in no message and that no other
        process has.
        """
        of_watches = [
            deliveries.c.alert_id.in_(select(table.c.id).where(table.c.watch.in_(watches)))
            for table in (alerts, notices)
        ]
        self._claim(and_(_of(channel, ""), or_(*of_watches)), claim)
        return self._contents(channel, "", claim.owner)

    def _claim(self, is_wanted: ColumnElement[bool], claim: Claim) -> int:
        """What another process holds stays its own until its claim ends, or it is known to be
        dead.
        """
        has_ended = or_(
            deliveries.c.claimed_until <= claim.at, deliveries.c.claimed_by.in_(claim.dead_owners)
        )
        is_free = or_(
            deliveries.c.status.in_(_WAITING), and_(deliveries.c.status == "claimed", has_ended)
        )
        values = {"status": "claimed", "claimed_by": claim.owner, "claimed_until": claim.until}
        taken = update(deliveries).where(is_wanted, is_free).values(values)
        return int(self._execute(taken).rowcount)

    def _contents(self, channel: str, message: str, owner: str) -> Contents:
        is_ours = and_(_of(channel, message), _is_claimed_by(owner))
        raised = select(alerts.c.alert).join(deliveries, deliveries.c.alert_id == alerts.c.id)
        noticed = select(notices.c.notice).join(deliveries, deliveries.c.alert_id == notices.c.id)
        found = self._all(raised.where(is_ours).order_by(alerts.c.number))
        return Contents(
            bundled(self.within(Statements).with_first_published(found)),
            self._all(noticed.where(is_ours).order_by(notices.c.noticed_at)),
        )

    @reading
    def recent_notices(self, channel: str, watches: Sequence[str], limit: int) -> list[Notice]:
        """The latest notices routed to a channel, sent or not, newest first."""
        is_routed = and_(
            deliveries.c.alert_id == notices.c.id,
            deliveries.c.channel == channel,
            deliveries.c.status != "dropped",
            notices.c.watch.in_(watches),
        )
        query = select(notices.c.notice).join(deliveries, is_routed)
        return self._all(query.order_by(notices.c.noticed_at.desc()).limit(limit))

    def mark_sent(self, channel: str, message: str, owner: str, at: Instant) -> None:
        """Record that the channel took it."""
        self._settle(channel, message, owner, status="sent", error="", sent_at=at, next_try_at=None)

    def mark_failed(
        self,
        channel: str,
        message: str,
        owner: str,
        error: str,
        next_try_at: Instant | None,
        *,
        is_refused: bool = False,
    ) -> None:
        """Record that it did not, and when it is tried again; None: never."""
        status = "failed" if next_try_at is not None else "given_up"
        plan = {"next_try_at": next_try_at, "is_refused": is_refused}
        self._settle(channel, message, owner, status=status, error=error, **plan)

    @writing
    def _settle(self, channel: str, message: str, owner: str, **values: Any) -> None:
        is_ours = and_(_of(channel, message), _is_claimed_by(owner))
        attempt = {"attempts": deliveries.c.attempts + 1, "claimed_by": "", "claimed_until": None}
        self._execute(update(deliveries).where(is_ours).values({**attempt, **values}))

    def hinder(self, channel: str, reason: str) -> int:
        """Note why nothing can be sent there now, without an attempt; how many alerts and notices
        wait for it.
        """
        waiting = self.waiting(channel)
        if any(delivery.error != reason for delivery in waiting):
            hindered = update(deliveries).where(
                deliveries.c.channel == channel, deliveries.c.status.in_(_WAITING)
            )
            with self.transaction(writes=True) as store:
                store._execute(hindered.values(error=reason))
        return len(waiting)

    def move(self, old: str, new: str) -> None:
        """Route to ``new`` what was routed to ``old`` in its place."""
        if self.waiting(old):
            self._move(old, new)

    @writing
    def _move(self, old: str, new: str) -> None:
        its_own = select(deliveries.c.alert_id).where(deliveries.c.channel == new)
        is_old = deliveries.c.channel == old
        self._execute(delete(deliveries).where(is_old, deliveries.c.alert_id.in_(its_own)))
        self._execute(update(deliveries).where(is_old).values(channel=new, error=""))

    @reading
    def sent_since(self, channel: str, since: Instant) -> int:
        """How many messages that count for a budget reached the channel at or after ``since``."""
        query = select(func.count(deliveries.c.message.distinct())).where(
            deliveries.c.channel == channel,
            deliveries.c.sent_at >= since,
            deliveries.c.kind.not_in(FREE),
        )
        return int(self._one(query))

    @writing
    def close_channel(self, channel: str, reason: str, at: Instant) -> None:
        """Send nothing more there, until ``retry``: what waits or comes is given up."""
        self._put(closed_channels, {"channel": channel, "reason": reason, "closed_at": at})
        waits = and_(deliveries.c.channel == channel, deliveries.c.status.in_(_WAITING))
        given_up = {"status": "given_up", "error": reason, "next_try_at": None}
        self._execute(update(deliveries).where(waits).values(given_up))

    def tell_given_up(self) -> list[GivenUp]:
        """What was given up since the last call, be it by a process that was killed; by channel
        and error.
        """
        with self.transaction() as store:  # without waiting for those who write
            if store._one(select(deliveries.c.alert_id).where(_UNTOLD)) is None:
                return []
        return self._tell_given_up()

    @writing
    def _tell_given_up(self) -> list[GivenUp]:
        told = update(deliveries).where(_UNTOLD).values(is_told=True)  # in one statement: once
        rows = self._execute(told.returning(deliveries.c.channel, deliveries.c.error))
        counted = Counter((row.channel, row.error) for row in rows)
        return [GivenUp(*each, number) for each, number in sorted(counted.items())]

    @writing
    def retry(self) -> int:
        """Open closed channels, and make due at once what failed or was given up; how many."""
        self._execute(delete(closed_channels))
        due = update(deliveries).where(deliveries.c.status.in_(("failed", "given_up")))
        again = {"status": "pending", "attempts": 0, "next_try_at": None, "is_told": False}
        return int(self._execute(due.values(again)).rowcount)


def _of(channel: str, message: str) -> ColumnElement[bool]:
    return and_(deliveries.c.channel == channel, deliveries.c.message == message)


def _is_claimed_by(owner: str) -> ColumnElement[bool]:
    return and_(deliveries.c.status == "claimed", deliveries.c.claimed_by == owner)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**row._asdict())
