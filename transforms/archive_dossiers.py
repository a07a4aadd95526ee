"""ArchiveDossiers, ArchiveSkips, ArchiveDeadLetters: where the flow ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import apache_beam as beam

import transforms.coders  # noqa: F401 -- registers the rows
from schemas.alert import Alert
from schemas.dossier import Dossier
from schemas.outcome import DeadLetter, Skip
from transforms.core.ports import DossierStore
from transforms.runtime import metrics


class _ArchiveFn(beam.DoFn):
    """Not an OutcomeFn: when the archive itself fails, the run must stop."""

    def __init__(self, open_store: Callable[[], DossierStore]) -> None:
        self._open_store = open_store

    def setup(self) -> None:
        self._store = self._open_store()

    def teardown(self) -> None:
        self._store.close()


class _DossierFn(_ArchiveFn):
    def process(self, dossier: Dossier) -> Iterator[Alert]:
        alerts = self._store.store_dossier(dossier)
        metrics.count("alerts_raised", len(alerts))
        yield from alerts


class _SkipFn(_ArchiveFn):
    def process(self, skip: Skip) -> None:
        self._store.store_skip(skip)


class _DeadLetterFn(_ArchiveFn):
    def process(self, dead_letter: DeadLetter) -> None:
        self._store.store_dead_letter(dead_letter)


class ArchiveDossiers(beam.PTransform[beam.PCollection[Dossier], beam.PCollection[Alert]]):
    """Archive each reading in one transaction; yield the alerts recorded for the first time."""

    def __init__(self, open_store: Callable[[], DossierStore]) -> None:
        super().__init__()
        self._open_store = open_store

    def expand(self, dossiers: beam.PCollection[Dossier]) -> beam.PCollection[Alert]:
        return dossiers | "ArchiveDossiers" >> beam.ParDo(
            _DossierFn(self._open_store)
        ).with_output_types(Alert)


class ArchiveSkips(beam.PTransform[beam.PCollection[Skip], beam.PCollection[Any]]):
    """Mark each skipped entry with the reason."""

    def __init__(self, open_store: Callable[[], DossierStore]) -> None:
        super().__init__()
        self._open_store = open_store

    def expand(self, skips: beam.PCollection[Skip]) -> beam.PCollection[Any]:
        return skips | "ArchiveSkips" >> beam.ParDo(_SkipFn(self._open_store))


class ArchiveDeadLetters(beam.PTransform[beam.PCollection[DeadLetter], beam.PCollection[Any]]):
    """Keep each failure, and mark its entry failed."""

    def __init__(self, open_store: Callable[[], DossierStore]) -> None:
        super().__init__()
        self._open_store = open_store

    def expand(self, dead_letters: beam.PCollection[DeadLetter]) -> beam.PCollection[Any]:
        return dead_letters | "ArchiveDeadLetters" >> beam.ParDo(_DeadLetterFn(self._open_store))
