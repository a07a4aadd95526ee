"""Statements that were held because something was unsure, and what people decided about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, select

from connectors.archive.alerts import Alerts
from connectors.archive.dossiers import Dossiers
from connectors.archive.memory import Memory
from connectors.archive.statements import occurrence_of, occurrences_in_force
from connectors.archive.store import Store, columns_of, reading, values_of, writing
from connectors.archive.tables import (
    articles,
    held_decisions,
    occurrences,
    statements,
    told,
    voices,
)
from schemas.alert import Alert
from schemas.annotation import Speaker
from schemas.base import Instant
from schemas.correction import Case, HeldDecision
from schemas.dossier import Commentary, Dossier, Match, Occurrence
from transforms.core.alerts.releasing import decision_id, held_id
from transforms.core.people.names import same_person


class HeldStatement(NamedTuple):
    """What a watch would have alerted on, had it been surer, where it was published first."""

    id: str  #: hash of watch and statement
    watch: str
    match: Match
    name_key: str
    speaker: Speaker
    occurrence: Occurrence
    article_id: str
    article_url: str
    article_title: str
    publisher: str
    published_at: Instant
    seen_at: Instant
    fetched_at: Instant
    decision: HeldDecision | None = None  #: the latest

    @property
    def statement_id(self) -> str:
        """The id of the statement."""
        verdict = self.occurrence.verdict
        return verdict.statement_id if verdict else ""

    @property
    def is_settled(self) -> bool:
        """Reports if somebody released or dismissed it, and nobody took that back."""
        return self.decision is not None and self.decision.kind != "undo"


class Held(Store):
    """Held statements in force: those that their articles still hold."""

    @reading
    def all(
        self,
        watch: str | None = None,
        since: Instant | None = None,
        *,
        stored_since: Instant | None = None,
    ) -> list[HeldStatement]:
        """Each once, in order of publication, with what was decided about it. What the watch was
        told by a surer copy is left out, unless somebody decided about it.

        Args:
            watch: only this one's.
            since: only those of articles fetched then or later.
            stored_since: only those of articles archived then or later.
        """
        query = occurrences_in_force().where(occurrences.c.is_held)
        if since is not None:
            query = query.where(articles.c.fetched_at >= since)
        if stored_since is not None:
            query = query.where(articles.c.stored_at >= stored_since)
        place = (articles.c.published_at, articles.c.url, occurrences.c.position, occurrences.c.id)
        first: dict[str, HeldStatement] = {}
        for row in self._execute(query.order_by(*place)):
            for match in row.matches:
                if match.is_held and watch in (None, match.watch):
                    first.setdefault(held_id(match.watch, row.statement_id), _held(row, match))
        decided = self._latest(first)
        alerted = self.within(Memory).told([item.statement_id for item in first.values()])
        return [
            item._replace(decision=decided.get(id_))
            for id_, item in first.items()
            if id_ in decided or item.watch not in alerted.get(item.statement_id, ())
        ]

    def _latest(self, held_ids: Iterable[str]) -> dict[str, HeldDecision]:
        """The latest decision about each, by id."""
        query = select(*columns_of(held_decisions, HeldDecision)).order_by(held_decisions.c.number)
        rows = self._among(query, held_decisions.c.held_id, held_ids)
        return {row.held_id: HeldDecision(*row) for row in rows}

    @reading
    def dossier_of(self, item: HeldStatement, statement_ids: Collection[str]) -> Dossier:
        """What its speaker says in its article with the statements of these ids."""
        query = occurrences_in_force().where(
            occurrences.c.article_id == item.article_id, occurrences.c.name_key == item.name_key
        )
        rows = self._execute(query.order_by(occurrences.c.position, occurrences.c.id))
        article_id, said = item.article_id, list[Occurrence]()
        places = self.within(Memory).occurrence_counts(
            sorted(statement_ids), but_article=article_id
        )
        for row in rows:
            if row.statement_id in statement_ids:
                said.append(replace(occurrence_of(row), elsewhere=places.get(row.statement_id, 0)))
        tags = self._one(select(articles.c.tags).where(articles.c.id == article_id))
        first_seen = self._first_seen(item)
        commentary = Commentary(item.name_key, item.speaker, said, first_seen)
        return Dossier(self.within(Dossiers).article(article_id), tags, [commentary])

    def _first_seen(self, item: HeldStatement) -> Instant | None:
        """When memory first heard the speaker; None if that is the article itself."""
        query = (
            select(voices.c.said_at, voices.c.speaker, statements.c.article_id)
            .join(statements, statements.c.id == voices.c.statement_id)
            .where(voices.c.name_key == item.name_key)
            .order_by(voices.c.said_at)
        )
        first = next(
            (r for r in self._execute(query) if same_person(r.speaker, item.speaker.name)), None
        )
        return first.said_at if first and first.article_id != item.article_id else None

    @writing
    def decide(
        self, decided: Sequence[tuple[HeldDecision, Case]], raised: Alert | None, case_file: str
    ) -> bool:
        """Record decisions about held statements, with the alert that these raise or take back.

        Returns:
            Whether all follow what was decided before; if somebody was faster, nothing is done.
        """
        self.within(Alerts).lock()
        latest = self._latest(decision.held_id for decision, _ in decided)
        for decision, _ in decided:
            before = latest.get(decision.held_id)
            if decision.id != decision_id(decision.held_id, decision.kind, before):
                return False
        if raised is not None:
            self.within(Alerts).record([raised], to_channels=False)
        for decision, case in decided:
            row = {"case": case, "case_file": case_file}
            self._put(held_decisions, {**values_of(held_decisions, decision), **row})
            self._keep_told(decision)
        return True

    def _keep_told(self, decision: HeldDecision) -> None:
        """Let copies of a released statement raise no alert; let them again after an undo."""
        key = {"statement_id": decision.statement_id, "watch": decision.watch}
        if decision.kind == "release":
            self._put(told, key)
        elif decision.kind == "undo" and not self._is_sure(**key):
            its = (told.c.statement_id == key["statement_id"]) & (told.c.watch == key["watch"])
            self._execute(delete(told).where(its))

    def _is_sure(self, statement_id: str, watch: str) -> bool:
        """Whether the statement stands, or stood, as alertworthy and sure somewhere."""
        query = select(occurrences.c.matches).where(occurrences.c.statement_id == statement_id)
        found = self._all(query)
        return any(match.watch == watch and match.is_sent for each in found for match in each)


def _held(row: Row[Any], match: Match) -> HeldStatement:
    of_article = ("publisher", "published_at", "seen_at", "fetched_at")
    return HeldStatement(
        held_id(match.watch, row.statement_id),
        match.watch,
        match,
        row.name_key,
        row.speaker,
        occurrence_of(row),
        row.article_id,
        row.url,
        row.title,
        *(getattr(row, name) for name in of_article),
    )
