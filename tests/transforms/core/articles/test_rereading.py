from __future__ import annotations

import pytest

from transforms.core.articles.rereading import REREADING_WAITS_SECONDS, seconds_to_next


@pytest.mark.parametrize("reason", ["not_found", "needs_script", "too_short"])
def test_what_holds_no_article_yet_is_read_at_widening_intervals(reason) -> None:
    waits = [seconds_to_next(reason, readings) for readings in range(6)]
    assert waits == [*REREADING_WAITS_SECONDS, None, None]
    assert list(REREADING_WAITS_SECONDS) == sorted(REREADING_WAITS_SECONDS)


def test_a_wall_is_tried_less_often() -> None:
    assert [seconds_to_next("gated", n) for n in range(3)] == [*REREADING_WAITS_SECONDS[:2], None]


def test_an_article_that_alerted_is_read_again_but_not_at_once() -> None:
    waits = [seconds_to_next(None, n, is_alerted=True) for n in range(5)]
    assert waits == [REREADING_WAITS_SECONDS[1], *REREADING_WAITS_SECONDS[1:], None]


def test_a_plan_goes_on_while_the_page_stays_as_it_is() -> None:
    for reason in ("unchanged", "already_read"):
        assert seconds_to_next(reason, 2, is_planned=True) == REREADING_WAITS_SECONDS[2]
        assert seconds_to_next(reason, 2) is None


@pytest.mark.parametrize("reason", [None, "no_watch_terms", "wrong_language", "copy", "gone"])
def test_what_is_settled_stays_so(reason) -> None:
    assert seconds_to_next(reason, 0, is_planned=True) is None
