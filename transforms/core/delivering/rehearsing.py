"""What a subscription would have brought, had it been there: messages, and when."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.alert import Alert
from schemas.base import Timestamp
from schemas.delivery import Delivery, Draft, MessageKind
from schemas.watch import Subscription
from transforms.core.delivering.composing import compose
from transforms.core.delivering.schedules import day_begins

#: How often a sender is supposed to look for what is due; digests and quiet hours mostly begin
#: and end on such times.
_TICK_SECONDS = 15 * 60
#: Nothing waits longer: a weekly digest, and a day for what its budget left over.
_LONGEST_WAIT_SECONDS = 9 * 86400


@dataclass(frozen=True)
class Rehearsed:
    """One message that would have been sent."""

    at: Timestamp
    kind: MessageKind
    alert_ids: tuple[str, ...]


def said_at(alert: Alert) -> Timestamp:
    """When the alert is taken to be raised: when its article was published."""
    return alert.article.published_at


def rehearse(
    asked: Sequence[tuple[Alert, Sequence[str]]], subscriptions: Sequence[Subscription]
) -> list[Rehearsed]:
    """The messages to one person, by the subscriptions that lead to one address.

    Each alert is taken to be raised when its article was published, and messages to be sent at
    every quarter of an hour and whenever an alert is raised.

    Args:
        asked: the alerts that any of the subscriptions asks for, with the names of those.
        subscriptions: all that lead there, at least one.
    """
    coming = sorted(asked, key=lambda pair: said_at(pair[0]))
    sender = _Sender(subscriptions)
    if not coming:
        return []
    last = said_at(coming[-1][0]) + _LONGEST_WAIT_SECONDS
    now = said_at(coming[0][0])
    while (coming or sender.waiting) and now <= last:
        while coming and said_at(coming[0][0]) <= now:
            sender.take(*coming.pop(0))
        sender.send(now)
        now = _next(now, said_at(coming[0][0]) if coming else None, is_waiting=bool(sender.waiting))
    return sender.sent


def _next(now: Timestamp, coming: Timestamp | None, *, is_waiting: bool) -> Timestamp:
    tick = Timestamp((int(now.micros // 1_000_000) // _TICK_SECONDS + 1) * _TICK_SECONDS)
    if coming is None:
        return tick
    return min(tick, coming) if is_waiting else coming


class _Sender:
    """Composes as the ledger does, and remembers."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        self._subscriptions = subscriptions
        self.waiting: list[Delivery] = []
        self.sent: list[Rehearsed] = []

    def take(self, alert: Alert, names: Sequence[str]) -> None:
        """An alert was raised."""
        self.waiting.append(
            Delivery(alert.id, alert.watch, alert.bundle_id, "", names, "pending", said_at(alert))
        )

    def send(self, now: Timestamp) -> None:
        """Compose what is due."""
        since = day_begins(now, self._subscriptions[0].timezone)
        today = sum(message.at >= since for message in self.sent)
        plan = compose(self.waiting, self._subscriptions, now, today)
        self.sent += [_rehearsed(draft, now) for draft in plan.drafts]
        gone = {alert_id for draft in plan.drafts for alert_id in draft.alert_ids}
        left = set(plan.over_budget)
        self.waiting = [
            dataclasses.replace(d, is_over_budget=True, next_try_at=plan.until)
            if d.alert_id in left
            else d
            for d in self.waiting
            if d.alert_id not in gone
        ]


def _rehearsed(draft: Draft, now: Timestamp) -> Rehearsed:
    return Rehearsed(now, draft.kind, tuple(draft.alert_ids))
