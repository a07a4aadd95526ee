"""`parley dead-letters replay`: what failed in a stream is handed to it again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from connectors.message_bodies import QueueOutput
from connectors.pubsub.publisher import Publisher
from connectors.pubsub.subscriber import Received, Subscriber
from schemas.base import Timestamp
from schemas.errors import QueueError

#: Dead letters of one request.
_PART = 100
#: How long one more is waited for.
_WAIT_SECONDS = 5.0


def replay(source: str, sink: str) -> Iterator[Received]:
    """Publish to the topic ``sink`` what each dead letter holds that waits at the subscription
    ``source``; yields the letters, once the server has the messages.

    A letter is acknowledged after that: a crash between the two replays it again, which changes
    nothing. What fails anew while this goes on is left for the next time, for it might go round
    for ever.

    Raises:
        QueueError: ``source`` cannot be had.
        DeliveryError: ``sink`` cannot be had, or refuses; the letters stay where they are.
    """
    started = Timestamp.now()
    with (
        contextlib.closing(Subscriber(source)) as letters,
        contextlib.closing(Publisher(sink)) as topic,
    ):
        is_old = True
        while is_old and (received := letters.pull(_PART, _WAIT_SECONDS)):
            old = [each for each in received if each.message.published_at < started]
            is_old = len(old) == len(received)
            kept = [each.ack_id for each in received]
            try:
                topic.publish([QueueOutput(each.message.body) for each in old])
                letters.acknowledge([each.ack_id for each in old])
                kept = [each.ack_id for each in received if each not in old]
            finally:
                with contextlib.suppress(QueueError):  # they come again by themselves, too
                    letters.release(kept)
            yield from old
