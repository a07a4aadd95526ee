"""JudgeNovelty: Dossier -> Dossier with verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import apache_beam as beam

from schemas.dossier import Commentary, Dossier
from schemas.statement import Statement
from schemas.watch import Watch
from transforms.core.novelty.copies import statement_ids, with_copies
from transforms.core.novelty.judge import judge_commentary
from transforms.core.novelty.meaning import no_model
from transforms.core.novelty.recall import recall
from transforms.core.novelty.run_memory import RecentMemory
from transforms.core.ports import MeaningModel, Memory
from transforms.runtime import metrics
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do


class _JudgeFn(OutcomeFn):
    step = "JudgeNovelty"

    def __init__(
        self,
        watches: Sequence[Watch],
        open_memory: Callable[[], Memory],
        load_meaning: Callable[[], MeaningModel | None],
    ) -> None:
        self._open_memory, self._load_meaning = open_memory, load_meaning
        self._horizon_seconds = max(watch.horizon_seconds for watch in watches)

    def setup(self) -> None:
        self._memory = RecentMemory(self._open_memory())
        self._meaning = self._load_meaning()

    def handle(self, dossier: Dossier) -> Iterator[Dossier]:
        judged = [self._judge(commentary, dossier) for commentary in dossier.commentaries]
        for commentary, statements in judged:
            self._memory.note_statements(statements)
            new = len(statements)
            metrics.count("statements_new", new)
            metrics.count("statements_repeated", len(commentary.occurrences) - new)
        yield self._with_copies(replace(dossier, commentaries=[c for c, _ in judged]))

    def _judge(
        self, commentary: Commentary, dossier: Dossier
    ) -> tuple[Commentary, Sequence[Statement]]:
        article, horizon, model = dossier.article, self._horizon_seconds, self._meaning
        asks = model is not None
        known = recall(
            self._memory, commentary, article, horizon_seconds=horizon, asks_meaning=asks
        )
        return judge_commentary(known, commentary, article, horizon_seconds=horizon, model=model)

    def _with_copies(self, dossier: Dossier) -> Dossier:
        article, ids = dossier.article, statement_ids(dossier)
        same_text = self._memory.same_text(article)
        self._memory.note_article(article)
        elsewhere = self._memory.occurrence_counts(ids, but_article=article.id)
        return with_copies(dossier, same_text, elsewhere)

    def teardown(self) -> None:
        self._memory.close()


class JudgeNovelty(beam.PTransform[beam.PCollection[Dossier], beam.PCollection[Dossier]]):
    """Judge each statement against what its speaker said before, in order of arrival.

    One process judges all readings of a batch, one after another; transforms/README.md says
    why they are not grouped by speaker first.
    """

    def __init__(
        self,
        watches: Sequence[Watch],
        open_memory: Callable[[], Memory],
        *,
        outcomes: Outcomes,
        load_meaning: Callable[[], MeaningModel | None] = no_model,
    ) -> None:
        super().__init__()
        self._fn, self._outcomes = _JudgeFn(watches, open_memory, load_meaning), outcomes

    def expand(self, dossiers: beam.PCollection[Dossier]) -> beam.PCollection[Dossier]:
        return par_do(dossiers, self._fn, Dossier, self._outcomes)
