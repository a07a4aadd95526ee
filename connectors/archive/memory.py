"""What was said before, as the judge and the reader of an archive ask for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, false, func, select

from connectors.archive.sql import columns_of, covers, in_chunks
from connectors.archive.tables import articles, occurrences, statements, told
from schemas.alert import AlertNearest
from schemas.annotation import Annotation, Category, Speaker
from schemas.article import Article
from schemas.base import Span, Timestamp
from schemas.dossier import Match, Occurrence
from schemas.statement import Novelty, Statement, Verdict

#: Rows that a listing of the whole memory holds at once.
_PAGE = 500


class StatementOccurrence(NamedTuple):
    """One place where a statement stands, as ``parley statements`` lists it."""

    statement_id: str
    novelty: Novelty  #: as judged when it was read
    speaker: str  #: fullest name in the article
    name_key: str
    category: Category  #: as the watch sees it; the article's own without a match
    is_alertworthy: bool
    article_url: str
    content: tuple[Span, ...]
    text: str
    publisher: str
    published_at: Timestamp
    is_first: bool  #: whether no other place was published earlier, of one time by address
    nearest: AlertNearest | None


class HeldOccurrence(NamedTuple):
    """What would have alerted, had it been surer."""

    watch: str
    match: Match
    speaker: Speaker
    occurrence: Occurrence
    article_url: str
    article_title: str
    publisher: str
    published_at: Timestamp
    seen_at: Timestamp
    fetched_at: Timestamp


def is_read(
    connection: Connection, article_id: str, text_hash: str, watches: Sequence[str]
) -> bool:
    """Whether this article was archived with this very text, held against these watches."""
    is_it = and_(
        articles.c.id == article_id,
        articles.c.text_hash == text_hash,
        covers(articles.c.watches, watches),
    )
    return connection.execute(select(articles.c.id).where(is_it)).first() is not None


def annotation_of(
    connection: Connection, article: Article, watches: Sequence[str]
) -> Annotation | None:
    """The article annotated as another one of the same text was, for these watches; None if
    none was.
    """
    is_copy = and_(
        articles.c.text_hash == article.text_hash,
        articles.c.id != article.id,
        covers(articles.c.watches, watches),
    )
    found = connection.execute(select(articles.c.id, articles.c.tags).where(is_copy)).first()
    if found is None:
        return None
    standing = and_(occurrences.c.article_id == found.id, occurrences.c.withdrawn_at.is_(None))
    said = select(occurrences.c.attribution).where(standing)
    attributions = connection.execute(said.order_by(occurrences.c.position, occurrences.c.id))
    return Annotation(article, found.tags, [*attributions.scalars()])


def same_text(connection: Connection, article: Article) -> str:
    """The URL of the first other article with the same text; "" if there is none."""
    is_copy = and_(articles.c.text_hash == article.text_hash, articles.c.id != article.id)
    first = select(articles.c.url).where(is_copy).order_by(articles.c.published_at, articles.c.url)
    return connection.execute(first.limit(1)).scalar() or ""


def occurrence_counts(
    connection: Connection, statement_ids: Sequence[str], *, but_article: str = ""
) -> dict[str, int]:
    """In how many places of other articles each statement stands; one that stands nowhere is
    left out.
    """
    found: dict[str, int] = {}
    for part in in_chunks(sorted(set(statement_ids))):
        standing = and_(
            occurrences.c.statement_id.in_(part),
            occurrences.c.withdrawn_at.is_(None),
            occurrences.c.article_id != but_article,
        )
        counted = select(occurrences.c.statement_id, func.count()).where(standing)
        rows = connection.execute(counted.group_by(occurrences.c.statement_id))
        found.update((statement_id, n) for statement_id, n in rows)
    return found


def told_to(connection: Connection, statement_ids: Sequence[str]) -> dict[str, set[str]]:
    """The watches for which each statement stands, or stood, as alertworthy and sure."""
    found: dict[str, set[str]] = {}
    for part in in_chunks(sorted(set(statement_ids))):
        rows = connection.execute(select(told).where(told.c.statement_id.in_(part)))
        for statement_id, watch in rows:
            found.setdefault(statement_id, set()).add(watch)
    return found


def said(connection: Connection, article_id: str, statement_ids: Sequence[str]) -> list[Occurrence]:
    """Where the statements stand in the article, in text order; words of theirs that a reader
    put right before stand as the person's whose they are since.
    """
    their_texts = select(occurrences.c.text).where(
        occurrences.c.article_id == article_id, occurrences.c.statement_id.in_(statement_ids)
    )
    texts = set(connection.execute(their_texts).scalars())
    query = _standing().where(occurrences.c.article_id == article_id)
    rows = connection.execute(query.order_by(occurrences.c.position, occurrences.c.id))
    return [
        _occurrence(row)
        for row in rows
        if row.statement_id in statement_ids
        or (row.attribution.rule == "corrected" and row.text in texts)
    ]


def originals(connection: Connection, statement_ids: Collection[str]) -> dict[str, str]:
    """What each statement repeats, as a reader told; itself if it repeats none."""
    joined = select(statements.c.id, statements.c.same_as).where(
        statements.c.id.in_(statement_ids), statements.c.same_as.is_not(None)
    )
    roots = {row.id: row.same_as for row in connection.execute(joined)}
    return {id_: roots.get(id_, id_) for id_ in statement_ids}


def listed(
    connection: Connection, watch: str | None, *, by_statement: bool = False
) -> Iterator[StatementOccurrence]:
    """Every standing occurrence, by time of publication, address and place; or so within each
    statement, and these by the time when they were first recorded.

    With a watch, those that were matched against it, seen with its eyes.
    """
    order = (articles.c.published_at, articles.c.url, occurrences.c.position, occurrences.c.id)
    place = func.row_number().over(partition_by=occurrences.c.statement_id, order_by=order)
    joined = _standing((place == 1).label("is_first"), statements.c.same_as).join(
        statements, statements.c.id == occurrences.c.statement_id
    )
    grouped = (statements.c.said_at, occurrences.c.statement_id) if by_statement else ()
    paged = joined.order_by(*grouped, *order).execution_options(yield_per=_PAGE)
    for row in connection.execute(paged):
        matches = [m for m in row.matches if watch in (None, m.watch)]
        if matches or watch is None:
            yield _statement_occurrence(row, matches)


def places(connection: Connection, statement_ids: Sequence[str]) -> list[StatementOccurrence]:
    """Where the statements stand, by time of publication, address and place."""
    found = []
    for part in in_chunks(sorted(set(statement_ids))):
        of_them = (
            _standing(false().label("is_first"), statements.c.same_as)
            .join(statements, statements.c.id == occurrences.c.statement_id)
            .where(occurrences.c.statement_id.in_(part))
        )
        found += [_statement_occurrence(row, []) for row in connection.execute(of_them)]
    return sorted(found, key=lambda o: (o.published_at, o.article_url, o.content[0].start))


def said_before(
    connection: Connection, statement_id: str, before: Timestamp, limit: int
) -> list[tuple[Statement, Sequence[str]]]:
    """The latest statements under the name key of this one that were said earlier, latest first,
    with their topics.
    """
    its_key = select(statements.c.name_key).where(statements.c.id == statement_id)
    is_first = and_(
        occurrences.c.statement_id == statements.c.id,
        occurrences.c.article_id == statements.c.article_id,
        occurrences.c.position == statements.c.position,
    )
    query = (
        select(*columns_of(statements, Statement), occurrences.c.topics)
        .join(occurrences, is_first)
        .where(statements.c.name_key == its_key.scalar_subquery(), statements.c.said_at < before)
        .order_by(statements.c.said_at.desc(), statements.c.id)
        .limit(limit)
    )
    return [(Statement(*row[:-1]), row.topics) for row in connection.execute(query)]


def held(
    connection: Connection, watch: str | None, since: Timestamp | None
) -> list[HeldOccurrence]:
    """What was held, of articles fetched at or after ``since``, in order of fetching."""
    query = _standing().where(occurrences.c.is_held)
    if since is not None:
        query = query.where(articles.c.fetched_at >= since)
    rows = connection.execute(query.order_by(articles.c.fetched_at, occurrences.c.position))
    return [
        HeldOccurrence(
            match.watch,
            match,
            row.speaker,
            _occurrence(row),
            row.url,
            row.title,
            row.publisher,
            row.published_at,
            row.seen_at,
            row.fetched_at,
        )
        for row in rows
        for match in row.matches
        if match.is_held and watch in (None, match.watch)
    ]


def _standing(*more: Any) -> Select[Any]:
    of_article = ("url", "title", "publisher", "published_at", "seen_at", "fetched_at")
    return (
        select(occurrences, *[articles.c[name] for name in of_article], *more)
        .join(articles, articles.c.id == occurrences.c.article_id)
        .where(occurrences.c.withdrawn_at.is_(None))
    )


def _statement_occurrence(row: Row[Any], matches: list[Match]) -> StatementOccurrence:
    return StatementOccurrence(
        statement_id=row.same_as or row.statement_id,
        novelty="repeated" if row.same_as else row.novelty,
        speaker=row.speaker.name,
        name_key=row.name_key,
        category=matches[0].category if matches else row.speaker.category,
        is_alertworthy=any(match.is_alertworthy for match in matches),
        article_url=row.url,
        content=row.attribution.quotation.spans,
        text=row.text,
        publisher=row.publisher,
        published_at=row.published_at,
        is_first=bool(row.is_first) and not row.same_as,
        nearest=row.nearest.as_told() if row.nearest else None,
    )


def _occurrence(row: Row[Any]) -> Occurrence:
    return Occurrence(
        text=row.text,
        attribution=row.attribution,
        actors=row.actors,
        topics=row.topics,
        matches=row.matches,
        id=row.id,
        verdict=Verdict(row.novelty, row.statement_id, row.nearest),
    )
