"""Statements with all that is known of each place where they stand, for people who look around."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, func, or_, select

from connectors.archive.store import Store, reading
from connectors.archive.tables import alerts, articles, occurrences, statements
from schemas.annotation import Speaker
from schemas.base import Instant
from schemas.dossier import Occurrence
from schemas.statement import Verdict

#: Places of one statement that are looked at; a wire report stands on hundreds of sites.
MOST_PLACES = 200


class Place(NamedTuple):
    """A statement where an article says it."""

    statement_id: str  #: of the statement that it is; a reader may have said that it repeats one
    occurrence: Occurrence
    speaker: Speaker  #: with the fullest name, role and affiliation in the article
    name_key: str
    article_id: str
    article_url: str
    article_title: str
    publisher: str
    language: str
    published_at: Instant


class Counts(NamedTuple):
    """How much an archive holds."""

    articles: int
    statements: int
    alerts: int


#: The places where a statement stands, the one published first first.
Places = list[Place]


class Browsing(Store):
    """Statements in force, found by article, speaker or words."""

    @reading
    def places(self, statement_id: str) -> Places:
        """Where a statement stands, and words that repeat it, as a reader said; by time of
        publication and address; at most ``MOST_PLACES``.
        """
        repeating = self._all(select(statements.c.id).where(statements.c.same_as == statement_id))
        order = (articles.c.published_at, articles.c.url, occurrences.c.position)
        query = _in_force().order_by(*order).limit(MOST_PLACES)
        is_it = occurrences.c.statement_id.in_([statement_id, *repeating[:MOST_PLACES]])
        return [*map(_place, self._execute(query.where(is_it)))]

    @reading
    def root(self, statement_id: str) -> str | None:
        """The statement that the one of that id repeats, as a reader said; itself if it repeats
        none; None if there is no such statement.
        """
        query = select(statements.c.id, statements.c.same_as).where(statements.c.id == statement_id)
        row = self._execute(query).first()
        return None if row is None else row.same_as or row.id

    @reading
    def in_article(self, article_id: str) -> Places:
        """All that is said in an article, in text order."""
        query = _in_force().where(occurrences.c.article_id == article_id)
        rows = self._execute(query.order_by(occurrences.c.position, occurrences.c.id))
        return [*map(_place, rows)]

    @reading
    def said_under(
        self, name_key: str, *, after: str | None = None, limit: int = 50
    ) -> tuple[list[Places], str | None]:
        """The statements of all people of a name key, latest first, each with its places.

        Args:
            name_key: what memory keys names by.
            after: the statement that an earlier page ended with; None for the first page.
            limit: how many statements a page has; fewer where some are no longer in force.

        Returns:
            The statements, and ``after`` of the next page; None after the last one.
        """
        return self._latest(after, limit, statements.c.name_key == name_key)

    @reading
    def search(
        self, words: str = "", speaker: str = "", *, after: str | None = None, limit: int = 50
    ) -> tuple[list[Places], str | None]:
        """The statements that hold each of the words, by speakers whose names hold ``speaker``;
        the rest as in ``said_under``. The case of Latin letters does not matter.
        """
        asked = [statements.c.text.icontains(word, autoescape=True) for word in words.split()]
        if speaker:
            asked.append(statements.c.speaker.icontains(speaker, autoescape=True))
        return self._latest(after, limit, *asked)

    @reading
    def counts(self) -> Counts:
        """How many articles, statements and alerts there are."""
        return Counts(
            *(
                int(self._one(select(func.count()).select_from(table)))
                for table in (articles, statements, alerts)
            )
        )

    def _latest(
        self, after: str | None, limit: int, *asked: Any
    ) -> tuple[list[Places], str | None]:
        query = select(statements.c.id).where(statements.c.same_as.is_(None), *asked)
        if after is not None:
            at = select(statements.c.said_at).where(statements.c.id == after).scalar_subquery()
            is_of_that_time = and_(statements.c.said_at == at, statements.c.id > after)
            query = query.where(or_(statements.c.said_at < at, is_of_that_time))
        latest = query.order_by(statements.c.said_at.desc(), statements.c.id).limit(limit + 1)
        ids = self._all(latest)
        more = ids[limit - 1] if len(ids) > limit else None
        return self._with_places(ids[:limit]), more

    def _with_places(self, ids: Collection[str]) -> list[Places]:
        """Each statement that is in force with its places, in the order of the ids."""
        found: dict[str, Places] = defaultdict(list)
        for row in self._among(_in_force(), occurrences.c.statement_id, ids):
            found[row.statement_id].append(_place(row))
        return [sorted(found[id_], key=_order) for id_ in ids if id_ in found]


def _order(place: Place) -> tuple[Instant, str, int]:
    start = place.occurrence.attribution.quotation.spans[0].start
    return place.published_at, place.article_url, start


def _in_force() -> Select[Any]:
    of_article = ("url", "title", "publisher", "language", "published_at")
    return (
        select(occurrences, statements.c.same_as, *[articles.c[name] for name in of_article])
        .join(articles, articles.c.id == occurrences.c.article_id)
        .join(statements, statements.c.id == occurrences.c.statement_id)
        .where(occurrences.c.withdrawn_at.is_(None))
    )


def _place(row: Row[Any]) -> Place:
    verdict = Verdict(row.novelty, row.statement_id, row.nearest)
    occurrence = Occurrence(
        row.text, row.attribution, row.actors, row.topics, row.matches, row.id, verdict
    )
    return Place(
        statement_id=row.same_as or row.statement_id,
        occurrence=occurrence,
        speaker=row.speaker,
        name_key=row.name_key,
        article_id=row.article_id,
        article_url=row.url,
        article_title=row.title,
        publisher=row.publisher,
        language=row.language,
        published_at=row.published_at,
    )
