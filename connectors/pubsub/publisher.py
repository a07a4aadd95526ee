"""Publishing to a topic: in order, and known to have arrived."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from connectors.pubsub.client import RPC_SECONDS, asked, check_installed, open_client
from connectors.pubsub.messages import QueueOutput
from schemas.errors import DeliveryError, QueueError

#: One request holds 10 MB of messages, 1000 messages
#: (https://docs.cloud.google.com/pubsub/quotas#resource_limits).
_MAX_BYTES = 9_000_000
_MAX_MESSAGES = 1000
_RETRY_SECONDS = 30.0

Thing = TypeVar("Thing")


class Publisher:
    """Publishes to one topic. Safe to call from several threads at once."""

    def __init__(self, path: str) -> None:
        """Take the topic ``projects/P/topics/T``.

        Raises:
            ConfigurationError: the client library is not installed.
        """
        check_installed(f"pubsub:{path}")
        self._path = path

    def publish(self, outputs: Sequence[QueueOutput]) -> None:
        """Publish messages, in order; once it returns, the server has them all.

        Raises:
            DeliveryError: some or all were not taken, or nobody knows.
        """
        for batch in _batches(outputs):
            messages = [
                {"data": m.body, "attributes": m.attributes, "ordering_key": m.ordering_key}
                for m in batch
            ]
            try:
                asked(self._path, functools.partial(self._publish, messages))
            except QueueError as error:
                raise DeliveryError(error.detail, is_refusal=error.is_refusal) from error

    def close(self) -> None:
        """Give back connections."""
        if "_client" in self.__dict__:
            self._client.transport.close()

    def _publish(self, messages: list[dict[str, Any]]) -> None:
        from google.api_core.retry import Retry, if_transient_error

        # The client's own plan would try for ten minutes.
        retry = Retry(if_transient_error, initial=0.1, maximum=5.0, timeout=_RETRY_SECONDS)
        request = {"topic": self._path, "messages": messages}
        self._client.publish(request, retry=retry, timeout=RPC_SECONDS)

    @functools.cached_property
    def _client(self) -> Any:
        from google.pubsub_v1 import PublisherClient
        from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

        return open_client(PublisherClient, PublisherGrpcTransport)


class Topic(Generic[Thing]):
    """Publishes things of one kind, as the messages that ``message_of`` makes of them."""

    def __init__(self, path: str, message_of: Callable[[Thing], QueueOutput]) -> None:
        self._publisher, self._message_of = Publisher(path), message_of

    def publish(self, things: Sequence[Thing]) -> None:
        """Publish them, in order; once it returns, the server has them all.

        Raises:
            DeliveryError: some or all were not taken, or nobody knows.
        """
        self._publisher.publish([self._message_of(thing) for thing in things])

    def close(self) -> None:
        """Give back connections."""
        self._publisher.close()


def _batches(outputs: Sequence[QueueOutput]) -> Iterator[list[QueueOutput]]:
    """What goes into one request: in order, of one ordering key, within its limits."""
    batch: list[QueueOutput] = []
    size = 0
    for output in outputs:
        size += len(output.body) + sum(len(k) + 4 * len(v) for k, v in output.attributes.items())
        is_other = batch and output.ordering_key != batch[0].ordering_key
        if batch and (is_other or size > _MAX_BYTES or len(batch) == _MAX_MESSAGES):
            yield batch
            batch, size = [], len(output.body)
        batch.append(output)
    if batch:
        yield batch
