"""`parley dead-letters replay`: what failed in a stream is handed to it again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from connectors.pubsub.messages import QueueOutput
from connectors.pubsub.publisher import Publisher
from connectors.pubsub.subscriber import Received, Subscriber
from schemas.base import Instant
from schemas.errors import QueueError

#: Dead letters of one request.
_PART = 100
#: How long one more is waited for.
_WAIT_SECONDS = 5.0


def replay(source: str, sink: str) -> Iterator[Received]:
    """Publish to the topic ``sink`` what each dead letter holds that waits at the subscription
    ``source``; yields the letters, once the server has the messages.

    A letter is acknowledged after that: a crash between the two replays it again, which changes
    nothing. What fails anew while this goes on is kept aside and left for the next time, for it
    might go round for ever.

    Raises:
        QueueError: ``source`` cannot be had.
        DeliveryError: ``sink`` cannot be had, or refuses; the letters stay where they are.
    """
    started = Instant.now()
    kept: set[str] = set()
    with (
        contextlib.closing(Subscriber(source)) as letters,
        contextlib.closing(Publisher(sink)) as topic,
    ):
        try:
            while received := letters.pull(_PART, _WAIT_SECONDS):
                kept |= {each.ack_id for each in received}
                old = [each for each in received if each.message.published_at < started]
                if not old:
                    return
                topic.publish([_again(each) for each in old])
                letters.acknowledge([each.ack_id for each in old])
                kept -= {each.ack_id for each in old}
                yield from old
        finally:
            with contextlib.suppress(QueueError):  # they come again by themselves, too
                letters.release(sorted(kept))


def _again(letter: Received) -> QueueOutput:
    """What the letter holds; Pub/Sub takes nothing that has neither data nor an attribute."""
    return QueueOutput(letter.message.body, {"replayed": letter.message.id})
