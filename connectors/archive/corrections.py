"""What readers said was wrong, and what that changed: alerts withdrawn, memory repaired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, inspect, select, update

from connectors.archive.alerts import Alerts
from connectors.archive.dossiers import Dossiers
from connectors.archive.persons import Persons
from connectors.archive.reattributions import Reattributions
from connectors.archive.statements import Statements
from connectors.archive.store import (
    Store,
    columns_of,
    insert_into,
    reading,
    values_of,
    writing,
)
from connectors.archive.tables import alerts, corrections, held_decisions, statements
from schemas.alert import Alert
from schemas.correction import Case, Correction
from schemas.dossier import Dossier
from schemas.person import Ruling
from transforms.core.alerts.corrections import corrected_part

#: The tables that hold cases, each with its time.
_WITH_CASES = (
    (corrections, corrections.c.corrected_at),
    (held_decisions, held_decisions.c.decided_at),
)


class PendingCase(NamedTuple):
    """A case that is still to be written to a file."""

    correction_id: str  #: or of the decision on a held statement
    file: str
    case: Case


@dataclass(frozen=True)
class Repair:
    """What a correction changes of memory."""

    rulings: Sequence[tuple[Ruling, str, str]] = ()  #: each with the name keys it is on
    joined: Sequence[tuple[str, str]] = ()  #: statement ids: repeats, what; in order of saying
    moved: Sequence[str] = ()  #: ids of occurrences that were somebody else's words
    said: Dossier | None = None  #: the same words as that person's
    parted: Sequence[str] = ()  #: ids of statements that repeat nothing except by ``joined``
    put_back: Sequence[str] = ()  #: ids of statements that are their first speaker's, after all
    unruled: str = ""  #: the note of decisions that no longer hold


class Corrections(Store):
    """The log of what readers said was wrong, with the cases that follow from it."""

    @writing
    def record(
        self,
        correction: Correction,
        alerts: Sequence[Alert],
        repair: Repair,
        case: Case,
        case_file: str,
    ) -> bool:
        """Record it and the ``alerts`` that take others back or raise them again, route these to
        those whom they concern, repair memory.

        Returns:
            Whether it was not recorded before; then nothing is done.
        """
        insert = insert_into(self._dialect, corrections).on_conflict_do_nothing()
        row = {**values_of(corrections, correction), "case": case, "case_file": case_file}
        if self._execute(insert, row).rowcount == 0:
            return False
        self.within(Alerts).record(alerts, to_channels=False)
        self._repair(repair, correction)
        return True

    def _repair(self, repair: Repair, correction: Correction) -> None:
        persons, dossiers = self.within(Persons), self.within(Dossiers)
        for ruling, name_key, other_key in repair.rulings:
            persons.decide(ruling, name_key, other_key)
        if repair.parted:
            parted = update(statements).where(statements.c.id.in_(repair.parted))
            self._execute(parted.values(same_as=None))
        for statement_id, same in repair.joined:
            original = self.within(Statements).repeated([same])[same]
            its = (statements.c.id == statement_id) | (statements.c.same_as == statement_id)
            joined = update(statements).where(its, statements.c.id != original)
            self._execute(joined.values(same_as=original))
        if repair.unruled:
            persons.forget(repair.unruled)
        if repair.put_back:
            self.within(Reattributions).put_back(repair.put_back, correction)
        dossiers.withdraw(repair.moved, correction.corrected_at)
        if repair.said is not None:
            dossiers.store_part(repair.said)

    @reading
    def all(self) -> list[Correction]:
        """Every correction, in order of time."""
        query = select(*columns_of(corrections, Correction))
        order = (corrections.c.corrected_at, corrections.c.id)
        return self._rows(Correction, query.order_by(*order))

    @reading
    def in_force(self) -> list[tuple[Alert, Correction]]:
        """What was said of alerts and not taken back, in order of time, each with the part of the
        alert that it is on.
        """
        columns = columns_of(corrections, Correction)
        if not _has_parts(self._open()):
            columns = [column for column in columns if column.name != "statements"]
        query = (
            select(alerts.c.alert, *columns)
            .join(alerts, alerts.c.id == corrections.c.alert_id)
            .order_by(corrections.c.corrected_at, corrections.c.id)
        )
        said: list[tuple[Alert, Correction]] = []
        for alert, *values in self._execute(query):
            correction = Correction(*values)
            if correction.kind == "right":
                said = [pair for pair in said if pair[0].id != alert.id]
            else:
                said.append((corrected_part(alert, correction), correction))
        return said

    @reading
    def pending_cases(self) -> list[PendingCase]:
        """The cases of corrections and of decisions on held statements that stand in no file yet,
        those of corrections first; each in
        order of time.
        """
        return [
            PendingCase(row.id, row.case_file, row.case)
            for table, at in _WITH_CASES
            for row in self._execute(
                select(table).where(table.c.case_file.is_not(None)).order_by(at, table.c.id)
            )
        ]

    @writing
    def mark_written(self, correction_id: str) -> None:
        """Record that a case stands in its file."""
        for table, _ in _WITH_CASES:
            self._execute(update(table).where(table.c.id == correction_id).values(case_file=None))


def _has_parts(connection: Connection) -> bool:
    """Whether corrections may be on a part of an alert; not so in an archive of an older build,
    which back-tests read as it is.
    """
    return any(c["name"] == "statements" for c in inspect(connection).get_columns("corrections"))
