"""RecallPersons: Dossier -> Dossier with speakers known from earlier articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import apache_beam as beam

from schemas.dossier import Commentary, Dossier
from schemas.watch import Watch
from transforms.core.novelty.run_memory import RecentMemory
from transforms.core.people.persons import introductions_of
from transforms.core.ports import Memory
from transforms.core.relevance.known_speakers import recall_speaker
from transforms.runtime import metrics
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do


class _RecallFn(OutcomeFn):
    step = "RecallPersons"

    def __init__(self, watches: Sequence[Watch], open_memory: Callable[[], Memory]) -> None:
        self._watches, self._open_memory = tuple(watches), open_memory

    def setup(self) -> None:
        self._memory = RecentMemory(self._open_memory())

    def handle(self, dossier: Dossier) -> Iterator[Dossier]:
        recalled = [self._recall(commentary, dossier) for commentary in dossier.commentaries]
        changed = sum(a is not b for a, b in zip(recalled, dossier.commentaries, strict=True))
        metrics.count("speakers_recalled", changed)
        introductions = introductions_of(dossier)
        self._memory.note_introductions(introductions)
        yield replace(dossier, commentaries=recalled, introductions=introductions)

    def _recall(self, commentary: Commentary, dossier: Dossier) -> Commentary:
        if not commentary.speaker.named:
            return commentary
        record = self._memory.name_record(commentary.name_key)
        return recall_speaker(commentary, dossier.article, record, self._watches)

    def teardown(self) -> None:
        self._memory.close()


class RecallPersons(beam.PTransform[beam.PCollection[Dossier], beam.PCollection[Dossier]]):
    """Give speakers whom the article does not introduce what earlier ones told of them, and
    decide anew what may alert.
    """

    def __init__(
        self, watches: Sequence[Watch], open_memory: Callable[[], Memory], *, outcomes: Outcomes
    ) -> None:
        super().__init__()
        self._fn, self._outcomes = _RecallFn(watches, open_memory), outcomes

    def expand(self, dossiers: beam.PCollection[Dossier]) -> beam.PCollection[Dossier]:
        return par_do(dossiers, self._fn, Dossier, self._outcomes)
