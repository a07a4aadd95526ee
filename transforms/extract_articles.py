"""ExtractArticles: Page -> Article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apache_beam as beam

from schemas.article import Article
from schemas.errors import ExtractionError
from schemas.page import Page
from transforms.core.articles.extraction import extract_article
from transforms.runtime import metrics
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do

#: What a page may well be without anything having failed.
_EXPECTED = ("gated", "not_found", "needs_script", "too_short", "not_an_article")


class _ExtractFn(OutcomeFn):
    step = "ExtractArticles"
    may_skip = True

    def handle(self, page: Page) -> Iterator[Any]:
        try:
            article = extract_article(page)
        except ExtractionError as error:
            if error.reason not in _EXPECTED:
                raise
            version = {"etag": page.etag, "last_modified": page.last_modified}
            yield self.skipped(page.entry.id, page.entry.url, error.reason, **version)
            return
        metrics.count("articles_extracted")
        yield article


class ExtractArticles(beam.PTransform[beam.PCollection[Page], beam.PCollection[Article]]):
    """Take the main text and its metadata from each page.

    Pages without an article to read are skipped by reason; pages that cannot be read at all
    become DeadLetters.
    """

    def __init__(self, *, outcomes: Outcomes) -> None:
        super().__init__()
        self._outcomes = outcomes

    def expand(self, pages: beam.PCollection[Page]) -> beam.PCollection[Article]:
        return par_do(pages, _ExtractFn(), Article, self._outcomes)
