"""What was said before, as the judge asks for it.

Statements are found by their terms in an index alone, and of each term only by its latest uses,
so that a lookup takes the same time however much the archive holds.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, func, select, text, tuple_
from sqlalchemy.dialects.sqlite import Insert

from connectors.archive.alerts import Alerts
from connectors.archive.persons import Persons
from connectors.archive.store import Store, columns_of, covers, in_chunks, insert_into, reading
from connectors.archive.tables import (
    articles,
    occurrences,
    statement_terms,
    statements,
    told,
    voices,
)
from schemas.alert import Alert
from schemas.annotation import Annotation
from schemas.article import Article
from schemas.base import Instant
from schemas.person import NameRecord
from schemas.statement import Statement
from transforms.core import ports
from transforms.core.ports import MAX_USES

#: Parts of one compound SELECT; SQLite takes 500.
_TERMS_AT_ONCE = 100
_KEPT = select(*columns_of(statements, Statement))


class Memory(Store, ports.Memory):
    """The archive as memory of what was said, who said it, and who was alerted to it."""

    @reading
    def is_read(self, article_id: str, text_hash: str) -> bool:
        """Whether this article was archived with this very text for the archive's watches."""
        is_it = and_(articles.c.id == article_id, articles.c.text_hash == text_hash)
        covered = covers(articles.c.watches, self._watches)
        return self._one(select(articles.c.id).where(is_it, covered)) is not None

    @reading
    def annotation_of(self, article: Article) -> Annotation | None:
        """The article annotated as another one of the same text was, for the archive's watches;
        None if none was.
        """
        is_copy = and_(_is_copy(article), covers(articles.c.watches, self._watches))
        found = self._execute(select(articles.c.id, articles.c.tags).where(is_copy)).first()
        if found is None:
            return None
        in_force = and_(occurrences.c.article_id == found.id, occurrences.c.withdrawn_at.is_(None))
        said = select(occurrences.c.attribution).where(in_force)
        ordered = said.order_by(occurrences.c.position, occurrences.c.id)
        return Annotation(article, found.tags, self._all(ordered))

    @reading
    def same_text(self, article: Article) -> str:
        """The URL of the first other article with the same text; "" if there is none."""
        copies = select(articles.c.url).where(_is_copy(article))
        return self._one(copies.order_by(articles.c.published_at, articles.c.url).limit(1)) or ""

    @reading
    def occurrence_counts(
        self, statement_ids: Sequence[str], *, but_article: str = ""
    ) -> dict[str, int]:
        """In how many places of other articles each statement stands; one that stands nowhere is
        left out.
        """
        id_ = occurrences.c.statement_id
        counted = select(id_, func.count()).where(
            occurrences.c.withdrawn_at.is_(None), occurrences.c.article_id != but_article
        )
        return {row[0]: row[1] for row in self._among(counted.group_by(id_), id_, statement_ids)}

    @reading
    def told(self, statement_ids: Sequence[str]) -> dict[str, set[str]]:
        """The watches for which each statement stands, or stood, as alertworthy and sure."""
        found: dict[str, set[str]] = {}
        for row in self._among(select(told), told.c.statement_id, statement_ids):
            found.setdefault(row.statement_id, set()).add(row.watch)
        return found

    @reading
    def alerts_on(self, article_id: str) -> list[Alert]:
        """The alerts raised on the article before, oldest first."""
        return self.within(Alerts).on_article(article_id)

    @reading
    def name_record(self, name_key: str) -> NameRecord:
        """What is known of the people of the key, and of those whom a user joined to them."""
        return self.within(Persons).name_record(name_key)

    @reading
    def sharing(
        self, terms: Sequence[int], since: Instant, until: Instant
    ) -> dict[str, tuple[int, int]]:
        """How many of the terms each statement said then shares, if two or more, and how many it
        has itself; by id. Of each term, the latest ``MAX_USES`` uses count.
        """
        found: dict[str, tuple[int, int]] = {}
        for start in range(0, len(terms), _TERMS_AT_ONCE):
            part = terms[start : start + _TERMS_AT_ONCE]
            values = {f"term{n}": term for n, term in enumerate(part)}
            values |= {"since": since.micros, "until": until.micros}
            values["least"] = 2 if len(part) == len(terms) else 1
            for id_, size, common in self._execute(_counting(len(part)), values):
                found[id_] = (common + found.get(id_, (0, 0))[0], size)
        return {id_: shared for id_, shared in found.items() if shared[0] >= 2}

    @reading
    def recall(
        self,
        name_key: str,
        *,
        ids: Collection[str],
        article_id: str,
        since: Instant,
        until: Instant,
    ) -> list[Statement]:
        """The statements of these ids, those first recorded from the article, the first under each
        of the key's spellings, and those said then that have no terms.
        """
        here = select(occurrences.c.statement_id).where(occurrences.c.article_id == article_id)
        first = select(voices.c.statement_id).where(voices.c.name_key == name_key)
        has_no_terms = and_(
            ~statements.c.has_terms,
            statements.c.name_key == name_key,
            statements.c.said_at.between(since, until),
        )
        conditions = [
            *(statements.c.id.in_(part) for part in in_chunks(sorted(ids))),
            and_(statements.c.id.in_(here), statements.c.article_id == article_id),
            statements.c.id.in_(first),
            has_no_terms,
        ]
        found = (s for is_it in conditions for s in self._rows(Statement, _KEPT.where(is_it)))
        return [*{statement.id: statement for statement in found}.values()]

    @reading
    def said_near(
        self, name_key: str, at: Instant, *, within_seconds: int, limit: int, but_article: str
    ) -> list[Statement]:
        """The statements of other articles under the key that were said nearest to then: at most
        ``limit`` before and as many after, ties by address, place and id. Each side reads an index
        from there on.
        """
        table, said_at = statements.c, statements.c.said_at
        sides = (
            (said_at.between(at - within_seconds, at), said_at.desc()),
            (and_(said_at > at, said_at <= at + within_seconds), said_at),
        )
        theirs = _KEPT.where(table.name_key == name_key, table.article_id != but_article)
        found = (
            theirs.where(is_there)
            .order_by(nearest, table.article_url, table.position, table.id)
            .limit(limit)
            for is_there, nearest in sides
        )
        return [statement for query in found for statement in self._rows(Statement, query)]

    def remember(
        self, rows: Sequence[Mapping[str, Any]], terms: Mapping[str, Sequence[int]]
    ) -> None:
        """Keep what the statements of these rows are found by, and who said them first."""
        uses = [
            {"term": term, "said_at": row["said_at"], "statement_id": row["id"], "size": len(its)}
            for row in rows
            for its in [terms[row["id"]]]
            for term in its
        ]
        self._put(statement_terms, uses)
        names = ("name_key", "speaker", "said_at")
        spoken = [
            {"statement_id": row["id"], **{name: row[name] for name in names}}
            for row in sorted(rows, key=lambda r: (r["name_key"], r["speaker"]))  # as all writers
        ]
        if spoken:
            self._execute(_voice_upsert(self._dialect), spoken)


def _is_copy(article: Article) -> ColumnElement[bool]:
    return and_(articles.c.text_hash == article.text_hash, articles.c.id != article.id)


@functools.cache
def _counting(terms: int) -> TextClause:
    """Counts per statement over the latest uses of a number of terms.

    In plain SQL, for SQLAlchemy takes longer to put a union of its own together than a database
    to answer it.
    """
    uses = (
        f"SELECT * FROM (SELECT statement_id, size FROM statement_terms"  # noqa: S608 -- numbers
        f" WHERE term = :term{n} AND said_at BETWEEN :since AND :until"
        f" ORDER BY said_at DESC, statement_id DESC LIMIT {MAX_USES}) AS uses{n}"
        for n in range(terms)
    )
    return text(
        f"SELECT statement_id, size, COUNT(*) FROM ({' UNION ALL '.join(uses)}) AS uses"  # noqa: S608
        " GROUP BY statement_id, size HAVING COUNT(*) >= :least"
    )


@functools.cache
def _voice_upsert(dialect: str) -> Insert:
    insert = insert_into(dialect, voices)
    return insert.on_conflict_do_update(
        index_elements=[voices.c.name_key, voices.c.speaker],
        set_={name: insert.excluded[name] for name in ("statement_id", "said_at")},
        where=tuple_(voices.c.said_at, voices.c.statement_id)
        > tuple_(insert.excluded.said_at, insert.excluded.statement_id),
    )
