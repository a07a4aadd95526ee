"""What was told and is gone is taken back, once."""

import dataclasses

from schemas.alert import Alert, AlertReason
from schemas.dossier import Dossier
from support.judged import (
    LATER,
    LEAD,
    PORT,
    RUIZ,
    THAW,
    TOLL,
    VIK,
    raised,
    read,
    remembered,
)
from support.said import NOON, WATCH, article
from transforms.core.alerts.raising import raise_alerts
from transforms.core.alerts.withdrawals import restore, told_again, with_places, withdraw

WRONG = AlertReason("wrong_speaker", "somebody else said it")


def edited(first: Dossier, *people: tuple[str, str, str], after: float = 60) -> Dossier:
    """The article, fetched again, with these words instead."""
    where = article(LEAD, *(f"“{w},” said {name}." for w, name, _ in people))
    where = dataclasses.replace(where, fetched_at=NOON + after)
    return read(*people, memory=remembered(first), where=where)


def told(alert: Alert) -> list[str]:
    return [statement.text for statement in alert.statements]


def test_words_that_an_edit_removed_are_taken_back() -> None:
    first = read((THAW, *RUIZ), (TOLL, *VIK))
    alerts = raised(first)
    (back,) = raised(edited(first, (TOLL, *VIK)), alerts, (first,))
    assert (back.type, back.follows, back.revision) == ("withdrawn", alerts[0].id, 2)
    assert back.bundle_id == alerts[0].bundle_id
    assert told(back) == [THAW]
    assert [reason.code for reason in back.reasons] == ["edited_out"]


def test_what_was_put_in_their_place_is_told_too() -> None:
    first = read((THAW, *RUIZ))
    (alert,) = raised(first)
    back, update = raised(edited(first, (PORT, *RUIZ)), (alert,), (first,))
    assert (back.type, told(back)) == ("withdrawn", [THAW])
    assert (update.type, update.revision, told(update)) == ("updated", 3, [PORT])
    assert update.follows == alert.id


def test_a_withdrawal_says_in_how_many_other_articles_the_words_stand() -> None:
    first = read((THAW, *RUIZ), (TOLL, *VIK))
    alerts = raised(first)
    gone, new = withdraw(alerts[0], alerts, WRONG, LATER), alerts[1]
    assert gone is not None
    assert [s.occurrences for s in gone.statements] == [0]
    back, same = with_places([gone, new], {s.id: 2 for s in gone.statements})
    assert [s.occurrences for s in back.statements] == [2]
    assert same == new


def test_what_was_taken_back_by_mistake_is_told_again_once() -> None:
    first = read((THAW, *RUIZ), (TOLL, *RUIZ))
    (alert,) = raised(first)
    part = withdraw(alert, [alert], WRONG, LATER, {alert.statements[0].id})
    assert part is not None
    again = restore(part, [alert, part], LATER + 60)
    assert again == restore(part, [alert, part], LATER + 60)
    assert (again.type, again.follows, again.revision) == ("updated", alert.id, 3)
    assert told(again) == [THAW]
    assert again.id not in (alert.id, part.id)
    assert [s.occurrences for s in again.statements] == [1]


def test_the_rest_of_what_was_taken_back_may_be_told_again_later() -> None:
    first = read((THAW, *RUIZ), (TOLL, *RUIZ))
    (alert,) = raised(first)
    back = withdraw(alert, [alert], WRONG, LATER)
    assert back is not None
    one, rest = (dataclasses.replace(back, statements=[s]) for s in back.statements)
    before = [alert, back, restore(one, [alert, back], LATER + 60)]
    assert told_again(alert.id, before) == {alert.statements[0].id: before[-1].id}
    again = restore(rest, before, LATER + 120)
    assert told(again) == [TOLL]
    assert again.id not in {each.id for each in before}


def test_taken_back_once() -> None:
    first = read((THAW, *RUIZ), (PORT, *RUIZ))
    (alert,) = raised(first)
    (half,) = raised(edited(first, (PORT, *RUIZ)), (alert,), (first,))
    again = edited(first, (PORT, *RUIZ), after=120)
    assert raised(again, (alert, half), (first,)) == ()
    (rest,) = raised(edited(first, (TOLL, *VIK), after=180), (alert, half), (first, again))[:1]
    assert (rest.type, told(rest), rest.revision) == ("withdrawn", [PORT], 3)
    assert rest.id != half.id


def test_words_that_a_later_edit_restores_are_told_again_once_each_time() -> None:
    first = read((THAW, *RUIZ), (PORT, *RUIZ))
    alerts = raised(first)
    for after in (60, 180):
        alerts += raised(edited(first, (PORT, *RUIZ), after=after), alerts, (first,))
        restored = edited(first, (THAW, *RUIZ), (PORT, *RUIZ), after=after + 60)
        alerts += raised(restored, alerts, (first,))
        assert raised(restored, alerts, (first,)) == ()
    assert [a.type for a in alerts] == ["new", "withdrawn", "updated", "withdrawn", "updated"]
    assert [told(a)[0] for a in alerts] == [THAW] * 5
    assert [s.verdict for s in alerts[-1].statements] == ["new", "repeated"]
    assert [a.follows for a in alerts[1:4:2]] == [alerts[0].id, alerts[2].id]
    assert len({a.id for a in alerts}) == 5


def test_a_revision_fetched_before_the_edit_restores_nothing() -> None:
    first = read((THAW, *RUIZ))
    alerts = raised(first)
    alerts += raised(edited(first, after=60), alerts, (first,))
    for after in (0, 30, 60):
        assert raised(edited(first, (THAW, *RUIZ), after=after), alerts, (first,)) == ()


def test_what_was_removed_here_stays_told_elsewhere() -> None:
    first = read((THAW, *RUIZ))
    elsewhere = article(LEAD, f"“{THAW},” said Ana Ruiz.", url="https://other.example/b", at=120)
    copy = read((THAW, *RUIZ), memory=remembered(first), where=elsewhere)
    assert raised(copy, before=(first,)) == ()


def test_what_a_reader_found_wrong_is_not_restored_by_an_edit() -> None:
    first = read((THAW, *RUIZ))
    (alert,) = raised(first)
    back = withdraw(alert, [alert], WRONG, LATER)
    assert back is not None
    assert raised(edited(first), (alert, back), (first,)) == ()
    assert raised(edited(first, (THAW, *RUIZ), after=120), (alert, back), (first,)) == ()


def test_an_older_revision_takes_nothing_back() -> None:
    first = read((THAW, *RUIZ))
    alerts = raised(first)
    assert raised(edited(first, (THAW, *VIK), after=-60), alerts, (first,))[0].type == "new"
    assert raised(edited(first, after=-60), alerts, (first,)) == ()


def test_another_watchs_alerts_stand() -> None:
    first = read((THAW, *RUIZ))
    alerts = raised(first)
    other = dataclasses.replace(WATCH, id="other-talks")
    assert raise_alerts(edited(first), [other], alerts, {}, LATER) == ()


def test_an_alert_found_wrong_is_taken_back_whole_or_in_part() -> None:
    (alert,) = raised(read((THAW, *RUIZ), (PORT, *RUIZ)))
    whole = withdraw(alert, [alert], WRONG, LATER)
    assert whole is not None
    assert (whole.type, whole.follows, whole.reasons) == ("withdrawn", alert.id, (WRONG,))
    assert told(whole) == [THAW, PORT]
    assert withdraw(alert, [alert, whole], WRONG, LATER) is None
    assert withdraw(whole, [alert, whole], WRONG, LATER) is None
    part = withdraw(alert, [alert], WRONG, LATER, [alert.statements[1].id])
    assert part is not None
    assert told(part) == [PORT]
    assert withdraw(alert, [alert], WRONG, LATER, ["unknown"]) is None
