"""What comes from a message queue, before anyone has looked into it."""

from schemas.base import Instant, row


@row
class QueueMessage:
    """One message: a feed entry, an address or an article, by ``connectors/message_bodies.py``."""

    id: str  #: the queue's own; a message that is delivered again keeps it
    source: str  #: the subscription it came from, as options write it
    body: bytes
    published_at: Instant
