"""publish_dead_letters: DeadLetter -> nothing; what failed leaves for a topic of its own."""

from __future__ import annotations

from collections.abc import Callable

import apache_beam as beam

from schemas.errors import DeliveryError
from schemas.outcome import DeadLetter
from transforms.core.ports import DeadLetterTopic
from transforms.runtime import metrics
from transforms.runtime.log_outcomes import log_dead_letter
from transforms.runtime.outcomes import Outcomes


class _PublishFn(beam.DoFn):
    """Not an OutcomeFn: a dead letter that cannot leave must not get lost as another one. The
    engine tries the bundle again.
    """

    def __init__(self, open_topic: Callable[[], DeadLetterTopic]) -> None:
        self._open_topic = open_topic

    def setup(self) -> None:
        self._topic = self._open_topic()

    def process(self, letter: DeadLetter) -> None:
        try:
            self._topic.publish([letter])
        except DeliveryError as error:
            if not error.is_refusal:
                raise
            log_dead_letter(letter)  # tried again, it would stop the job for good
            return
        metrics.count("dead_letters_published")

    def teardown(self) -> None:
        self._topic.close()


def publish_dead_letters(outcomes: Outcomes, open_topic: Callable[[], DeadLetterTopic]) -> None:
    """Publish the dead letters of every step; they come at least once, each under its id.
    One that the topic refuses goes to the worker's log.
    """
    for step, letters in outcomes.dead_letters.items():
        letters | f"PublishDeadLetters{step}" >> beam.ParDo(_PublishFn(open_topic))
