"""Which statement of an alert, and which alert of several, is shown first."""

from __future__ import annotations

import dataclasses

import pytest

from connectors.formats.headlines import headline
from schemas.alert import AlertStatement
from support import alerts
from transforms.core.delivery.ranking import best_of, most_important_first, rank, ranked

PLAIN = AlertStatement(
    id="s-plain",
    text="The ministry will trade the harbour for a lasting ceasefire before winter begins",
    kind="direct",
    form="inline",
    verdict="new",
    confidence=0.9,
    attribution="Ada Mirren",
    link=alerts.URL,
    about=("Ceasefire",),
    subject_sureness=0.9,
)


def but(**changes: object) -> AlertStatement:
    return dataclasses.replace(PLAIN, id="s-other", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "worse",
    [
        but(verdict="repeated", subject_sureness=1.0, confidence=1.0),
        but(text="I don't have an answer to that", subject_sureness=1.0, confidence=1.0),
        but(kind="indirect"),
        but(kind="mixed"),
        but(subject_sureness=0.4),
        but(confidence=0.6),
        but(about=()),
        but(text="The harbour waits"),
        but(text="They will trade the harbour for a lasting ceasefire before winter begins"),
        but(text="Will the ministry trade the harbour for a lasting ceasefire before winter?"),
    ],
)
def test_each_trait_counts(worse: AlertStatement) -> None:
    assert [each.statement for each in ranked([worse, PLAIN])] == [PLAIN, worse]


def test_equal_statements_stay_in_text_order() -> None:
    twin = but()
    assert [each.statement for each in ranked([twin, PLAIN])] == [twin, PLAIN]


def test_the_claim_beats_a_quotation_on_something_else() -> None:
    aside = but(text="I grew up by the harbour and loved the ferries", subject_sureness=0.3)
    claim = but(kind="indirect", subject_sureness=1.0)
    assert best_of(alerts.alert(statements=[aside, claim])) is claim


def test_what_was_raised_before_sureness_was_kept_is_judged_by_its_names() -> None:
    known, unknown = but(subject_sureness=None), but(subject_sureness=None, about=())
    assert rank(known).points > rank(unknown).points


def test_reasons_say_what_counted() -> None:
    assert rank(PLAIN).reasons == (
        "quoted",
        "on the subject (0.90)",
        "surely theirs (0.90)",
        "8 words with content",
        "names what it is about",
    )


def test_the_headline_has_the_best_words_and_whose_they_are() -> None:
    idle = but(text="We'll see")
    one = alerts.alert(statements=[idle])
    other = alerts.okafor(statements=[idle, PLAIN])
    shown = headline(alerts.bundle(one, other))
    assert shown.startswith("Tom Okafor: “The ministry will trade the harbour")
    assert shown.endswith("; also Ada Mirren (via The Gazette)")


def test_an_alert_of_high_priority_leads_and_a_withdrawal_ends() -> None:
    usual, high = alerts.alert(id="usual"), alerts.okafor(id="high", priority="high")
    gone = alerts.alert(id="gone", type="withdrawn", priority="high")
    order = most_important_first([gone, usual, high])
    assert [alert.id for alert in order] == ["high", "usual", "gone"]
