"""SelectArticles: Article -> Article, the cheap decision before the expensive one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import apache_beam as beam

from schemas.article import Article
from schemas.outcome import Reason
from schemas.watch import Watch
from transforms.core.articles.selection import may_matter
from transforms.core.ports import Memory
from transforms.core.text.tags import Lexicon
from transforms.runtime import metrics
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do


class _SelectFn(OutcomeFn):
    step = "SelectArticles"
    may_skip = True

    def __init__(self, watches: Sequence[Watch], open_memory: Callable[[], Memory] | None) -> None:
        self._watches, self._open_memory = tuple(watches), open_memory
        self._languages = {language for watch in watches for language in watch.languages}

    def setup(self) -> None:
        self._lexicon = Lexicon(self._watches)
        self._memory = self._open_memory() if self._open_memory else None

    def handle(self, article: Article) -> Iterator[Any]:
        reason = self._reason_against(article)
        if reason is not None:
            version = {"etag": article.etag or "", "last_modified": article.last_modified or ""}
            yield self.skipped(article.entry_id, article.url, reason, **version)
            return
        metrics.count("articles_selected")
        yield article

    def _reason_against(self, article: Article) -> Reason | None:
        if article.language and article.language not in self._languages:
            return "wrong_language"
        if not (may_matter(article.title, article.text, self._lexicon) or self._told(article)):
            return "no_watch_terms"
        if self._memory and self._memory.is_read(article.id, article.text_hash):
            return "already_read"
        return None

    def _told(self, article: Article) -> bool:
        """Whether something was alerted on here, which an edit may have removed."""
        return self._memory is not None and bool(self._memory.alerts_on(article.id))

    def teardown(self) -> None:
        if self._memory:
            self._memory.close()


class SelectArticles(beam.PTransform[beam.PCollection[Article], beam.PCollection[Article]]):
    """Keep the articles that may matter to a watch, or did to an alert, and were not read before.

    Without memory an article that comes again is read again, if it still names what is watched.
    """

    def __init__(
        self,
        watches: Sequence[Watch],
        open_memory: Callable[[], Memory] | None,
        *,
        outcomes: Outcomes,
    ) -> None:
        super().__init__()
        self._fn, self._outcomes = _SelectFn(watches, open_memory), outcomes

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Article]:
        return par_do(articles, self._fn, Article, self._outcomes)
