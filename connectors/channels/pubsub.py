"""Alerts as messages on a Pub/Sub topic, for programs."""

from __future__ import annotations

from connectors.pubsub.messages import QueueOutput, alert_message, notice_message
from connectors.pubsub.publisher import Topic
from schemas.alert import Alert
from schemas.base import Instant
from schemas.delivery import Message, Notice


class PubSubMessenger:
    """Publishes each alert or notice as one event."""

    def __init__(self, topic: str) -> None:
        self._topic: Topic[Alert | Notice] = Topic(topic, _message_now)

    def send(self, message: Message) -> None:
        """Publish the message's events.

        Raises:
            DeliveryError: they were not taken, or nobody knows.
        """
        alerts = [alert for bundle in message.bundles for alert in bundle.alerts]
        self._topic.publish([message.notice] if message.notice is not None else alerts)

    def close(self) -> None:
        """Give back the connection."""
        self._topic.close()


def _message_now(event: Alert | Notice) -> QueueOutput:
    if isinstance(event, Notice):
        return notice_message(event)
    return alert_message(event, Instant.now())
