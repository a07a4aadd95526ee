"""Which of the alerts that wait for a channel go out now, and which of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.base import Timestamp
from schemas.delivery import Delivery, Draft, MessageKind
from schemas.watch import Subscription
from transforms.core.delivering.schedules import day_begins, digest_at, is_quiet
from transforms.core.ids import hash_of


@dataclass(frozen=True)
class Plan:
    """What becomes of what waits; alerts in neither go on waiting."""

    drafts: tuple[Draft, ...] = ()  #: in order of recording of their first alerts
    over_budget: tuple[str, ...] = ()  #: ids of alerts that wait for the next day
    until: Timestamp | None = None  #: when that day begins


def compose_events(waiting: Sequence[Delivery]) -> Plan:
    """Each alert as a message of its own, known by the alert's id: programs want no digests."""
    return Plan(tuple(Draft(d.alert_id, "event", [d.alert_id]) for d in waiting))


def compose(
    waiting: Sequence[Delivery],
    subscriptions: Sequence[Subscription],
    now: Timestamp,
    sent_today: int,
) -> Plan:
    """The messages that are due to a person, by the subscriptions that lead to one address.

    An alert that several of them ask for goes by the one that is soonest. Quiet hours hold
    what is due, and one message tells it after them. Past the budget, alerts wait for the
    next day and are then told in one message. A withdrawal waits for nothing but quiet hours:
    who has read what was wrong should know soon.

    Args:
        waiting: what is in no message yet, in order of recording.
        subscriptions: all that lead to the channel, at least one.
        now: what is due by then is composed.
        sent_today: messages sent to the channel since the day began for the first of them.
    """
    by_policy: dict[int, list[Delivery]] = {}
    for delivery in waiting:
        by_policy.setdefault(_soonest(delivery, subscriptions), []).append(delivery)
    budget = min((s.budget for s in subscriptions if s.budget is not None), default=None)
    order = {delivery.alert_id: number for number, delivery in enumerate(waiting)}
    drafts = [
        draft
        for index, owed in by_policy.items()
        for draft in _due(owed, subscriptions[index], now)
    ]
    drafts.sort(key=lambda draft: order[draft.alert_ids[0]])
    if budget is None:
        return Plan(tuple(drafts))
    return _within(budget - sent_today, drafts, day_begins(now, subscriptions[0].timezone, 1))


def _within(room: int, drafts: Sequence[Draft], tomorrow: Timestamp) -> Plan:
    """What a day's budget leaves room for; yesterday's rest and withdrawals go in any case."""
    kept, left = list[Draft](), list[str]()
    for draft in drafts:
        if draft.kind in ("rest", "withdrawal") or room > 0:
            kept.append(draft)
            room -= draft.kind != "withdrawal"
        else:
            left += draft.alert_ids
    return Plan(tuple(kept), tuple(left), tomorrow if left else None)


def _due(owed: Sequence[Delivery], policy: Subscription, now: Timestamp) -> list[Draft]:
    if is_quiet(now, policy.quiet, policy.timezone):
        return []
    drafts = [_draft([d], "withdrawal") for d in owed if d.type == "withdrawn"]
    owed = [d for d in owed if d.type != "withdrawn"]
    rest = [d for d in owed if d.is_over_budget and (d.next_try_at or now) <= now]
    drafts += [_draft(rest, "rest")] if rest else []
    fresh = [d for d in owed if not d.is_over_budget]
    if policy.digest is not None:
        due = [d for d in fresh if digest_at(d.recorded_at, policy.digest, policy.timezone) <= now]
        return [*drafts, *([_draft(due, "digest")] if due else [])]
    if policy.group_seconds:
        is_over = fresh and fresh[0].recorded_at + policy.group_seconds <= now
        return [*drafts, *([_grouped(fresh)] if is_over else [])]
    held = [d for d in fresh if is_quiet(d.recorded_at, policy.quiet, policy.timezone)]
    kept = {d.bundle_id for d in held}
    bundles: dict[str, list[Delivery]] = {}
    for delivery in fresh:
        bundles.setdefault("" if delivery.bundle_id in kept else delivery.bundle_id, []).append(
            delivery
        )
    return [*drafts, *(_grouped(together) for together in bundles.values())]


def _grouped(deliveries: Sequence[Delivery]) -> Draft:
    is_one = len({delivery.bundle_id for delivery in deliveries}) == 1
    return _draft(deliveries, "bundle" if is_one else "group")


def _draft(deliveries: Sequence[Delivery], kind: MessageKind) -> Draft:
    alert_ids = [delivery.alert_id for delivery in deliveries]
    return Draft(hash_of(deliveries[0].channel, *alert_ids), kind, alert_ids)


def _soonest(delivery: Delivery, subscriptions: Sequence[Subscription]) -> int:
    """The index of the subscription that brings the alert soonest; the first, if none asks
    for it any more.
    """
    asking = [
        index
        for index, s in enumerate(subscriptions)
        if s.name in delivery.subscriptions and (not s.watches or delivery.watch in s.watches)
    ]
    return min(asking, key=lambda i: _wait(subscriptions[i]), default=0)


def _wait(subscription: Subscription) -> tuple[bool, int]:
    return subscription.digest is not None, subscription.group_seconds
