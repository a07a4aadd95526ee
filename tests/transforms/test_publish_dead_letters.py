"""A dead letter that its topic refuses is logged; one that only does not arrive is tried again."""

from __future__ import annotations

import pytest

from schemas.errors import DeliveryError
from support.dossiers import dead_letter
from transforms import publish_dead_letters
from transforms.publish_dead_letters import _PublishFn


class Topic:
    def __init__(self, error=None):
        self.error, self.published = error, []

    def publish(self, letters):
        if self.error:
            raise self.error
        self.published += letters

    def close(self):
        pass


def published(topic, letter):
    fn = _PublishFn(lambda: topic)
    fn.setup()
    fn.process(letter)


def test_a_letter_that_is_refused_goes_to_the_log(monkeypatch):
    letter, logged = dead_letter("talks"), []
    monkeypatch.setattr(publish_dead_letters, "log_dead_letter", logged.append)
    published(Topic(DeliveryError("too long", is_refusal=True)), letter)
    assert logged == [letter]


def test_a_letter_that_did_not_arrive_fails_the_bundle():
    with pytest.raises(DeliveryError):
        published(Topic(DeliveryError("no route")), dead_letter("talks"))


def test_a_letter_arrives():
    topic = Topic()
    published(topic, dead_letter("talks"))
    assert topic.published == [dead_letter("talks")]
