"""The articles that an archive keeps, for reading them again with other rules; and what readers
decided, which holds then, too.

The archive is only read: it is neither made nor migrated, and may be in use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import BigInteger, inspect, select, type_coerce

from connectors.archive.corrections import Corrections
from connectors.archive.database import Database
from connectors.archive.entries import Entries
from connectors.archive.persons import Persons
from connectors.archive.store import Store, columns_of
from connectors.archive.tables import articles, occurrences, told
from schemas.alert import Alert
from schemas.article import Article
from schemas.base import Instant
from schemas.correction import Correction
from schemas.person import Ruling

#: Articles that are held in memory at once.
_PAGE = 100


@contextmanager
def _reading(url: str) -> Iterator[Store]:
    with closing(Database(url)) as database, Store(database, {}).transaction() as store:
        yield store


def stored_articles(url: str, since: Instant | None = None) -> Iterator[Article]:
    """The articles published at or after ``since``, in order of publication, ties by address.

    Raises:
        ConfigurationError: the URL is none.
        ArchiveError: there is no archive, or none that is readable.
    """
    query = select(*columns_of(articles, Article)).order_by(articles.c.published_at, articles.c.url)
    if since is not None:
        query = query.where(articles.c.published_at >= since)
    with _reading(url) as store:
        for row in store._execute(query.execution_options(yield_per=_PAGE)):
            yield Article(*row)


def user_decisions(url: str) -> tuple[list[Ruling], list[tuple[Alert, Correction]]]:
    """What users decided on persons, oldest first; and what they said of alerts and did not take
    back. An archive of an older build, that has no such tables, holds none.
    """
    with _reading(url) as store:
        tables = set(inspect(store._open()).get_table_names())
        decided = store.within(Persons).decisions() if "rulings" in tables else []
        said = store.within(Corrections).in_force() if "corrections" in tables else []
        return decided, said


def kept_silent(
    url: str, watch: str, max_age_seconds: int, since: Instant | None = None
) -> set[str]:
    """The ids of the articles that hold something new and sure for the watch, and were older
    than that when they were first seen.
    """
    age = type_coerce(articles.c.seen_at, BigInteger) - type_coerce(
        articles.c.published_at, BigInteger
    )
    query = (
        select(occurrences.c.article_id)
        .join(articles, articles.c.id == occurrences.c.article_id)
        .join(told, told.c.statement_id == occurrences.c.statement_id)
        .where(told.c.watch == watch, occurrences.c.novelty == "new")
        .where(age > max_age_seconds * 1_000_000)
    )
    if since is not None:
        query = query.where(articles.c.published_at >= since)
    with _reading(url) as store:
        return set(store._all(query))


def not_kept(url: str, since: Instant | None = None) -> int:
    """How many articles were looked at and not kept, for none of the watches wanted them."""
    with _reading(url) as store:
        return store.within(Entries).counts(since).get(("skipped", "no_watch_terms"), 0)
