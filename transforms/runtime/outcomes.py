"""Where elements go that are not read on: DeadLetters for failures, Skips for decisions."""

from __future__ import annotations

import abc
from collections.abc import Iterable, Iterator
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import TaggedOutput

import transforms.coders  # noqa: F401 -- registers the rows
from schemas.base import Instant
from schemas.errors import StoreError
from schemas.outcome import DeadLetter, Reason, Skip
from transforms.core.failures import Element, dead_letter_of
from transforms.runtime import metrics

DEAD_LETTERS = "dead_letters"
SKIPS = "skips"


class Outcomes:
    """Collects the DeadLetters and Skips of every step.

    They are kept apart by step and not flattened: the in-process runner would hold a
    flattened collection back until the stage before it has ended, and a killed run would
    then have forgotten what it had looked at.
    """

    def __init__(self) -> None:
        self.dead_letters: dict[str, beam.PCollection[DeadLetter]] = {}
        self.skips: dict[str, beam.PCollection[Skip]] = {}


class OutcomeFn(beam.DoFn):
    """A DoFn that ends an element either with results or with a named outcome.

    Subclasses implement ``handle``; an exception in it makes the element a DeadLetter and
    drops what it had yielded. Beam's own ``with_exception_handling`` hands on only an
    error's class name and text, and the named reason would be lost.
    """

    step = ""  #: the transform's name; set by the subclass
    may_skip = False  #: whether ``handle`` yields Skips; set by the subclass

    @abc.abstractmethod
    def handle(self, element: Any) -> Iterable[Any]:
        """The results for one element, all or nothing."""

    def process(self, element: Any) -> Iterator[Any]:
        """Handle one element, and turn an error into a DeadLetter."""
        try:
            results = list(self.handle(element))
        except StoreError:
            raise
        except Exception as error:  # the one place where any error is caught, to be recorded
            yield self.failed(element, error)
        else:
            yield from results

    def failed(self, element: Element, error: Exception) -> TaggedOutput:
        """The DeadLetter for an element, as an output of this step."""
        letter = dead_letter_of(self.step, element, error, Instant.now())
        metrics.count_outcome(letter.reason)
        return TaggedOutput(DEAD_LETTERS, letter)

    def skipped(
        self, entry_id: str, url: str, reason: Reason, *, etag: str = "", last_modified: str = ""
    ) -> TaggedOutput:
        """The Skip for an entry, as an output of this step."""
        metrics.count_outcome(reason)
        skip = Skip(
            entry_id,
            url,
            self.step,
            reason,
            Instant.now(),
            etag=etag,
            last_modified=last_modified,
        )
        return TaggedOutput(SKIPS, skip)


def par_do(
    elements: beam.PCollection[Any], fn: OutcomeFn, output: type, outcomes: Outcomes
) -> beam.PCollection[Any]:
    """Apply ``fn``, typed, and hand its DeadLetters and Skips to ``outcomes``."""
    tags = (DEAD_LETTERS, SKIPS) if fn.may_skip else (DEAD_LETTERS,)
    results = elements | fn.step >> beam.ParDo(fn).with_outputs(*tags, main="results")
    outcomes.dead_letters[fn.step] = typed(results[DEAD_LETTERS], DeadLetter)
    if fn.may_skip:
        outcomes.skips[fn.step] = typed(results[SKIPS], Skip)
    return typed(results.results, output)


def typed(elements: beam.PCollection[Any], element_type: type) -> beam.PCollection[Any]:
    """Say what a tagged output holds: Beam cannot tell, and would pickle it."""
    elements.element_type = element_type
    return elements
