"""RaiseAlerts: Reading -> Reading with alerts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import apache_beam as beam

from schemas.base import Timestamp
from schemas.commentary import Reading
from schemas.watch import Watch
from transforms.core.judging.alerts import decide, told_by
from transforms.core.ports import Memory
from transforms.outcomes import OutcomeFn, Outcomes, par_do


class _RaiseFn(OutcomeFn):
    """What was told before is the archive's word, and what this very process has raised since:
    whether the archive has been written yet depends on how the runner fuses steps.
    """

    step = "RaiseAlerts"

    def __init__(self, watches: Sequence[Watch], open_memory: Callable[[], Memory]) -> None:
        self._watches, self._open_memory = tuple(watches), open_memory

    def setup(self) -> None:
        self._memory = self._open_memory()
        self._told_here: defaultdict[str, set[str]] = defaultdict(set)

    def handle(self, reading: Reading) -> Iterator[Reading]:
        earlier = self._memory.alerts_on(reading.article.id)
        here = told_by(reading)
        told = self._memory.told(list(here))
        before = {id_: {*told.get(id_, ()), *self._told_here[id_]} for id_ in here}
        alerts = decide(reading, self._watches, earlier, before, Timestamp.now())
        for id_, watches in here.items():
            self._told_here[id_] |= watches
        yield replace(reading, alerts=alerts)

    def teardown(self) -> None:
        self._memory.close()


class RaiseAlerts(beam.PTransform[beam.PCollection[Reading], beam.PCollection[Reading]]):
    """Raise one Alert per expert, article and watch if anything in it is new.

    The alerts stay with their reading: the archive takes both in one transaction.
    """

    def __init__(
        self, watches: Sequence[Watch], open_memory: Callable[[], Memory], *, outcomes: Outcomes
    ) -> None:
        super().__init__()
        self._fn, self._outcomes = _RaiseFn(watches, open_memory), outcomes

    def expand(self, readings: beam.PCollection[Reading]) -> beam.PCollection[Reading]:
        return par_do(readings, self._fn, Reading, self._outcomes)
