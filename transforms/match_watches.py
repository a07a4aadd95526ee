"""MatchWatches: Annotation -> Dossier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import apache_beam as beam

from schemas.annotation import Annotation
from schemas.dossier import Dossier
from schemas.watch import Watch
from transforms.core.relevance.matching import match
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do


class _MatchFn(OutcomeFn):
    step = "MatchWatches"

    def __init__(self, watches: Sequence[Watch]) -> None:
        self._watches = tuple(watches)

    def handle(self, annotation: Annotation) -> Iterator[Dossier]:
        yield match(annotation, self._watches)


class MatchWatches(beam.PTransform[beam.PCollection[Annotation], beam.PCollection[Dossier]]):
    """Gather what each speaker says into Commentaries, and hold each statement against each
    watch. Every speaker goes on to memory and archive, whatever their category.
    """

    def __init__(self, watches: Sequence[Watch], *, outcomes: Outcomes) -> None:
        super().__init__()
        self._fn, self._outcomes = _MatchFn(watches), outcomes

    def expand(self, annotations: beam.PCollection[Annotation]) -> beam.PCollection[Dossier]:
        return par_do(annotations, self._fn, Dossier, self._outcomes)
