"""JudgeNovelty: Reading -> Reading with verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import apache_beam as beam

from schemas.commentary import Commentary, Reading, Statement
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

    def handle(self, reading: Reading) -> Iterator[Reading]:
        judged = [self._judge(commentary, reading) for commentary in reading.commentaries]
        for commentary, statements in judged:
            self._memory.note_statements(statements)
            new = len(statements)
            metrics.count("statements_new", new)
            metrics.count("statements_repeated", len(commentary.occurrences) - new)
        yield self._with_copies(replace(reading, commentaries=[c for c, _ in judged]))

    def _judge(
        self, commentary: Commentary, reading: Reading
    ) -> tuple[Commentary, Sequence[Statement]]:
        article, horizon, model = reading.article, self._horizon_seconds, self._meaning
        asks = model is not None
        known = recall(
            self._memory, commentary, article, horizon_seconds=horizon, asks_meaning=asks
        )
        return judge_commentary(known, commentary, article, horizon_seconds=horizon, model=model)

    def _with_copies(self, reading: Reading) -> Reading:
        article, ids = reading.article, statement_ids(reading)
        same_text = self._memory.same_text(article)
        self._memory.note_article(article)
        elsewhere = self._memory.occurrence_counts(ids, but_article=article.id)
        return with_copies(reading, same_text, elsewhere)

    def teardown(self) -> None:
        self._memory.close()


class JudgeNovelty(beam.PTransform[beam.PCollection[Reading], beam.PCollection[Reading]]):
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

    def expand(self, readings: beam.PCollection[Reading]) -> beam.PCollection[Reading]:
        return par_do(readings, self._fn, Reading, self._outcomes)
