"""Why an alert was raised is true of what is left of it."""

from __future__ import annotations

import dataclasses

from connectors.formats import phrasing
from connectors.formats.cloudevents import event_of
from schemas.alert import AlertReason
from support import alerts

SECOND = dataclasses.replace(alerts.GUARANTEE, id="s-9", text="Nobody signs in the rain.")
REASONS = [
    AlertReason("new", "2 new statements"),
    AlertReason("expert", "an expert by role"),
    AlertReason("names_topic", "speaks of ceasefire", [alerts.GUARANTEE.id]),
    AlertReason("names_topic", "speaks of rain", [SECOND.id]),
]
BOTH = alerts.alert(statements=[alerts.GUARANTEE, SECOND], reasons=REASONS)


def test_a_reason_says_which_statements_it_holds_for() -> None:
    assert phrasing.why(BOTH) == (
        "2 new statements; an expert by role; speaks of ceasefire (in statement 1); "
        "speaks of rain (in statement 2)"
    )


def test_what_is_taken_back_takes_its_reasons_along_and_the_numbers_follow() -> None:
    left = dataclasses.replace(BOTH, statements=[SECOND])
    assert phrasing.why(left) == "1 new statement; an expert by role; speaks of rain"
    known = dataclasses.replace(BOTH, statements=[SECOND, alerts.REPEATED])
    told = [reason["text"] for reason in event_of(known)["data"]["reasons"]]
    assert told == ["1 new statement", "an expert by role", "speaks of rain (in statement 1)"]


def test_a_reader_is_told_of_others_only_whom_an_expert_told() -> None:
    own = alerts.ARTICLE.publisher.upper()
    for told_to, shown in (("me", ""), ("Us", ""), (own, ""), ("Harbour Radio", "Harbour Radio")):
        article = dataclasses.replace(alerts.alert().article, told_to=told_to)
        assert phrasing.told_to(article) == shown


def test_what_is_left_out_is_counted_or_else_what_is_held_is_told() -> None:
    held = alerts.AlertReason("more_held", "1 more statement is held because something is unsure")
    one = alerts.alert(id="abcdef0123", statements=[alerts.GUARANTEE], reasons=[held])
    assert phrasing.left_out(one, 1) == held.text
    two = alerts.alert(id="abcdef0123", reasons=[held])
    assert phrasing.left_out(two, 1) == "and 1 more: parley alerts abcdef01 --full"
    assert phrasing.left_out(alerts.alert(), 2) == ""
