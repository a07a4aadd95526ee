"""Which of the alerts that wait for a channel go out now, and which of them together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.base import Instant
from schemas.delivery import Deferral, Delivery, Draft, MessageKind, WaitsFor
from schemas.ids import hash_of
from schemas.subscription import Subscription
from transforms.core.delivery.schedules import day_begins, digest_at, is_quiet, quiet_ends

#: Sent one by one, and whatever budget and digest say: who has read what was wrong, or waits
#: for what does not come, should know soon.
_ALONE: dict[str, MessageKind] = {"withdrawn": "withdrawal", "silence": "silence"}


#: Not when it was recorded: the machine that did may be ahead of this one.
_AT_ONCE = Instant(0)


@dataclass(frozen=True)
class Plan:
    """What becomes of what waits: each alert is in one of the two."""

    drafts: tuple[Draft, ...] = ()  #: in order of recording of their first alerts
    deferred: tuple[Deferral, ...] = ()


def compose_events(waiting: Sequence[Delivery]) -> Plan:
    """Each alert as a message of its own, known by the alert's id: programs want no digests."""
    return Plan(
        tuple(
            Draft(d.alert_id, "silence" if d.type == "silence" else "event", [d.alert_id])
            for d in waiting
        )
    )


def compose(
    waiting: Sequence[Delivery],
    subscriptions: Sequence[Subscription],
    now: Instant,
    sent_today: int,
) -> Plan:
    """The messages that are due to a person, by the subscriptions that lead to one address.

    An alert that several of them ask for goes by the one that is soonest. Quiet hours hold
    what is due, and one message tells it after them. Past the budget, alerts wait for the
    next day and are then told in one message. A withdrawal waits for nothing but quiet hours,
    and so does the notice that a watch is silent.

    Args:
        waiting: what is in no message yet, in order of recording.
        subscriptions: all that lead to the channel, at least one.
        now: what is due by then is composed.
        sent_today: messages sent to the channel since the day began for the first of them.
    """
    by_policy: dict[int, list[Delivery]] = {}
    for delivery in waiting:
        by_policy.setdefault(_soonest(delivery, subscriptions), []).append(delivery)
    order = {delivery.alert_id: number for number, delivery in enumerate(waiting)}
    drafts, deferred = list[Draft](), list[Deferral]()
    for index, owed in by_policy.items():
        policy = subscriptions[index]
        due, early = _sorted(owed, policy, now)
        drafts += _drafts(due, policy)
        deferred += early
    drafts.sort(key=lambda draft: order[draft.alert_ids[0]])
    budget = min((s.budget for s in subscriptions if s.budget is not None), default=None)
    if budget is not None:
        tomorrow = day_begins(now, subscriptions[0].timezone, 1)
        drafts, left = _within(budget - sent_today, drafts)
        deferred += [Deferral(alert_id, "budget", tomorrow) for alert_id in left]
    return Plan(tuple(drafts), tuple(deferred))


def _within(room: int, drafts: Sequence[Draft]) -> tuple[list[Draft], list[str]]:
    """What a day's budget leaves room for, yesterday's rest in any case; and the other alerts."""
    kept, left = list[Draft](), list[str]()
    for draft in drafts:
        if draft.kind in ("rest", "withdrawal", "silence") or room > 0:
            kept.append(draft)
            room -= draft.kind not in ("withdrawal", "silence")
        else:
            left += draft.alert_ids
    return kept, left


def _sorted(
    owed: Sequence[Delivery], policy: Subscription, now: Instant
) -> tuple[list[Delivery], list[Deferral]]:
    """What is due, and what is to wait, why and until when."""
    due, deferred = list[Delivery](), list[Deferral]()
    fresh = [d.recorded_at for d in owed if d.type not in _ALONE and d.waits_for != "budget"]
    for delivery in owed:
        at, why = _time_of(delivery, policy, fresh)
        at = max(at, now)
        if policy.quiet is not None and is_quiet(at, policy.quiet, policy.timezone):
            at = quiet_ends(at, policy.quiet, policy.timezone)
            why = why if why == "budget" else "quiet"  # a day's rest it stays, or never goes
        if at > now:
            deferred.append(Deferral(delivery.alert_id, why, at))
        else:
            due.append(delivery)
    return due, deferred


def _time_of(
    delivery: Delivery, policy: Subscription, fresh: Sequence[Instant]
) -> tuple[Instant, WaitsFor]:
    """When the delivery's time comes, but for quiet hours; ``fresh`` are those of its group."""
    if delivery.type in _ALONE:
        return _AT_ONCE, ""
    if delivery.waits_for == "budget":
        return delivery.next_try_at or delivery.recorded_at, "budget"
    if policy.digest is not None:
        return digest_at(delivery.recorded_at, policy.digest, policy.timezone), "digest"
    if policy.group_seconds:
        return min(fresh) + policy.group_seconds, "group"
    return _AT_ONCE, ""


def _drafts(due: Sequence[Delivery], policy: Subscription) -> list[Draft]:
    """The messages that tell what is due."""
    drafts = [_draft([d], _ALONE[d.type]) for d in due if d.type in _ALONE]
    rest = [d for d in due if d.waits_for == "budget" and d.type not in _ALONE]
    if rest:
        drafts.append(_draft(rest, "rest"))
    fresh = [d for d in due if d.waits_for != "budget" and d.type not in _ALONE]
    return [*drafts, *_fresh_drafts(fresh, policy)]


def _fresh_drafts(fresh: Sequence[Delivery], policy: Subscription) -> Iterable[Draft]:
    """The messages that tell what no budget kept back."""
    if policy.digest is not None:
        return [_draft(fresh, "digest")] if fresh else []
    if policy.group_seconds:
        return [_grouped(fresh)] if fresh else []
    return map(_grouped, _by_bundle(fresh, policy))


def _by_bundle(fresh: Sequence[Delivery], policy: Subscription) -> Iterable[list[Delivery]]:
    """The deliveries of each article; those that came in quiet hours all together."""
    quiet = [d for d in fresh if is_quiet(d.recorded_at, policy.quiet, policy.timezone)]
    kept = {d.bundle_id for d in quiet}
    bundles: dict[str, list[Delivery]] = {}
    for delivery in fresh:
        key = "" if delivery.bundle_id in kept else delivery.bundle_id
        bundles.setdefault(key, []).append(delivery)
    return bundles.values()


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
