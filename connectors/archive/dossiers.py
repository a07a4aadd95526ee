"""Articles with all that was said in them: stored together."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import Insert

from connectors.archive.alerts import Alerts
from connectors.archive.dead_letters import DeadLetters
from connectors.archive.entries import Entries, Settled
from connectors.archive.memory import Memory
from connectors.archive.persons import Persons
from connectors.archive.reattributions import Reattributions, is_by_hand, spans_of, without
from connectors.archive.store import (
    Store,
    columns_of,
    insert_into,
    reading,
    upsert,
    values_of,
    writing,
)
from connectors.archive.tables import articles, occurrences, statements, told
from schemas.alert import Alert
from schemas.article import Article
from schemas.base import Instant
from schemas.dossier import Commentary, Dossier, Match, Occurrence
from schemas.outcome import DeadLetter, Skip
from schemas.statement import Verdict
from transforms.core.ports import DossierStore

_ARTICLE_COLUMNS = [column.name for column in articles.columns]
_IN_FORCE = select(
    occurrences.c.id, occurrences.c.statement_id, occurrences.c.text, occurrences.c.attribution
).where(occurrences.c.article_id == bindparam("article"), occurrences.c.withdrawn_at.is_(None))
_READ_FOR = select(articles.c.watches, articles.c.tags).where(
    articles.c.id == bindparam("id"), articles.c.text_hash == bindparam("text_hash")
)


class Dossiers(Store, DossierStore):
    """Articles, what is said in them, and what became of those that were not read on."""

    @reading
    def article(self, article_id: str) -> Article:
        """The article of that id, which must be there."""
        query = select(*columns_of(articles, Article)).where(articles.c.id == article_id)
        return Article(*self._execute(query).one())

    @reading
    def find_article(self, article_id: str) -> Article | None:
        """The article of that id, if the archive has it."""
        query = select(*columns_of(articles, Article)).where(articles.c.id == article_id)
        row = self._execute(query).first()
        return None if row is None else Article(*row)

    @writing
    def store_dossier(self, dossier: Dossier) -> list[Alert]:
        """Archive all of it and mark its entry read; the alerts not archived before.

        Each of these gets a pending delivery per channel of its watch. An alert that holds only
        what another one has alerted to meanwhile is not recorded; nor is what a reader said are
        somebody else's words.

        Raises:
            ValueError: an occurrence in it was not judged.
        """
        article = dossier.article
        moved = self.within(Reattributions).moved_away(article.id)
        alerts = self.within(Alerts)
        raised = alerts.unalerted([*without(moved, dossier.alerts)])
        self._store(dossier, moved)
        self.within(Persons).introduce(dossier.introductions)
        recorded = alerts.record(raised)
        self.within(Entries).settle(
            Settled(
                article.entry_id,
                "read",
                article.fetched_at,
                is_provisional=bool(article.is_provisional),
                is_alerted=bool(alerts.on_article(article.id)),
                etag=article.etag or "",
                last_modified=article.last_modified or "",
            )
        )
        return recorded

    @writing
    def store_skip(self, skip: Skip) -> None:
        """Mark an entry as looked at and not read on, with the reason."""
        self.within(Entries).settle(
            Settled(
                skip.entry_id,
                "skipped",
                skip.skipped_at,
                skip.reason,
                skip.copy_of,
                etag=skip.etag,
                last_modified=skip.last_modified,
            )
        )

    @writing
    def store_dead_letter(self, dead_letter: DeadLetter) -> None:
        """Keep a failure and mark its entry, if it has one, failed."""
        if self.within(DeadLetters).keep(dead_letter):
            at = dead_letter.failed_at
            self.within(Entries).fail(dead_letter.entry_id, dead_letter.reason, at)

    @writing
    def store_part(self, dossier: Dossier) -> None:
        """Add what is said in an archived article, and leave all else of it as it stands."""
        rows = [*_rows(dossier)]
        self._store_said(dossier, rows, is_latest=False)
        self._store_occurrences(rows, withdrawn_at=None)

    @writing
    def withdraw(self, occurrence_ids: Iterable[str], at: Instant) -> None:
        """Mark occurrences as no longer in force."""
        for occurrence_id in sorted(occurrence_ids):
            row = update(occurrences).where(occurrences.c.id == occurrence_id)
            self._execute(row.values(withdrawn_at=at))

    def _store(self, dossier: Dossier, moved: Collection[str]) -> None:
        """Upsert the article, its occurrences and the statements that are new, as read for the
        archive's watches; how they met other watches stays.

        Of an article that was edited, the text fetched last stands, in whatever order its
        revisions come: an occurrence that it lacks is kept, and marked withdrawn. What a reader
        put right stays so: where the ``moved`` statements stand is stored no longer.
        """
        later_at = self._store_article(dossier)
        rows = [*_rows(dossier)]
        self._store_said(dossier, rows, is_latest=later_at is None)
        self._store_alerted(dossier)
        rows = [row for row in rows if row["statement_id"] not in moved]
        self._store_occurrences(rows, withdrawn_at=later_at)
        if later_at is None:
            self._withdraw_others(dossier.article, rows, is_corrected=bool(moved))

    def _store_article(self, dossier: Dossier) -> Instant | None:
        """None if the article stands as it is here; else when the later text was fetched."""
        article = dossier.article
        same = {"id": article.id, "text_hash": article.text_hash}
        before = self._execute(_READ_FOR, same).first()
        here = {*self._watches, *(tag.watch for tag in dossier.tags)}
        earlier = [tag for tag in before.tags if tag.watch not in here] if before else []
        values = {
            **values_of(articles, article),
            "tags": [*dossier.tags, *earlier],
            "stored_at": Instant.now(),
            "watches": sorted({*(before.watches if before else ()), *self._watches}),
        }
        if self._execute(_article_upsert(self._dialect), values).rowcount > 0:
            return None
        stored = select(articles.c.fetched_at, articles.c.text_hash)
        row = self._execute(stored.where(articles.c.id == article.id)).one()
        return None if row.text_hash == article.text_hash else row.fetched_at

    def _store_said(self, dossier: Dossier, rows: list[dict[str, Any]], *, is_latest: bool) -> None:
        """Store the statements, those that memory lacked with the terms that find them."""
        terms = _terms(dossier)
        values = [*_statement_rows(dossier.article, rows, terms)]
        if not values:
            return
        ids = statements.c.id
        known = {row.id for row in self._among(select(ids), ids, [row["id"] for row in values])}
        dialect = self._dialect
        changed = _statement_upsert(dialect) if is_latest else upsert(dialect, statements)
        self._execute(changed, values)
        self.within(Memory).remember([row for row in values if row["id"] not in known], terms)

    def _store_alerted(self, dossier: Dossier) -> None:
        """Keep for which watches the statements stand as alertworthy and sure."""
        sure = {
            (occurrence.verdict.statement_id, match.watch)
            for _, occurrence in dossier.occurrences()
            for match in occurrence.matches
            if occurrence.verdict is not None and match.is_sent
        }
        rows = [{"statement_id": id_, "watch": watch} for id_, watch in sorted(sure)]
        self._put(told, rows)

    def _store_occurrences(
        self, rows: list[dict[str, Any]], *, withdrawn_at: Instant | None
    ) -> None:
        if not rows:
            return
        stored = select(occurrences.c.id, occurrences.c.matches)
        found = self._among(stored, occurrences.c.id, [row["id"] for row in rows])
        before = {row.id: row.matches for row in found}
        values = [{**_merged(row, before), "withdrawn_at": withdrawn_at} for row in rows]
        changes = () if withdrawn_at is not None else tuple(values[0].keys() - {"id"})
        self._put(occurrences, values, *sorted(changes))

    def _withdraw_others(
        self, article: Article, rows: list[dict[str, Any]], *, is_corrected: bool
    ) -> None:
        """Withdraw what the dossier lacks, except what a reader put there and the text still
        holds: that moves with its words.
        """
        ids, said = ({row[name] for row in rows} for name in ("id", "statement_id"))
        lacked = []
        for known in self._execute(_IN_FORCE, {"article": article.id}).all():
            if known.id in ids:
                continue
            is_put = (
                is_corrected and is_by_hand(known.attribution) and known.statement_id not in said
            )
            found = spans_of(known.text, article) if is_put else None
            if found is None:
                lacked.append(known.id)
            elif found:
                self.within(Reattributions).move(known.id, known.attribution, found)
        self.withdraw(lacked, article.fetched_at)


def _rows(dossier: Dossier) -> Iterator[dict[str, Any]]:
    for commentary, occurrence in dossier.occurrences():
        yield _row(dossier.article, commentary, occurrence)


def _row(article: Article, commentary: Commentary, occurrence: Occurrence) -> dict[str, Any]:
    verdict = _verdict(article, occurrence)
    return {
        **values_of(occurrences, occurrence),
        "article_id": article.id,
        "statement_id": verdict.statement_id,
        "position": occurrence.attribution.quotation.spans[0].start,
        "name_key": commentary.name_key,
        "speaker": commentary.speaker,
        "novelty": verdict.novelty,
        "nearest": verdict.nearest,
    }


def _verdict(article: Article, occurrence: Occurrence) -> Verdict:
    if occurrence.verdict is None or not occurrence.id:
        raise ValueError(
            f"{article.url}: {occurrence.text[:60]!r} was not judged before it is archived"
        )
    return occurrence.verdict


def _statement_rows(
    article: Article, rows: Sequence[Mapping[str, Any]], terms: Mapping[str, Sequence[int]]
) -> Iterator[dict[str, Any]]:
    """A row for each statement, as it stands first in the article; in one order for all writers."""
    first = {row["statement_id"]: row for row in reversed(rows)}
    for statement_id, row in sorted(first.items()):
        yield {
            "id": statement_id,
            "name_key": row["name_key"],
            "speaker": row["speaker"].name,
            "text": row["text"],
            "said_at": article.published_at,
            "position": row["position"],
            "has_terms": bool(terms[statement_id]),
            "article_id": article.id,
            "article_url": article.url,
            "publisher": article.publisher,
        }


def _terms(dossier: Dossier) -> dict[str, Sequence[int]]:
    """What each statement of the dossier is found by where it stands first, by its id."""
    terms: dict[str, Sequence[int]] = {}
    for _, occurrence in dossier.occurrences():
        if occurrence.verdict is not None:
            terms.setdefault(occurrence.verdict.statement_id, occurrence.terms)
    return terms


def _merged(row: dict[str, Any], before: dict[str, Sequence[Match]]) -> dict[str, Any]:
    """The row with the matches of watches that it was not matched against this time."""
    own = {match.watch for match in row["matches"]}
    others = [match for match in before.get(row["id"], ()) if match.watch not in own]
    matches = [*row["matches"], *others]
    return {**row, "matches": matches, "is_held": any(match.is_held for match in matches)}


@functools.cache
def _article_upsert(dialect: str) -> Insert:
    insert = insert_into(dialect, articles)
    return insert.on_conflict_do_update(
        index_elements=[articles.c.id],
        set_={name: insert.excluded[name] for name in _ARTICLE_COLUMNS if name != "id"},
        where=articles.c.fetched_at <= insert.excluded.fetched_at,
    )


@functools.cache
def _statement_upsert(dialect: str) -> Insert:
    insert = insert_into(dialect, statements)
    return insert.on_conflict_do_update(
        index_elements=[statements.c.id],
        set_={"position": insert.excluded.position},
        where=statements.c.article_id == insert.excluded.article_id,
    )
