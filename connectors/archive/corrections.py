"""What readers said was wrong, and what that changed: alerts withdrawn, memory repaired."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from connectors.archive import alerts as deliveries
from connectors.archive import dossiers as dossiers
from connectors.archive import memory, persons
from connectors.archive import reattributions as corrected
from connectors.archive.database import Database
from connectors.archive.sql import columns_of, insert_into
from connectors.archive.tables import alerts, articles, corrections, statements
from schemas.alert import Alert
from schemas.article import Article
from schemas.correction import Case, Correction
from schemas.dossier import Dossier, Occurrence
from schemas.person import Ruling


class OwedCase(NamedTuple):
    """A case that is still to be written to a file."""

    correction_id: str
    file: str
    case: Case


@dataclass(frozen=True)
class Repair:
    """What a correction changes of memory."""

    rulings: Sequence[tuple[Ruling, str, str]] = ()  #: each with the name keys it is on
    joined: Sequence[tuple[str, str]] = ()  #: statement ids: repeats, what; in order of saying
    moved: Sequence[str] = ()  #: ids of occurrences that were somebody else's words
    said: Dossier | None = None  #: the same words as that person's
    parted: Sequence[str] = ()  #: ids of statements that repeat nothing, but for ``joined``
    put_back: Sequence[str] = ()  #: ids of statements that are their first speaker's, after all
    unruled: str = ""  #: the note of rulings that hold no more


class Corrections:
    """The archive's corrections: one method, one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self,
        correction: Correction,
        alerts: Sequence[Alert],
        repair: Repair,
        case: Case,
        case_file: str,
    ) -> bool:
        """Record it and the ``alerts`` that take others back or tell them again, owe these to
        those whom they concern, repair memory.

        Returns:
            Whether it was not recorded before; then nothing is done.
        """
        with self._database.writing() as connection:
            insert = insert_into(connection.dialect.name, corrections).on_conflict_do_nothing()
            values = {name: getattr(correction, name) for name in _COLUMNS}
            row = {**values, "case": case, "case_file": case_file}
            if connection.execute(insert, row).rowcount == 0:
                return False
            deliveries.record(connection, alerts, {})
            _repair(connection, repair, correction)
        return True

    def all(self) -> list[Correction]:
        """Every correction, in order of time."""
        query = select(*columns_of(corrections, Correction))
        order = (corrections.c.corrected_at, corrections.c.id)
        with self._database.reading() as connection:
            return [Correction(*row) for row in connection.execute(query.order_by(*order))]

    def in_force(self) -> list[tuple[Alert, Correction]]:
        """What was said of alerts, in order of time, but for what was taken back."""
        with self._database.reading() as connection:
            return in_force(connection)

    def owed_cases(self) -> list[OwedCase]:
        """The cases that stand in no file yet."""
        owed = select(corrections.c.id, corrections.c.case_file, corrections.c.case).where(
            corrections.c.case_file.is_not(None)
        )
        with self._database.reading() as connection:
            rows = connection.execute(owed.order_by(corrections.c.corrected_at, corrections.c.id))
            return [OwedCase(*row) for row in rows]

    def mark_written(self, correction_id: str) -> None:
        """Record that a case stands in its file."""
        of_it = update(corrections).where(corrections.c.id == correction_id)
        with self._database.writing() as connection:
            connection.execute(of_it.values(case_file=None))

    def alerts_named(self, id_prefix: str) -> list[Alert]:
        """The alerts, withdrawals too, whose ids begin so, in order of recording."""
        query = select(alerts.c.alert).where(alerts.c.id.startswith(id_prefix, autoescape=True))
        with self._database.reading() as connection:
            return list(connection.execute(query.order_by(alerts.c.number)).scalars())

    def article(self, article_id: str) -> Article:
        """The article of that id, which must be there."""
        query = select(*columns_of(articles, Article)).where(articles.c.id == article_id)
        with self._database.reading() as connection:
            return Article(*connection.execute(query).one())

    def said(self, article_id: str, statement_ids: Sequence[str]) -> list[Occurrence]:
        """Where the statements stand in the article, be it put right before."""
        with self._database.reading() as connection:
            return memory.said(connection, article_id, statement_ids)

    def originals(self, statement_ids: Collection[str]) -> dict[str, str]:
        """What each statement repeats, as a reader told; itself if it repeats none."""
        with self._database.reading() as connection:
            return memory.originals(connection, statement_ids)


def in_force(connection: Connection) -> list[tuple[Alert, Correction]]:
    """What was said of alerts, in order of time, but for what was taken back."""
    query = (
        select(alerts.c.alert, *columns_of(corrections, Correction))
        .join(alerts, alerts.c.id == corrections.c.alert_id)
        .order_by(corrections.c.corrected_at, corrections.c.id)
    )
    said: list[tuple[Alert, Correction]] = []
    for alert, *values in connection.execute(query):
        correction = Correction(*values)
        if correction.kind == "right":
            said = [pair for pair in said if pair[0].id != alert.id]
        else:
            said.append((alert, correction))
    return said


_COLUMNS = [column.name for column in columns_of(corrections, Correction)]


def _repair(connection: Connection, repair: Repair, correction: Correction) -> None:
    for ruling, name_key, other_key in repair.rulings:
        persons.rule(connection, ruling, name_key, other_key)
    if repair.parted:
        parted = update(statements).where(statements.c.id.in_(repair.parted))
        connection.execute(parted.values(same_as=None))
    for statement_id, same in repair.joined:
        original = memory.originals(connection, [same])[same]
        its = (statements.c.id == statement_id) | (statements.c.same_as == statement_id)
        joined = update(statements).where(its, statements.c.id != original)
        connection.execute(joined.values(same_as=original))
    if repair.unruled:
        persons.unrule(connection, repair.unruled)
    if repair.put_back:
        corrected.put_back(connection, repair.put_back, correction)
    dossiers.withdraw(connection, repair.moved, correction.corrected_at)
    if repair.said is not None:
        dossiers.store_part(connection, repair.said)
