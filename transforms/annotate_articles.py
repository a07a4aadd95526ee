"""AnnotateArticles: Article -> Annotation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import apache_beam as beam

from schemas.annotation import Annotation
from schemas.article import Article
from schemas.watch import Watch
from transforms import metrics
from transforms.core.ports import LanguageModel
from transforms.core.understanding.annotations import annotate
from transforms.core.understanding.tags import Lexicon
from transforms.outcomes import OutcomeFn, Outcomes, par_do


class _AnnotateFn(OutcomeFn):
    step = "AnnotateArticles"

    def __init__(self, watches: Sequence[Watch], load_model: Callable[[], LanguageModel]) -> None:
        self._watches, self._load_model = tuple(watches), load_model

    def setup(self) -> None:
        self._lexicon, self._model = Lexicon(self._watches), self._load_model()

    def handle(self, article: Article) -> Iterator[Annotation]:
        started = time.monotonic()
        annotation = annotate(article, self._model, self._lexicon)
        metrics.measure("annotate_ms", 1000 * (time.monotonic() - started))
        metrics.count("attributions_found", len(annotation.attributions))
        yield annotation


class AnnotateArticles(beam.PTransform[beam.PCollection[Article], beam.PCollection[Annotation]]):
    """Find each article's tags and attributions; a parsed document never leaves the step."""

    def __init__(
        self,
        watches: Sequence[Watch],
        load_model: Callable[[], LanguageModel],
        *,
        outcomes: Outcomes,
    ) -> None:
        super().__init__()
        self._fn, self._outcomes = _AnnotateFn(watches, load_model), outcomes

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Annotation]:
        return par_do(articles, self._fn, Annotation, self._outcomes)
