"""PublishAlerts: Dossier -> nothing; its alerts leave for other programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam

from schemas.base import Instant
from schemas.dossier import Dossier
from schemas.errors import DeliveryError
from transforms.core.ports import AlertTopic
from transforms.runtime import metrics
from transforms.runtime.outcomes import OutcomeFn, Outcomes, par_do


class _PublishFn(OutcomeFn):
    step = "PublishAlerts"

    def __init__(self, open_topic: Callable[[], AlertTopic]) -> None:
        self._open_topic = open_topic

    def setup(self) -> None:
        self._topic = self._open_topic()

    def process(self, dossier: Dossier) -> Iterator[Any]:
        """Publish all or fail: the engine then tries the bundle again, and nothing is lost."""
        if not dossier.alerts:
            return
        try:
            self._topic.publish(dossier.alerts)
        except DeliveryError as error:
            if not error.is_refusal:
                raise
            yield self.failed(dossier, error)
            return
        metrics.count("alerts_published", len(dossier.alerts))
        for alert in dossier.alerts:
            since = (Instant.now().micros - alert.seen_at.micros) // 1000
            metrics.measure("alert_delay_ms", since)

    def teardown(self) -> None:
        self._topic.close()


class PublishAlerts(beam.PTransform[beam.PCollection[Dossier], beam.PCollection[Any]]):
    """Publish the alerts of each reading; one that is refused becomes a DeadLetter.

    They come from the readings and not from the archive: an archive that was written before a
    crash knows them, and would not tell them again.
    """

    def __init__(self, open_topic: Callable[[], AlertTopic], *, outcomes: Outcomes) -> None:
        super().__init__()
        self._fn, self._outcomes = _PublishFn(open_topic), outcomes

    def expand(self, dossiers: beam.PCollection[Dossier]) -> beam.PCollection[Any]:
        return par_do(dossiers, self._fn, Dossier, self._outcomes)
