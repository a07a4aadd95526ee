"""What a subscription would have brought, had it been there: messages, and when."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.alert import Alert
from schemas.base import Instant
from schemas.delivery import Delivery, Draft, MessageKind
from schemas.subscription import Subscription
from transforms.core.delivery.composition import compose
from transforms.core.delivery.schedules import day_begins


@dataclass(frozen=True)
class Rehearsed:
    """One message that would have been sent."""

    at: Instant
    kind: MessageKind
    alert_ids: tuple[str, ...]


def said_at(alert: Alert) -> Instant:
    """When the alert is taken to be raised: when its article was published."""
    return alert.article.published_at


def rehearse(
    asked: Sequence[tuple[Alert, Sequence[str]]], subscriptions: Sequence[Subscription]
) -> list[Rehearsed]:
    """The messages to one person, by the subscriptions that lead to one address.

    Each alert is taken to be raised when its article was published, and messages to be sent when
    they are due.

    Args:
        asked: the alerts that any of the subscriptions asks for, with the names of those.
        subscriptions: all that lead there, at least one.
    """
    coming = sorted(asked, key=lambda pair: said_at(pair[0]))
    sender = _Sender(subscriptions)
    while coming or sender.waiting:
        now = min(filter(None, [sender.next_at, said_at(coming[0][0]) if coming else None]))
        while coming and said_at(coming[0][0]) <= now:
            sender.take(*coming.pop(0))
        sender.send(now)
    return sender.sent


class _Sender:
    """Composes as the ledger does, and remembers."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        self._subscriptions = subscriptions
        self.waiting: list[Delivery] = []
        self.next_at: Instant | None = None  #: when any of these is due
        self.sent: list[Rehearsed] = []

    def take(self, alert: Alert, names: Sequence[str]) -> None:
        """An alert was raised."""
        self.waiting.append(
            Delivery(alert.id, alert.watch, alert.bundle_id, "", names, "pending", said_at(alert))
        )

    def send(self, now: Instant) -> None:
        """Compose what is due."""
        since = day_begins(now, self._subscriptions[0].timezone)
        today = sum(message.at >= since for message in self.sent)
        plan = compose(self.waiting, self._subscriptions, now, today)
        self.sent += [_rehearsed(draft, now) for draft in plan.drafts]
        deferred = {each.alert_id: each for each in plan.deferred}
        self.waiting = [
            dataclasses.replace(d, waits_for=found.waits_for, next_try_at=found.until)
            for d in self.waiting
            if (found := deferred.get(d.alert_id))
        ]
        self.next_at = min((each.until for each in plan.deferred), default=None)


def _rehearsed(draft: Draft, now: Instant) -> Rehearsed:
    return Rehearsed(now, draft.kind, tuple(draft.alert_ids))
