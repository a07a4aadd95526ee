"""AnnotateArticles: Article -> Annotation."""

from __future__ import annotations

import functools
import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import replace
from typing import Any, NamedTuple

import apache_beam as beam
from apache_beam.utils.shared import Shared

from schemas.annotation import Annotation
from schemas.article import Article
from schemas.watch import Watch
from transforms.core.ports import LanguageModel, Memory
from transforms.core.quotes.annotate import annotate
from transforms.core.text.tags import Lexicon
from transforms.runtime import metrics
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do
from transforms.runtime.read_ahead_fn import ReadAheadFn
from transforms.runtime.steady_pool import SteadyPool

#: Articles handed to each worker process ahead of need: enough to keep it busy.
READ_AHEAD_PER_WORKER = 4
#: Texts whose annotation is kept, so that a wire report on many sites is annotated once. Copies
#: come close together: a feed's edition lists some hundred articles.
COPIES_KEPT = 256


class _Ports(NamedTuple):
    """What a process that annotates opens."""

    load_model: Callable[[], LanguageModel]
    open_memory: Callable[[], Memory] | None


class _Annotated(NamedTuple):
    annotation: Annotation
    seconds: float


class _Annotator:
    """Model and patterns, loaded once a process, when the first article comes: most runs on a
    schedule find nothing new. One article at a time, whichever thread asks.
    """

    def __init__(self, watches: Sequence[Watch], ports: _Ports) -> None:
        self._watches, self._ports = watches, ports
        self._recent: dict[str, Annotation] = {}  #: by text, the latest last
        self._lock = threading.Lock()

    def annotate(self, article: Article) -> _Annotated:
        with self._lock:
            return self._annotate(article)

    def _annotate(self, article: Article) -> _Annotated:
        started = time.monotonic()
        annotation = self._as_copy(article) or annotate(article, self._model, self._lexicon)
        self._remember(annotation)
        return _Annotated(annotation, time.monotonic() - started)

    def _as_copy(self, article: Article) -> Annotation | None:
        """The article annotated as the same text was, by this process or before."""
        copy = self._recent.pop(article.text, None)
        if copy is not None:
            return replace(copy, article=article)
        return self._memory.annotation_of(article) if self._memory else None

    def _remember(self, annotation: Annotation) -> None:
        self._recent[annotation.article.text] = annotation
        if len(self._recent) > COPIES_KEPT:
            del self._recent[next(iter(self._recent))]

    def close(self) -> None:
        """Give back connections."""
        if self._memory:
            self._memory.close()

    @functools.cached_property
    def _memory(self) -> Memory | None:
        return self._ports.open_memory() if self._ports.open_memory else None

    @functools.cached_property
    def _model(self) -> LanguageModel:
        return self._ports.load_model()

    @functools.cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self._watches)


def _measured(annotated: _Annotated) -> Annotation:
    metrics.measure("annotate_ms", 1000 * annotated.seconds)
    metrics.count("attributions_found", len(annotated.annotation.attributions))
    metrics.count("paragraphs_unparsed", annotated.annotation.unparsed)
    return annotated.annotation


class _AnnotateFn(OutcomeFn):
    """Annotates in the process of the runner, which may hold several of these: they share."""

    step = "AnnotateArticles"

    def __init__(self, watches: Sequence[Watch], ports: _Ports) -> None:
        self._watches, self._ports, self._shared = tuple(watches), ports, Shared()

    def setup(self) -> None:
        self._annotator = self._shared.acquire(
            functools.partial(_Annotator, self._watches, self._ports)
        )

    def handle(self, article: Article) -> list[Annotation]:
        return [_measured(self._annotator.annotate(article))]

    def teardown(self) -> None:
        self._annotator.close()


class _AnnotateAheadFn(ReadAheadFn):
    """Annotates in processes of its own, while the runner's reads on."""

    step = "AnnotateArticles"

    def __init__(self, watches: Sequence[Watch], ports: _Ports, workers: int) -> None:
        self._watches, self._ports, self._workers = tuple(watches), ports, workers
        self.limit = workers * READ_AHEAD_PER_WORKER

    def open_pool(self) -> Executor:
        return SteadyPool(self._processes, self._workers, _died)

    def _processes(self, size: int) -> Executor:
        # Not forked: threads that fetch are running here, and their locks would be copied.
        return ProcessPoolExecutor(
            size,
            multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=(self._watches, self._ports),
        )

    def worker(self) -> Callable[[Article], _Annotated | Exception]:
        return _annotate_in_worker

    def measured(self, annotated: _Annotated) -> Annotation:
        return _measured(annotated)

    def teardown(self) -> None:
        self.stop()


def _died(placed: tuple[Any, ...], error: Exception) -> tuple[Any, ...]:
    return (*placed, error)


#: The annotator of a worker process.
_worker: list[_Annotator] = []


def _start_worker(watches: Sequence[Watch], ports: _Ports) -> None:
    _worker[:] = [_Annotator(watches, ports)]


def _annotate_in_worker(article: Article) -> _Annotated | Exception:
    try:
        return _worker[0].annotate(article)
    except Exception as error:  # becomes a DeadLetter
        return error


class AnnotateArticles(beam.PTransform[beam.PCollection[Article], beam.PCollection[Annotation]]):
    """Find each article's tags and attributions; a parsed document never leaves the step.

    A text that memory holds, or that was annotated lately, is not parsed again.
    With more than one worker, annotations come in the order of their articles, except that
    a slow one is overtaken.
    """

    def __init__(
        self,
        watches: Sequence[Watch],
        load_model: Callable[[], LanguageModel],
        *,
        outcomes: Outcomes,
        open_memory: Callable[[], Memory] | None = None,
        workers: int = 1,
    ) -> None:
        super().__init__()
        ports = _Ports(load_model, open_memory)
        self._fn: OutcomeFn = (
            _AnnotateFn(watches, ports)
            if workers == 1
            else _AnnotateAheadFn(watches, ports, workers)
        )
        self._outcomes = outcomes

    def expand(self, articles: beam.PCollection[Article]) -> beam.PCollection[Annotation]:
        return par_do(articles, self._fn, Annotation, self._outcomes)
