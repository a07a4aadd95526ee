"""ReadInputs: articles that were given instead of feeds -> Page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import apache_beam as beam
from apache_beam.pvalue import PBegin

from schemas.page import Page
from transforms import metrics


class _ReadInputsFn(beam.DoFn):
    def __init__(self, read: Callable[[], Iterable[Page]]) -> None:
        self._read = read

    def process(self, _: object) -> Iterator[Page]:
        for page in self._read():
            metrics.count("articles_given")
            yield page


class ReadInputs(beam.PTransform[PBegin, beam.PCollection[Page]]):
    """Yield the pages that ``read`` finds, in its order, one at a time.

    The bodies are read inside the step: Beam's own ``Create`` would embed them all in the
    pipeline.
    """

    def __init__(self, read: Callable[[], Iterable[Page]]) -> None:
        super().__init__()
        self._read = read

    def expand(self, begin: PBegin) -> beam.PCollection[Page]:
        return (
            begin
            | "Once" >> beam.Impulse()
            | "ReadInputs" >> beam.ParDo(_ReadInputsFn(self._read)).with_output_types(Page)
        )
