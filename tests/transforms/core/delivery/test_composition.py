from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.base import Instant
from schemas.delivery import Deferral, Delivery
from schemas.subscription import Digest, QuietHours, Subscription
from transforms.core.delivery.composition import compose, compose_events
from transforms.core.delivery.retries import WAITS_SECONDS, next_try
from transforms.core.delivery.schedules import day_begins, digest_at, is_quiet, quiet_ends

NOON = Instant.from_rfc3339("2025-11-22T12:00:00Z")
HOUR = 3600
DESK = Subscription("desk", "mailto:desk@example.org")


def owed(number: int, *, bundle: str = "", at: Instant = NOON, names=("desk",), **more):
    return Delivery(
        f"a{number}", "talks", bundle or f"b{number}", "mailto:x", names, "pending", at, **more
    )


def kinds(plan):
    return [(draft.kind, draft.alert_ids) for draft in plan.drafts]


def passes(waiting, policy, now):
    """Plan after plan with its time, as the ledger brings them about: what a plan holds waits by
    its word, and the next comes when the first of it is due.
    """
    sent = []
    while waiting:
        today = sum(at >= day_begins(now, policy.timezone) for at in sent)
        plan = compose(waiting, [policy], now, today)
        yield plan, now
        sent += [now for draft in plan.drafts if draft.kind not in ("withdrawal", "silence")]
        deferred = {each.alert_id: each for each in plan.deferred}
        waiting = [
            dataclasses.replace(
                d, waits_for=deferred[d.alert_id].waits_for, next_try_at=deferred[d.alert_id].until
            )
            for d in waiting
            if d.alert_id in deferred
        ]
        now = min((each.until for each in plan.deferred), default=now)


def test_at_once_each_bundle_is_a_message():
    plan = compose([owed(1, bundle="b"), owed(2), owed(3, bundle="b")], [DESK], NOON, 0)
    assert kinds(plan) == [("bundle", ("a1", "a3")), ("bundle", ("a2",))]


def test_another_machine_s_clock_keeps_nothing_back():
    ahead = owed(1, at=NOON + 90)
    assert kinds(compose([ahead], [DESK], NOON, 0)) == [("bundle", ("a1",))]


def test_programs_get_each_alert_under_its_own_id():
    plan = compose_events([owed(1, bundle="b"), owed(2, bundle="b")])
    assert [(d.id, d.kind) for d in plan.drafts] == [("a1", "event"), ("a2", "event")]


def test_a_group_waits_its_window_from_its_first_alert():
    grouped = dataclasses.replace(DESK, group_seconds=300)
    waiting = [owed(1), owed(2, at=NOON + 290)]
    assert kinds(compose(waiting, [grouped], NOON + 299, 0)) == []
    assert kinds(compose(waiting, [grouped], NOON + 300, 0)) == [("group", ("a1", "a2"))]
    assert kinds(compose(waiting[:1], [grouped], NOON + 300, 0)) == [("bundle", ("a1",))]


def test_a_digest_tells_what_came_before_its_time_and_no_more():
    daily = dataclasses.replace(DESK, digest=Digest("day", 18 * 60))
    waiting = [owed(1), owed(2, at=NOON + 6 * HOUR + 1)]
    assert kinds(compose(waiting, [daily], NOON + 6 * HOUR - 1, 0)) == []
    assert kinds(compose(waiting, [daily], NOON + 7 * HOUR, 0)) == [("digest", ("a1",))]
    assert kinds(compose(waiting, [daily], NOON + 30 * HOUR, 0)) == [("digest", ("a1", "a2"))]


def test_quiet_hours_hold_and_then_tell_in_one_message():
    night = dataclasses.replace(DESK, quiet=QuietHours(12 * 60, 14 * 60))
    waiting = [owed(1), owed(2, at=NOON + HOUR), owed(3, at=NOON + 2 * HOUR)]
    assert kinds(compose(waiting, [night], NOON + HOUR, 0)) == []
    after = kinds(compose(waiting, [night], NOON + 2 * HOUR, 0))
    assert after == [("group", ("a1", "a2")), ("bundle", ("a3",))]


def test_past_the_budget_the_rest_waits_for_the_next_day_and_is_one_message():
    frugal = dataclasses.replace(DESK, budget=2)
    waiting = [owed(n) for n in range(4)]
    plan = compose(waiting, [frugal], NOON, 1)
    assert kinds(plan) == [("bundle", ("a0",))]
    midnight = Instant.from_rfc3339("2025-11-23T00:00:00Z")
    assert plan.deferred == tuple(Deferral(f"a{n}", "budget", midnight) for n in (1, 2, 3))
    deferred = [owed(n, waits_for="budget", next_try_at=midnight) for n in (1, 2, 3)]
    early = compose(deferred, [frugal], NOON + HOUR, 2)
    assert (kinds(early), early.deferred) == ([], plan.deferred)
    assert kinds(compose(deferred, [frugal], midnight, 0)) == [("rest", ("a1", "a2", "a3"))]


def test_the_rest_of_a_day_that_ends_in_quiet_hours_is_told_after_them():
    frugal = dataclasses.replace(DESK, budget=2, quiet=QuietHours(22 * 60, 7 * 60))
    waiting = [owed(n) for n in range(6)]
    told = []
    for plan, now in passes(waiting, frugal, NOON):
        told += [(now, *each) for each in kinds(plan)]
    seven = Instant.from_rfc3339("2025-11-23T07:00:00Z")
    assert told == [
        (NOON, "bundle", ("a0",)), (NOON, "bundle", ("a1",)),
        (seven, "rest", ("a2", "a3", "a4", "a5")),
    ]  # fmt: skip


def test_what_is_held_says_why_and_until_when():
    waiting = [owed(1, at=NOON - 60), owed(2)]
    daily = dataclasses.replace(DESK, digest=Digest("day", 7 * 60))
    seven = Instant.from_rfc3339("2025-11-23T07:00:00Z")
    assert compose(waiting, [daily], NOON, 0).deferred == (
        Deferral("a1", "digest", seven), Deferral("a2", "digest", seven),
    )  # fmt: skip
    grouped = dataclasses.replace(DESK, group_seconds=300)
    assert {h.until for h in compose(waiting, [grouped], NOON, 0).deferred} == {NOON + 240}
    early = dataclasses.replace(daily, quiet=QuietHours(6 * 60, 9 * 60))
    nine = Instant.from_rfc3339("2025-11-23T09:00:00Z")
    assert compose(waiting[:1], [early], NOON, 0).deferred == (Deferral("a1", "quiet", nine),)


def test_an_alert_that_two_subscriptions_ask_for_goes_by_the_sooner():
    daily = dataclasses.replace(DESK, name="daily", digest=Digest("day", 0))
    both, one = owed(1, names=("daily", "desk")), owed(2, names=("daily",))
    assert kinds(compose([both, one], [daily, DESK], NOON, 0)) == [("bundle", ("a1",))]


def test_a_subscription_that_is_gone_keeps_nothing_back():
    assert kinds(compose([owed(1, names=("left",))], [DESK], NOON, 0)) == [("bundle", ("a1",))]


deliveries = st.lists(
    st.builds(
        lambda n, b, s, o: owed(n, bundle=f"b{b}", at=NOON + s, waits_for="budget" if o else ""),
        st.integers(0, 10**6), st.integers(0, 3), st.integers(0, 2 * 86400), st.booleans(),
    ),
    unique_by=lambda d: d.alert_id,
)  # fmt: skip
policies = st.builds(
    lambda g, d, q, b: dataclasses.replace(DESK, group_seconds=g, digest=d, quiet=q, budget=b),
    st.sampled_from([0, 300]),
    st.none() | st.builds(Digest, st.sampled_from(["day", "monday"]), st.integers(0, 1439)),
    st.none() | st.builds(QuietHours, st.integers(0, 1439), st.integers(0, 1439)),
    st.none() | st.integers(1, 3),
)


@settings(deadline=None)
@given(deliveries, policies, st.integers(0, 4 * 86400), st.integers(0, 5))
def test_no_alert_is_in_two_messages_and_none_is_lost(waiting, policy, later, sent):
    now = NOON + later
    waiting = sorted(waiting, key=lambda d: d.recorded_at)
    plan = compose(waiting, [policy], now, sent)
    told = [i for draft in plan.drafts for i in draft.alert_ids]
    assert len(told) == len(set(told))
    deferred = [each.alert_id for each in plan.deferred]
    assert sorted(told + deferred) == sorted(d.alert_id for d in waiting)
    assert all(each.until > now for each in plan.deferred)
    fresh = sum(draft.kind != "rest" for draft in plan.drafts)
    assert policy.budget is None or fresh <= max(0, policy.budget - sent)
    # Nine days on, at a time that is not quiet, everything has gone out.
    due = [dataclasses.replace(d, next_try_at=None) for d in waiting]
    free = dataclasses.replace(policy, quiet=None, budget=None)
    last = compose(due, [free], now + 9 * 86400, 0)
    assert {i for draft in last.drafts for i in draft.alert_ids} == {d.alert_id for d in waiting}


@settings(deadline=None)
@given(deliveries, policies, st.integers(0, 86400))
def test_pass_after_pass_everything_goes_out_and_a_rest_stays_one(waiting, policy, later):
    waiting = sorted(waiting, key=lambda d: d.recorded_at)
    rest, told = set(), []
    for plan, now in passes(waiting, policy, NOON + later):
        deferred = {each.alert_id for each in plan.deferred if each.waits_for == "budget"}
        gone = {i for d in plan.drafts if d.kind == "rest" for i in d.alert_ids}
        assert rest <= deferred | gone
        rest = deferred
        told += [i for draft in plan.drafts for i in draft.alert_ids]
        # Of what is recorded within two days, digests wait a week, and quiet hours and days end.
        assert now <= NOON + 12 * 86400
    assert sorted(told) == sorted(d.alert_id for d in waiting)


zones = st.sampled_from(["UTC", "Europe/Kyiv", "America/New_York", "Australia/Lord_Howe"])


@settings(deadline=None)
@given(st.integers(0, 4 * 10**9), st.integers(0, 1439), zones)
def test_a_digest_is_due_within_a_day_or_so_at_its_time(since, minutes, zone):
    at = Instant(since)
    due = digest_at(at, Digest("day", minutes), zone)
    assert at < due <= at + 26 * HOUR
    assert day_begins(at, zone) <= at < day_begins(at, zone, 1)


def test_the_clocks_going_back_send_one_digest():
    before = Instant.from_rfc3339("2025-10-26T00:15:00Z")  # 03:15 in Kyiv, the first time
    at_half_past = Digest("day", 3 * 60 + 30)
    first = digest_at(before, at_half_past, "Europe/Kyiv")
    assert first.to_rfc3339() == "2025-10-26T00:30:00Z"
    assert digest_at(first, at_half_past, "Europe/Kyiv").to_rfc3339() == "2025-10-27T01:30:00Z"


@settings(deadline=None)
@given(st.integers(0, 4 * 10**9), st.integers(0, 1439), st.integers(0, 1439), zones)
def test_quiet_hours_end(at, start, end, zone):
    quiet, at = QuietHours(start, end), Instant(at)
    if is_quiet(at, quiet, zone):
        over = quiet_ends(at, quiet, zone)
        assert at < over <= at + 49 * HOUR  # a waking hour may be the one that is skipped
        assert not is_quiet(over, quiet, zone)


def test_a_silence_is_told_alone_after_quiet_hours():
    nightly = dataclasses.replace(
        DESK, digest=Digest("day", 7 * 60), budget=0, quiet=QuietHours(0, 11 * 60)
    )
    waiting = [owed(1), owed(2, type="silence")]
    assert kinds(compose(waiting, [nightly], NOON, 9)) == [("silence", ("a2",))]
    assert kinds(compose(waiting, [nightly], NOON - 2 * HOUR, 9)) == []
    assert kinds(compose_events(waiting)) == [("event", ("a1",)), ("silence", ("a2",))]


def test_quiet_hours_go_by_the_subscription_s_clock():
    night = QuietHours(22 * 60, 7 * 60)
    at = Instant.from_rfc3339("2025-11-22T20:30:00Z")
    assert is_quiet(at, night, "Europe/Kyiv")
    assert not is_quiet(at, night, "UTC")
    assert not is_quiet(at, None, "Europe/Kyiv")


@settings(deadline=None)
@given(st.integers(1, 12), st.floats(0, 1), st.integers(0, 10**6))
def test_a_next_try_is_never_sooner_than_planned_or_asked_for(attempts, jitter, asked):
    due = next_try(attempts, NOON, jitter=jitter, retry_after_seconds=asked)
    if attempts > len(WAITS_SECONDS):
        assert due is None
        return
    assert due is not None
    longest = max(WAITS_SECONDS[attempts - 1], min(asked, 86400))
    assert NOON + longest <= due <= NOON + longest * 1.2 + 1


def test_a_withdrawal_waits_for_quiet_hours_alone():
    daily = dataclasses.replace(DESK, digest=Digest("day", 7 * 60), budget=0)
    waiting = [owed(1), owed(2, type="withdrawn")]
    assert kinds(compose(waiting, [daily], NOON, 5)) == [("withdrawal", ("a2",))]
    quiet = dataclasses.replace(daily, quiet=QuietHours(11 * 60, 13 * 60))
    assert kinds(compose(waiting, [quiet], NOON, 5)) == []
