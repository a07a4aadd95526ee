"""What of a memory can bear on a statement, found without reading the rest.

Theory of operation. Two statements are one only if they share enough content words
(``sameness.can_be_one``), or all of their words. So each statement is kept under its *terms*,
hashes of its content words with its name key, and memory counts for each other statement how
many of the terms it shares. What ``can_be_one`` refuses is never read; of the rest some are, for
a verdict names what comes nearest.

No more than the latest ``MAX_USES`` statements under one term are counted. So a lookup costs the
same however much memory holds. It misses nothing under a name key with no more statements than
that within the horizon; under a key with more (a head of state), it misses a statement only if
of all the words that both share, no two stand in fewer than so many later ones.
"""

from __future__ import annotations

import bisect
import functools
import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from schemas.article import Article
from schemas.base import Instant
from schemas.dossier import Commentary
from schemas.statement import Statement
from transforms.core.novelty.comparison import can_be_one
from transforms.core.novelty.fingerprints import terms_of
from transforms.core.novelty.judge import statement_of
from transforms.core.novelty.meaning import ASKED_WITHIN_SECONDS, MAX_ASKED, by_nearness
from transforms.core.ports import MAX_USES, Statements

#: Statements compared with one: more than one person says alike within a horizon.
MAX_ALIKE = 100
#: Beside these, such as can only be nearest.
MAX_OTHERS = 8


def recall(
    memory: Statements,
    commentary: Commentary,
    article: Article,
    *,
    horizon_seconds: int,
    asks_meaning: bool = False,
) -> list[Statement]:
    """What memory holds that ``judge_commentary`` needs, oldest first; of one time, by address
    and place. Where a model is asked what words mean, that takes more.
    """
    since, until = (article.published_at + sign * horizon_seconds for sign in (-1, 1))
    ids: set[str] = set()
    for occurrence in commentary.occurrences:
        terms = terms_of(commentary.name_key, occurrence.text)
        ids.update(nearest_ids(memory.sharing(terms, since, until), len(terms)))
        ids.add(statement_of(commentary, occurrence, article).id)
    found = [
        *memory.recall(
            commentary.name_key, ids=ids, article_id=article.id, since=since, until=until
        )
    ]
    if asks_meaning:
        found += memory.said_near(
            commentary.name_key,
            article.published_at,
            within_seconds=ASKED_WITHIN_SECONDS,
            limit=MAX_ASKED,
            but_article=article.id,
        )
    once = {statement.id: statement for statement in found}
    return sorted(once.values(), key=lambda s: (s.said_at.micros, s.article_url, s.position))


def nearest_ids(shared: Mapping[str, tuple[int, int]], size: int) -> list[str]:
    """Which statements to compare with one of ``size`` terms.

    ``shared`` gives by id how many terms each has in common with it, and how many of its own.
    Those that can be one with it come first, then those with most in common; ties by id.

    >>> nearest_ids({"half": (3, 6), "little": (2, 9), "whole": (6, 6)}, 8)
    ['whole', 'half', 'little']
    """
    ranked = sorted(shared.items(), key=lambda item: (-item[1][0], item[0]))
    alike = [id_ for id_, (common, its) in ranked if can_be_one(common, min(size, its))]
    others = [id_ for id_, (common, its) in ranked if not can_be_one(common, min(size, its))]
    return [*alike[:MAX_ALIKE], *others[:MAX_OTHERS]]


class StatementIndex:
    """Statements by their terms, in memory: those that one process, or one key, has met.

    Answers as the archive does.
    """

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self._by_id: dict[str, Statement] = {}
        self._sizes: dict[str, int] = {}
        self._by_term: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
        self._by_article: defaultdict[str, list[str]] = defaultdict(list)
        self._by_key: defaultdict[str, list[Statement]] = defaultdict(list)
        self._voices: defaultdict[str, dict[str, Statement]] = defaultdict(dict)
        for statement in statements:
            self.add(statement)

    def add(self, statement: Statement) -> None:
        """Keep a statement; one whose id is known changes nothing."""
        if statement.id in self._by_id:
            return
        terms = terms_of(statement.name_key, statement.text)
        self._by_id[statement.id], self._sizes[statement.id] = statement, len(terms)
        self._by_article[statement.article_id].append(statement.id)
        bisect.insort(self._by_key[statement.name_key], statement, key=_micros)
        for term in terms:
            bisect.insort(self._by_term[term], (statement.said_at.micros, statement.id))
        voices = self._voices[statement.name_key]
        first = voices.get(statement.speaker, statement)
        voices[statement.speaker] = min(first, statement, key=lambda s: (s.said_at.micros, s.id))

    def sharing(
        self, terms: Sequence[int], since: Instant, until: Instant
    ) -> dict[str, tuple[int, int]]:
        """How many of the terms each statement shares, if two or more, and how many it has."""
        common = Counter(id_ for term in terms for id_ in self._latest(term, since, until))
        return {id_: (n, self._sizes[id_]) for id_, n in common.items() if n >= 2}

    def _latest(self, term: int, since: Instant, until: Instant) -> Iterator[str]:
        uses = self._by_term.get(term, [])
        end = bisect.bisect_left(uses, (until.micros + 1, ""))
        start = bisect.bisect_left(uses, (since.micros, ""))
        return (id_ for _, id_ in uses[max(start, end - MAX_USES) : end])

    def recall(
        self,
        name_key: str,
        *,
        ids: Collection[str],
        article_id: str,
        since: Instant,
        until: Instant,
    ) -> list[Statement]:
        """The statements of these ids, those of the article, and the first of each name."""
        found = {id_: self._by_id[id_] for id_ in ids if id_ in self._by_id}
        found.update((id_, self._by_id[id_]) for id_ in self._by_article.get(article_id, ()))
        found.update((first.id, first) for first in self._voices[name_key].values())
        return [*found.values()]

    def said_near(
        self,
        name_key: str,
        at: Instant,
        *,
        within_seconds: int,
        limit: int,
        but_article: str,
    ) -> list[Statement]:
        """The statements of other articles under the key that were said nearest to then."""
        said = self._by_key.get(name_key, [])
        within = within_seconds * 1_000_000
        start = bisect.bisect_left(said, at.micros - within, key=_micros)
        end = bisect.bisect_right(said, at.micros + within, key=_micros)
        elsewhere = (s for s in said[start:end] if s.article_id != but_article)
        return heapq.nsmallest(limit, elsewhere, key=functools.partial(by_nearness, at))


def _micros(statement: Statement) -> int:
    return int(statement.said_at.micros)
