"""Articles with all that was said in them: stored together."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.sqlite import Insert

from connectors.archive import recall
from connectors.archive.reattributions import is_by_hand, move, spans_of
from connectors.archive.sql import insert_into, upsert, values_of
from connectors.archive.tables import (
    articles,
    occurrences,
    statements,
    told,
)
from schemas.article import Article
from schemas.base import Timestamp
from schemas.dossier import Commentary, Dossier, Match, Occurrence
from schemas.statement import Verdict

_ARTICLE_COLUMNS = [column.name for column in articles.columns]
_STANDING = select(
    occurrences.c.id, occurrences.c.statement_id, occurrences.c.text, occurrences.c.attribution
).where(occurrences.c.article_id == bindparam("article"), occurrences.c.withdrawn_at.is_(None))
_HELD_AGAINST = select(articles.c.watches, articles.c.tags).where(
    articles.c.id == bindparam("id"), articles.c.text_hash == bindparam("text_hash")
)


def store(
    connection: Connection, dossier: Dossier, watches: Sequence[str], moved: Collection[str] = ()
) -> None:
    """Upsert the article, its occurrences and the statements that are new, as held against
    ``watches``; how they met other watches stays.

    Of an article that was edited, the text fetched last stands, in whatever order its
    revisions come: an occurrence that it lacks is kept, and marked withdrawn. What a reader put
    right stays so: where the ``moved`` statements stand is stored no more.
    """
    stands = _store_article(connection, dossier, watches)
    rows = [*_rows(dossier)]
    _store_said(connection, dossier, rows, is_latest=stands is None)
    _store_told(connection, dossier)
    rows = [row for row in rows if row["statement_id"] not in moved]
    _store_occurrences(connection, rows, withdrawn_at=stands)
    if stands is None:
        _withdraw_others(connection, dossier.article, rows, is_corrected=bool(moved))


def store_part(connection: Connection, dossier: Dossier) -> None:
    """Add what is said in an archived article, and leave all else of it as it stands."""
    rows = [*_rows(dossier)]
    _store_said(connection, dossier, rows, is_latest=False)
    _store_occurrences(connection, rows, withdrawn_at=None)


def withdraw(connection: Connection, occurrence_ids: Iterable[str], at: Timestamp) -> None:
    """Mark occurrences as standing no more."""
    for occurrence_id in sorted(occurrence_ids):
        row = occurrences.c.id == occurrence_id
        connection.execute(update(occurrences).where(row).values(withdrawn_at=at))


def _store_article(
    connection: Connection, dossier: Dossier, watches: Sequence[str]
) -> Timestamp | None:
    """None if the article stands as given; else when the later text that stands was fetched."""
    article = dossier.article
    same = {"id": article.id, "text_hash": article.text_hash}
    before = connection.execute(_HELD_AGAINST, same).first()
    here = {*watches, *(tag.watch for tag in dossier.tags)}
    earlier = [tag for tag in before.tags if tag.watch not in here] if before else []
    values = {
        **values_of(articles, article),
        "tags": [*dossier.tags, *earlier],
        "watches": sorted({*(before.watches if before else ()), *watches}),
    }
    if connection.execute(_article_upsert(connection.dialect.name), values).rowcount > 0:
        return None
    stored = select(articles.c.fetched_at, articles.c.text_hash).where(articles.c.id == article.id)
    fetched_at, text_hash = connection.execute(stored).one()
    return None if text_hash == article.text_hash else fetched_at


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


def _store_said(
    connection: Connection, dossier: Dossier, rows: list[dict[str, Any]], *, is_latest: bool
) -> None:
    """Store the statements, those that memory lacked with the terms that find them."""
    terms = _terms(dossier)
    new = _store_statements(connection, dossier.article, rows, terms, is_latest=is_latest)
    recall.remember(connection, new, terms)


def _store_statements(
    connection: Connection,
    article: Article,
    rows: list[dict[str, Any]],
    terms: Mapping[str, Sequence[int]],
    *,
    is_latest: bool,
) -> list[dict[str, Any]]:
    """Insert those that memory lacks; in their own article they move with its edits.

    Returns:
        The rows of those that it lacked.
    """
    if not rows:
        return []
    first = {row["statement_id"]: row for row in reversed(rows)}
    said = {"article_id": article.id, "article_url": article.url, "publisher": article.publisher}
    values = [
        {
            "id": statement_id,
            "name_key": row["name_key"],
            "speaker": row["speaker"].name,
            "text": row["text"],
            "said_at": article.published_at,
            "position": row["position"],
            "has_terms": bool(terms[statement_id]),
            **said,
        }
        for statement_id, row in sorted(first.items())  # one order of locks for all writers
    ]
    dialect = connection.dialect.name
    known = select(statements.c.id).where(statements.c.id.in_(bindparam("ids", expanding=True)))
    lacked = first.keys() - set(connection.execute(known, {"ids": sorted(first)}).scalars())
    connection.execute(
        _statement_upsert(dialect) if is_latest else upsert(dialect, statements), values
    )
    return [row for row in values if row["id"] in lacked]


def _terms(dossier: Dossier) -> dict[str, Sequence[int]]:
    """What each statement of the reading is found by where it stands first, by its id."""
    terms: dict[str, Sequence[int]] = {}
    for _, occurrence in dossier.occurrences():
        if occurrence.verdict is not None:
            terms.setdefault(occurrence.verdict.statement_id, occurrence.terms)
    return terms


def _store_told(connection: Connection, dossier: Dossier) -> None:
    """Keep for which watches the statements stand as alertworthy and sure."""
    sure = {
        (occurrence.verdict.statement_id, match.watch)
        for _, occurrence in dossier.occurrences()
        for match in occurrence.matches
        if occurrence.verdict is not None and match.is_sent
    }
    if sure:
        rows = [{"statement_id": id_, "watch": watch} for id_, watch in sorted(sure)]
        connection.execute(upsert(connection.dialect.name, told), rows)


def _store_occurrences(
    connection: Connection, rows: list[dict[str, Any]], *, withdrawn_at: Timestamp | None
) -> None:
    if not rows:
        return
    before = _matches_before(connection, [row["id"] for row in rows])
    values = [{**_merged(row, before), "withdrawn_at": withdrawn_at} for row in rows]
    changes = () if withdrawn_at is not None else tuple(values[0].keys() - {"id"})
    connection.execute(upsert(connection.dialect.name, occurrences, *sorted(changes)), values)


def _matches_before(connection: Connection, ids: list[str]) -> dict[str, Sequence[Match]]:
    stored = select(occurrences.c.id, occurrences.c.matches).where(occurrences.c.id.in_(ids))
    return {row.id: row.matches for row in connection.execute(stored)}


def _merged(row: dict[str, Any], before: dict[str, Sequence[Match]]) -> dict[str, Any]:
    """The row with the matches of watches that it was not held against this time."""
    own = {match.watch for match in row["matches"]}
    others = [match for match in before.get(row["id"], ()) if match.watch not in own]
    matches = [*row["matches"], *others]
    return {**row, "matches": matches, "is_held": any(match.is_held for match in matches)}


def _withdraw_others(
    connection: Connection, article: Article, rows: list[dict[str, Any]], *, is_corrected: bool
) -> None:
    """Withdraw what the reading lacks, but for what a reader put there and the text still holds:
    that moves with its words.
    """
    ids, said = ({row[name] for row in rows} for name in ("id", "statement_id"))
    lacked = []
    for known in connection.execute(_STANDING, {"article": article.id}):
        if known.id in ids:
            continue
        is_put = is_corrected and is_by_hand(known.attribution) and known.statement_id not in said
        found = spans_of(known.text, article) if is_put else None
        if found is None:
            lacked.append(known.id)
        elif found:
            move(connection, known.id, known.attribution, found)
    withdraw(connection, lacked, article.fetched_at)
