"""RaiseAlerts: Dossier -> Dossier with alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import apache_beam as beam

from schemas.alert import Alert
from schemas.base import Instant
from schemas.dossier import Dossier
from schemas.watch import Watch
from transforms.core.alerts.raising import held_in, raise_alerts, told_by
from transforms.core.alerts.withdrawals import with_places
from transforms.core.novelty.run_memory import RecentMemory
from transforms.core.ports import Memory
from transforms.runtime import metrics
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do


class _RaiseFn(OutcomeFn):
    step = "RaiseAlerts"

    def __init__(self, watches: Sequence[Watch], open_memory: Callable[[], Memory]) -> None:
        self._watches, self._open_memory = tuple(watches), open_memory

    def setup(self) -> None:
        self._memory = RecentMemory(self._open_memory())

    def handle(self, dossier: Dossier) -> Iterator[Dossier]:
        earlier = self._memory.alerts_on(dossier.article.id)
        here = told_by(dossier)
        told = self._memory.told(list(here))
        alerts = raise_alerts(dossier, self._watches, earlier, told, Instant.now())
        self._memory.note_told(here)
        metrics.count("statements_held", len(held_in(dossier, self._watches)))
        yield replace(dossier, alerts=self._with_places(alerts, dossier.article.id))

    def _with_places(self, alerts: Sequence[Alert], article_id: str) -> Sequence[Alert]:
        """The alerts, those that take words back saying where else these stand."""
        gone = [s.id for alert in alerts if alert.is_withdrawal for s in alert.statements]
        if not gone:
            return alerts
        return with_places(alerts, self._memory.occurrence_counts(gone, but_article=article_id))

    def teardown(self) -> None:
        self._memory.close()


class RaiseAlerts(beam.PTransform[beam.PCollection[Dossier], beam.PCollection[Dossier]]):
    """Raise one Alert per expert, article and watch if anything in it is new.

    The alerts stay with their reading: the archive takes both in one transaction.
    """

    def __init__(
        self, watches: Sequence[Watch], open_memory: Callable[[], Memory], *, outcomes: Outcomes
    ) -> None:
        super().__init__()
        self._fn, self._outcomes = _RaiseFn(watches, open_memory), outcomes

    def expand(self, dossiers: beam.PCollection[Dossier]) -> beam.PCollection[Dossier]:
        return par_do(dossiers, self._fn, Dossier, self._outcomes)
