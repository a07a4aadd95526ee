"""A withdrawn alert: who is told, who need not be, and that it is told once."""

from __future__ import annotations

from connectors.archive import Archive
from connectors.archive.corrections import Repair
from connectors.archive.ledger import Claim
from schemas.alert import Alert, AlertReason
from schemas.correction import Correction
from support.dossiers import WATCH, after, case, dossier
from transforms.core.alerts.withdrawals import withdraw

CHANNELS = ("tried", "untried", "sending")
REASON = AlertReason("wrong", "a reader says that it is wrong")


def _raised(archive: Archive) -> Alert:
    (alert,) = archive.dossiers.store_dossier(dossier("talks", "No deal yet."))
    return alert


def _owe(archive: Archive) -> None:
    archive.routing.route([WATCH], lambda *_: {c: ["desk"] for c in CHANNELS}, after(1))


def _withdraw(archive: Archive, alert: Alert) -> bool:
    return archive.corrections.record(
        Correction("c1", alert.id, "wrong", after(100)),
        [taken] if (taken := withdraw(alert, [alert], REASON, after(100))) else [],
        Repair(),
        case(alert),
        "cases.jsonl",
    )


def _statuses(archive: Archive) -> dict[tuple[str, str], str]:
    owed = [d for d in archive.ledger.all() if d.channel in CHANNELS]
    return {(d.channel, d.type): d.status for d in owed}


def test_those_who_may_have_got_the_alert_are_owed_its_withdrawal(archive: Archive) -> None:
    alert = _raised(archive)
    _owe(archive)
    claim = Claim("we", after(2), after(60))
    for channel in ("tried", "sending"):
        archive.ledger.claim_loose(channel, [WATCH], claim)
    archive.ledger.mark_failed("tried", "", "we", "timeout", after(9))
    assert _withdraw(archive, alert)
    assert _statuses(archive) == {
        ("tried", "new"): "failed",
        ("tried", "withdrawn"): "pending",
        ("untried", "new"): "dropped",
        ("sending", "new"): "claimed",
        ("sending", "withdrawn"): "pending",
    }
    assert archive.alerts.recent_bundles("untried", [WATCH]) == []
    (shown,) = archive.alerts.recent_bundles("sending", [WATCH])
    assert [a.type for a in shown.alerts] == ["withdrawn"]
    assert not _withdraw(archive, alert)


def test_what_nobody_was_told_is_routed_to_nobody(archive: Archive) -> None:
    _withdraw(archive, _raised(archive))
    _owe(archive)
    assert _statuses(archive) == {}
    assert [a.type for a in archive.alerts.all()] == ["new", "withdrawn"]


def test_a_case_is_owed_to_its_file_until_it_stands_there(archive: Archive) -> None:
    alert = _raised(archive)
    _withdraw(archive, alert)
    (owed,) = archive.corrections.pending_cases()
    assert (owed.file, owed.case) == ("cases.jsonl", case(alert))
    archive.corrections.mark_written(owed.correction_id)
    assert archive.corrections.pending_cases() == []
    assert [c.kind for c in archive.corrections.all()] == ["wrong"]
