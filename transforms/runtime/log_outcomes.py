"""LogOutcomes: where skips and dead letters end when there is no archive."""

from __future__ import annotations

import logging

import apache_beam as beam

from schemas.outcome import DeadLetter
from transforms.runtime.outcomes import Outcomes

_LOG = logging.getLogger("parley.dead_letters")


def log_dead_letter(letter: DeadLetter) -> None:
    """Write the dead letter, with what is needed to try again, to the worker's log."""
    where = f"{letter.step} {letter.key}"
    _LOG.warning("%s: %s: %s %s", where, letter.reason, letter.message, letter.element)


def log_outcomes(outcomes: Outcomes) -> None:
    """Write each dead letter, with what is needed to try again, to the worker's log. Skips are
    counted where they arise, by reason, and leave no other trace.
    """
    for step, letters in outcomes.dead_letters.items():
        letters | f"LogDeadLetters{step}" >> beam.Map(log_dead_letter)
