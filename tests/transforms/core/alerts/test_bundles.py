"""Alerts of one article and watch stand together; what was withdrawn does not."""

import dataclasses

from support.dossiers import dossier
from transforms.core.alerts.bundles import bundled, new_ids

(FIRST,) = dossier("quay", "The quay stays shut.", "Nobody asked us.").alerts
(OTHER,) = dossier("mill", "The mill turns.").alerts


def withdrawal(alert, *statements, id="gone"):
    return dataclasses.replace(
        alert, id=id, type="withdrawn", follows=alert.id, statements=statements
    )


def test_bundles_come_in_order_of_their_first_alert():
    again = dataclasses.replace(FIRST, id="again", type="updated")
    assert [[a.id for a in b.alerts] for b in bundled([FIRST, OTHER, again])] == [
        [FIRST.id, "again"],
        [OTHER.id],
    ]


def test_a_withdrawn_statement_is_left_out_of_its_alert_and_stands_at_the_end():
    one, two = FIRST.statements
    (bundle,) = bundled([FIRST, taken := withdrawal(FIRST, one)])
    assert bundle.alerts == (dataclasses.replace(FIRST, statements=[two]), taken)
    (bundle,) = bundled([FIRST, taken := withdrawal(FIRST, one, two)])
    assert bundle.alerts == (taken,)


def test_a_withdrawal_is_left_out_once_a_later_alert_holds_its_statements_again():
    one, two = FIRST.statements
    again = dataclasses.replace(FIRST, id="again", type="updated", statements=[one])
    (bundle,) = bundled([FIRST, withdrawal(FIRST, one), again])
    assert [a.id for a in bundle.alerts] == [FIRST.id, "again"]
    (bundle,) = bundled([FIRST, withdrawal(FIRST, one, two), again])
    assert [a.id for a in bundle.alerts] == ["again", "gone"]


def test_what_an_alert_repeats_is_not_new_in_it():
    one, two = FIRST.statements
    mixed = dataclasses.replace(
        FIRST, statements=[one, dataclasses.replace(two, verdict="repeated")]
    )
    assert new_ids(mixed) == {one.id}
