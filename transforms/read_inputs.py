"""ReadInputs: what was given instead of feeds -> Page, or Article if it was read before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

import apache_beam as beam
from apache_beam.pvalue import PBegin

import transforms.coders  # noqa: F401 -- registers the rows
from transforms.runtime import metrics

_T = TypeVar("_T")


class _ReadInputsFn(beam.DoFn):
    def __init__(self, read: Callable[[], Iterable[object]]) -> None:
        self._read = read

    def process(self, _: object) -> Iterator[object]:
        for given in self._read():
            metrics.count("articles_given")
            yield given


class ReadInputs(beam.PTransform[PBegin, "beam.PCollection[_T]"], Generic[_T]):
    """Yield what ``read`` finds, of the type ``output``, in its order, one at a time.

    The bodies are read inside the step: Beam's own ``Create`` would embed them all in the
    pipeline.
    """

    def __init__(self, read: Callable[[], Iterable[_T]], output: type[_T]) -> None:
        super().__init__()
        self._read, self._output = read, output

    def expand(self, begin: PBegin) -> beam.PCollection[_T]:
        return (
            begin
            | "Once" >> beam.Impulse()
            | "ReadInputs" >> beam.ParDo(_ReadInputsFn(self._read)).with_output_types(self._output)
        )
