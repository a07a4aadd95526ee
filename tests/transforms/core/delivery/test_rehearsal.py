from __future__ import annotations

import dataclasses

from schemas.base import Instant
from schemas.subscription import Digest, QuietHours, Subscription
from support import alerts
from transforms.core.delivery.rehearsal import rehearse

DAWN = Instant.from_rfc3339("2025-11-22T05:00:00Z")
HOUR = 3600
DESK = Subscription("desk", "mailto:desk@example.org")


def raised(number: int, at: Instant):
    article = dataclasses.replace(alerts.ARTICLE, published_at=at)
    return alerts.alert(id=f"a{number}", bundle_id=f"b{number}", article=article), ["desk"]


def times(messages):
    return [(float(m.at - DAWN) / HOUR, m.kind, len(m.alert_ids)) for m in messages]


def test_at_once_each_article_is_a_message_at_its_time():
    asked = [raised(2, DAWN + 90), raised(1, DAWN)]
    assert times(rehearse(asked, [DESK])) == [(0, "bundle", 1), (0.025, "bundle", 1)]


def test_a_digest_gathers_what_came_since():
    daily = dataclasses.replace(DESK, digest=Digest("day", 7 * 60))
    asked = [raised(n, DAWN + n * HOUR) for n in range(5)]
    assert times(rehearse(asked, [daily])) == [(2, "digest", 2), (26, "digest", 3)]


def test_quiet_hours_hold_what_comes_in_them():
    night = dataclasses.replace(DESK, quiet=QuietHours(4 * 60, 8 * 60))
    asked = [raised(1, DAWN), raised(2, DAWN + 2 * HOUR), raised(3, DAWN + 4 * HOUR)]
    assert times(rehearse(asked, [night])) == [(3, "group", 2), (4, "bundle", 1)]


def test_a_waking_hour_that_is_a_minute_long_is_met():
    nearly_always = dataclasses.replace(DESK, quiet=QuietHours(7 * 60 + 4, 7 * 60 + 3))
    asked = [raised(n, DAWN + n * HOUR) for n in range(3)]
    (message,) = rehearse(asked[:2], [nearly_always])
    assert (message.kind, message.at) == ("group", DAWN + 2 * HOUR + 180)
    assert [len(m.alert_ids) for m in rehearse(asked, [nearly_always])] == [3]


def test_past_the_budget_the_rest_comes_the_next_day():
    few = dataclasses.replace(DESK, budget=1)
    asked = [raised(n, DAWN + n * 60) for n in range(3)]
    assert times(rehearse(asked, [few])) == [(0, "bundle", 1), (19, "rest", 2)]


def test_nothing_asked_for_is_nothing_sent():
    assert rehearse([], [DESK]) == []
