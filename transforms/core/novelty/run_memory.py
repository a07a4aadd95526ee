"""Memory that does not wait for the archive to be written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set

from schemas.alert import Alert
from schemas.annotation import Annotation
from schemas.article import Article
from schemas.base import Instant
from schemas.person import Introduction, NameRecord
from schemas.statement import Statement
from transforms.core.novelty.recall import StatementIndex
from transforms.core.people.persons import remember
from transforms.core.ports import Memory


class RecentMemory:
    """A Memory, and on top of it what its owner has read since it was opened.

    Whether a reading has reached the archive when the next one is judged depends on how the
    runner fuses the steps; so each step notes what it makes. It grows with the run.
    """

    def __init__(self, archive: Memory) -> None:
        self._archive = archive
        self._statements = StatementIndex()
        self._texts: dict[str, str] = {}  #: the first address of each text
        self._introductions: defaultdict[str, dict[str, Introduction]] = defaultdict(dict)
        self._told: defaultdict[str, set[str]] = defaultdict(set)

    def sharing(
        self, terms: Sequence[int], since: Instant, until: Instant
    ) -> dict[str, tuple[int, int]]:
        """How many of the terms each statement shares, the archive's and those noted."""
        memories = (self._archive, self._statements)
        counts = [memory.sharing(terms, since, until) for memory in memories]
        return {id_: shared for found in counts for id_, shared in found.items()}

    def recall(
        self,
        name_key: str,
        *,
        ids: Collection[str],
        article_id: str,
        since: Instant,
        until: Instant,
    ) -> list[Statement]:
        """The statements asked for: the archive's, then those noted."""
        memories = (self._archive, self._statements)
        found = (
            memory.recall(name_key, ids=ids, article_id=article_id, since=since, until=until)
            for memory in memories
        )
        return [*{statement.id: statement for of_it in found for statement in of_it}.values()]

    def said_near(
        self, name_key: str, at: Instant, *, within_seconds: int, limit: int, but_article: str
    ) -> list[Statement]:
        """The statements said nearest to then: the archive's, and those noted."""
        memories = (self._archive, self._statements)
        found = (
            memory.said_near(
                name_key,
                at,
                within_seconds=within_seconds,
                limit=limit,
                but_article=but_article,
            )
            for memory in memories
        )
        return [*{statement.id: statement for of_it in found for statement in of_it}.values()]

    def name_record(self, name_key: str) -> NameRecord:
        """What is known of the people of the key."""
        return remember(self._archive.name_record(name_key), self._introductions[name_key].values())

    def annotation_of(self, article: Article) -> Annotation | None:
        """The article annotated as an archived one of the same text was."""
        return self._archive.annotation_of(article)

    def same_text(self, article: Article) -> str:
        """The URL of the first other article with the same text, archived or noted."""
        noted = self._texts.get(article.text_hash, article.url)
        return self._archive.same_text(article) or (noted if noted != article.url else "")

    def occurrence_counts(
        self, statement_ids: Sequence[str], *, but_article: str = ""
    ) -> Mapping[str, int]:
        """In how many places of other articles each statement stands, as far as archived."""
        return self._archive.occurrence_counts(statement_ids, but_article=but_article)

    def told(self, statement_ids: Sequence[str]) -> Mapping[str, Set[str]]:
        """The watches that each statement was told to."""
        told = self._archive.told(statement_ids)
        return {id_: {*told.get(id_, ()), *self._told[id_]} for id_ in statement_ids}

    def alerts_on(self, article_id: str) -> Sequence[Alert]:
        """The alerts raised on the article before, as far as they are archived."""
        return self._archive.alerts_on(article_id)

    def note_article(self, article: Article) -> None:
        """Remember an article's text."""
        self._texts.setdefault(article.text_hash, article.url)

    def note_statements(self, statements: Iterable[Statement]) -> None:
        """Remember statements that were judged new."""
        for statement in statements:
            self._statements.add(statement)

    def note_introductions(self, introductions: Iterable[Introduction]) -> None:
        """Remember what an article tells of its speakers."""
        for introduction in introductions:
            self._introductions[introduction.name_key][introduction.id] = introduction

    def note_told(self, told: Mapping[str, Set[str]]) -> None:
        """Remember what was told to which watches."""
        for statement_id, watches in told.items():
            self._told[statement_id] |= watches

    def close(self) -> None:
        """Give back the archive's connections."""
        self._archive.close()
