"""Writing twice is writing once, in whatever order: the archive's tables after any replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from connectors.archive import Archive
from connectors.archive.corrections import Repair
from connectors.archive.tables import metadata
from schemas.alert import Alert, AlertReason
from schemas.correction import Correction, HeldDecision
from schemas.delivery import Notice
from schemas.person import Ruling
from support.dossiers import (
    WATCH,
    after,
    case,
    dead_letter,
    dossier,
    entry,
    introduction,
    poll,
    skip,
)
from transforms.core.alerts.releasing import decision_id
from transforms.core.alerts.withdrawals import withdraw

_SLUGS = ("read", "edited", "skipped", "failed", "quiet")

#: The writes of one run, the way a retried bundle or a second run after a crash repeats them.
_WRITES: dict[str, Callable[[Archive], Any]] = {
    "read": lambda a: a.dossiers.store_dossier(
        dossier("read", "No deal yet.", "Wait for spring.", introductions=[introduction("head")])
    ),
    "first": lambda a: a.dossiers.store_dossier(dossier("edited", "Tides turn.", "Then see.")),
    "edited": lambda a: a.dossiers.store_dossier(
        dossier("edited", "Then see.", "Not before autumn.", fetched_at=after(60))
    ),
    "quiet": lambda a: a.dossiers.store_dossier(
        dossier("quiet", introductions=[introduction("head", at=9), introduction("fellow")])
    ),
    "ruling": lambda a: a.persons.decide(Ruling("1", "category", "Irena Valek", after(0)), "valek"),
    "skipped": lambda a: a.dossiers.store_skip(skip("skipped", at=after(30))),
    "failed": lambda a: a.dossiers.store_dead_letter(dead_letter("failed", "gone", at=after(40))),
    "begin": lambda a: a.runs.begin("run", after(0), "run", "in process", [WATCH]),
    "closed": lambda a: a.ledger.close_channel("elsewhere", "status 410", after(0)),
    "corrected": lambda a: _correct(a),
    "dismissed": lambda a: _dismiss(a),
    "silent": lambda a: _tell(a),
    "watch": lambda a: a.runs.remember_watch_file(WATCH, "watch.yaml", ""),
    "poll": lambda a: a.feeds.record_poll(poll(*map(entry, _SLUGS), at=after(5))),
}


def _correct(archive: Archive) -> list[Alert]:
    """Withdraws what "read" raises."""
    raised = archive.dossiers.store_dossier(dossier("read", "No deal yet.", "Wait for spring."))
    (alert,) = dossier("read", "No deal yet.", "Wait for spring.").alerts
    taken = withdraw(alert, [alert], AlertReason("wrong", "wrong"), after(90))
    correction = Correction("correction", alert.id, "wrong", after(90))
    is_first = archive.corrections.record(correction, [taken], Repair(), case(alert), "cases.jsonl")
    return [*raised, *([taken] if is_first else [])]


def _dismiss(archive: Archive) -> list[Alert]:
    """Dismisses a held statement of the article "read"."""
    raised = archive.dossiers.store_dossier(dossier("read", "No deal yet.", "Wait for spring."))
    (alert,) = dossier("read", "No deal yet.", "Wait for spring.").alerts
    id_ = decision_id("held", "dismiss", None)
    where = (alert.article.id, after(95))
    decision = HeldDecision(id_, "held", "dismiss", WATCH, "statement", *where)
    archive.held.decide([(decision, case(alert))], None, "cases.jsonl")
    return raised


def _tell(archive: Archive) -> None:
    notice = Notice("n", WATCH, "Silent", "No alert for long.", after(0), after(99))
    archive.routing.route_notice(notice, {"mailto:x": ["desk"]})


def _tables(archive: Archive) -> dict[str, Any]:
    """All rows without the order of recording, and without when an article was stored."""
    found = {}
    with archive.database.reading() as connection:
        for table in metadata.sorted_tables:
            columns = [
                column
                for column in table.columns
                if "number" not in column.name and column.name != "stored_at"
            ]
            rows = connection.execute(table.select().with_only_columns(*columns))
            found[table.name] = sorted(map(repr, rows))
    return found


def _empty(archive: Archive) -> None:
    with archive.database.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    archive.feeds.record_poll(poll(*map(entry, _SLUGS), at=after(5)))


# The archive is emptied for each example by hand: opening a new one takes longer than the test.
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    order=st.permutations(sorted(_WRITES)),
    repeats=st.lists(st.sampled_from(sorted(_WRITES)), max_size=12),
    data=st.data(),
)
def test_any_order_and_repetition_of_writes_ends_in_the_same_tables(
    archive: Archive, order: list[str], repeats: list[str], data: st.DataObject
) -> None:
    _empty(archive)
    for name in _WRITES:
        _WRITES[name](archive)
    expected = _tables(archive)

    _empty(archive)
    replay = [*order]
    for name in repeats:
        replay.insert(data.draw(st.integers(0, len(replay))), name)
    raised = [
        alert.id for name in replay for alert in _WRITES[name](archive) or () if _is_reading(name)
    ]
    assert _tables(archive) == expected
    assert len(raised) == len(set(raised)) == len(archive.alerts.all())


def _is_reading(name: str) -> bool:
    return name in ("read", "first", "edited", "quiet", "corrected", "dismissed")


def test_the_tables_compared_hold_something(archive: Archive) -> None:
    _empty(archive)
    for write in _WRITES.values():
        write(archive)
    assert all(rows for rows in _tables(archive).values())
