"""ReadMessages: good ones go two ways, the others become dead letters with the reason."""

import apache_beam as beam

from connectors.pubsub.messages import read_message
from schemas.base import Instant
from schemas.queue_message import QueueMessage
from support.run import run_stage
from transforms.core.text.urls import canonical_url
from transforms.read_messages import ReadMessages

SOURCE = "pubsub:projects/desk/subscriptions/reader"


def read(message):
    return read_message(message, canonical_url)


def message(id_, body):
    return QueueMessage(id_, SOURCE, body, Instant(1_763_812_800))


class _Both(beam.PTransform):
    """The stage with what goes either way in one collection."""

    def __init__(self, outcomes):
        super().__init__()
        self._stage = ReadMessages(read, outcomes=outcomes)

    def expand(self, messages):
        found = messages | self._stage
        return (found.entries | "A" >> beam.Map(repr), found.pages | "B" >> beam.Map(repr)) | (
            beam.Flatten()
        )


def test_entries_pages_and_dead_letters():
    given = [
        message("1", b'{"url": "https://a.example/1"}'),
        message("2", b'{"text": "Words."}'),
        message("3", b"\x00 no JSON \xff"),
    ]
    results, letters, skips = run_stage(given, _Both)
    assert sorted(result.partition("(")[0] for result in results) == ["FeedEntry", "Page"]
    (letter,) = letters
    assert (letter.step, letter.reason, letter.entry_id) == ("ReadMessages", "bad_message", "")
    assert letter.key == f"{SOURCE}#3"
    assert "no JSON" in letter.element
    assert "\x00" not in letter.element
    assert not skips
