"""Statements and where they stand, as the reader of an archive asks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, false, func, select

from connectors.archive.store import Store, columns_of, reading
from connectors.archive.tables import articles, occurrences, statements
from schemas.alert import Alert, AlertNearest
from schemas.annotation import Category
from schemas.base import Instant, Span
from schemas.dossier import Match, Occurrence
from schemas.statement import Novelty, Statement, Verdict
from transforms.core.alerts.silence import ReadStatement

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
    published_at: Instant
    is_first: bool  #: no other place was published earlier, of one time by address
    nearest: AlertNearest | None


#: The places of each statement, by time of publication.
_Places = dict[str, list[StatementOccurrence]]


class Statements(Store):
    """Statements in force: those that their articles still hold."""

    def all(
        self, watch: str | None = None, *, by_statement: bool = False
    ) -> Iterator[StatementOccurrence]:
        """Every occurrence, by time of publication, address and place; or so within each
        statement, and these by the time when they were first recorded. Few are in memory at once.

        With a watch, those that were matched against it, seen with its eyes.
        """
        order = (articles.c.published_at, articles.c.url, occurrences.c.position, occurrences.c.id)
        place = func.row_number().over(partition_by=occurrences.c.statement_id, order_by=order)
        joined = occurrences_in_force((place == 1).label("is_first"), statements.c.same_as).join(
            statements, statements.c.id == occurrences.c.statement_id
        )
        grouped = (statements.c.said_at, occurrences.c.statement_id) if by_statement else ()
        paged = joined.order_by(*grouped, *order).execution_options(yield_per=_PAGE)
        with self.transaction() as store:
            for row in store._execute(paged):
                matches = [m for m in row.matches if watch in (None, m.watch)]
                if matches or watch is None:
                    yield _statement_occurrence(row, matches)

    def read_since(self, at: Instant) -> Iterator[ReadStatement]:
        """Every occurrence in the articles that were archived then or later, in order of
        publication. Few are in memory at once.
        """
        order = (articles.c.published_at, articles.c.url, occurrences.c.position, occurrences.c.id)
        query = occurrences_in_force().where(articles.c.stored_at >= at).order_by(*order)
        with self.transaction() as store:
            for row in store._execute(query.execution_options(yield_per=_PAGE)):
                yield ReadStatement(
                    row.id,
                    row.statement_id,
                    row.article_id,
                    row.speaker.name,
                    row.text,
                    row.publisher,
                    row.published_at,
                    row.seen_at,
                    row.speaker.category,
                    tuple(row.matches),
                )

    @reading
    def places(self, statement_ids: Collection[str]) -> list[StatementOccurrence]:
        """Where the statements stand, by time of publication, address and place."""
        query = occurrences_in_force(false().label("is_first"), statements.c.same_as).join(
            statements, statements.c.id == occurrences.c.statement_id
        )
        rows = self._among(query, occurrences.c.statement_id, statement_ids)
        found = [_statement_occurrence(row, []) for row in rows]
        return sorted(found, key=lambda o: (o.published_at, o.article_url, o.content[0].start))

    @reading
    def with_first_places(self, found: Sequence[StatementOccurrence]) -> list[StatementOccurrence]:
        """The occurrences, what comes nearest to each shown where it was published first."""
        known = self._places_of(one.nearest for one in found)
        return [
            one._replace(nearest=_first_published(one.nearest, known, one.article_url))
            for one in found
        ]

    @reading
    def with_first_published(self, raised: Sequence[Alert]) -> list[Alert]:
        """The alerts, what comes nearest to their statements shown where it was published first;
        the judge knew only where it was read first.
        """
        known = self._places_of(s.nearest for alert in raised for s in alert.statements)
        return [
            replace(
                alert,
                statements=[
                    replace(s, nearest=_first_published(s.nearest, known, alert.article.url))
                    for s in alert.statements
                ],
            )
            for alert in raised
        ]

    def _places_of(self, nearest: Iterable[AlertNearest | None]) -> _Places:
        found: _Places = {}
        for place in self.places({each.id for each in nearest if each}):
            found.setdefault(place.statement_id, []).append(place)
        return found

    @reading
    def said_before(
        self, statement_id: str, before: Instant, limit: int = 50
    ) -> list[tuple[Statement, Sequence[str]]]:
        """The latest statements under the same name key that were said earlier, latest first,
        with their topics.
        """
        its_key = select(statements.c.name_key).where(statements.c.id == statement_id)
        is_first = and_(
            occurrences.c.statement_id == statements.c.id,
            occurrences.c.article_id == statements.c.article_id,
            occurrences.c.position == statements.c.position,
        )
        is_theirs = statements.c.name_key == its_key.scalar_subquery()
        query = (
            select(*columns_of(statements, Statement), occurrences.c.topics)
            .join(occurrences, is_first)
            .where(is_theirs, statements.c.said_at < before)
            .order_by(statements.c.said_at.desc(), statements.c.id)
            .limit(limit)
        )
        return [(Statement(*row[:-1]), row.topics) for row in self._execute(query)]

    @reading
    def in_article(self, article_id: str, statement_ids: Collection[str]) -> list[Occurrence]:
        """Where the statements stand in the article, in text order; words of theirs that a reader
        put right before stand as the person's whose they are since.
        """
        of_article = occurrences.c.article_id == article_id
        is_one = occurrences.c.statement_id.in_(statement_ids)
        texts = self._all(select(occurrences.c.text).where(of_article, is_one))
        query = occurrences_in_force().where(of_article)
        rows = self._execute(query.order_by(occurrences.c.position, occurrences.c.id))
        return [
            occurrence_of(row)
            for row in rows
            if row.statement_id in statement_ids
            or (row.attribution.rule == "corrected" and row.text in texts)
        ]

    @reading
    def repeated(self, statement_ids: Collection[str]) -> dict[str, str]:
        """What each statement repeats, as a reader said; itself if it repeats none."""
        joined = select(statements.c.id, statements.c.same_as).where(
            statements.c.id.in_(statement_ids), statements.c.same_as.is_not(None)
        )
        roots = {row.id: row.same_as for row in self._execute(joined)}
        return {id_: roots.get(id_, id_) for id_ in statement_ids}


def _first_published(
    nearest: AlertNearest | None, known: _Places, article_url: str
) -> AlertNearest | None:
    """What is nearest to words of an article, with the first place elsewhere where it stands."""
    places = known.get(nearest.id, ()) if nearest else ()
    first = next((place for place in places if place.article_url != article_url), None)
    if nearest is None or first is None:
        return nearest
    return replace(nearest, url=first.article_url, said_at=first.published_at)


def occurrences_in_force(*more: Any) -> Select[Any]:
    """Each occurrence that its article still holds, with columns of that article."""
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


def occurrence_of(row: Row[Any]) -> Occurrence:
    """A row of the table as it was judged."""
    return Occurrence(
        text=row.text,
        attribution=row.attribution,
        actors=row.actors,
        topics=row.topics,
        matches=row.matches,
        id=row.id,
        verdict=Verdict(row.novelty, row.statement_id, row.nearest),
    )
