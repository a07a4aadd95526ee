"""Google Pub/Sub: pulling messages and keeping them until they are done with, publishing.

Needs the extra ``parley[pubsub]``. Like all of Google's clients it talks to the server in
``PUBSUB_EMULATOR_HOST``, if there is one, and else to Google, as whoever
``GOOGLE_APPLICATION_CREDENTIALS`` or the machine says. Nothing connects before it is used.
"""

from __future__ import annotations

import functools
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from connectors.message_bodies import QueueOutput
from schemas.base import Timestamp
from schemas.errors import ConfigurationError, DeliveryError, QueueError
from schemas.queue_message import QueueMessage

#: How long the server keeps a pulled message from other readers, and how often that is renewed.
#: After a crash, what was in hand comes again when the lease has ended.
_LEASE_SECONDS = 30
_RENEW_SECONDS = 10
#: Longer than this nothing is kept: whoever pulled it has lost it. Google's own clients stop
#: after an hour, too.
MAX_LEASE_SECONDS = 3600
#: One request holds 512 KiB of ids, 10 MB of messages, 1000 messages
#: (https://docs.cloud.google.com/pubsub/quotas#resource_limits).
_MAX_IDS = 1000
_MAX_BYTES = 9_000_000
_MAX_MESSAGES = 1000
_RPC_SECONDS = 20.0
_RETRY_SECONDS = 30.0


Thing = TypeVar("Thing")


class Received(NamedTuple):
    """A message, and what it is acknowledged by."""

    message: QueueMessage
    ack_id: str
    attributes: dict[str, str]


class Subscriber:
    """Pulls from one subscription. What it pulled stays away from other readers until it is
    acknowledged or released, for an hour at most, or the process dies.

    Safe to call from several threads at once.
    """

    def __init__(self, path: str) -> None:
        """Take the subscription ``projects/P/subscriptions/S``.

        Raises:
            ConfigurationError: the client library is not installed.
        """
        check_installed("--source")
        self._path = path
        self._held: dict[str, float] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._keeper: threading.Thread | None = None

    def pull(self, limit: int, wait_seconds: float = 5.0) -> list[Received]:
        """Up to ``limit`` messages, oldest first; waits that long for the first one.

        Raises:
            QueueError: the server cannot be had, or refuses.
        """
        from google.api_core.exceptions import Cancelled, DeadlineExceeded
        from google.pubsub_v1.types import PullResponse

        request = {"subscription": self._path, "max_messages": limit}
        until = time.monotonic() + wait_seconds
        try:
            # Without retries: a server that is away is the caller's to wait for.
            answer = self._call("pull", request, timeout=wait_seconds, retry=None)
        except QueueError as error:
            # Nothing came: whichever side finds out first ends the call.
            if isinstance(error.__cause__, DeadlineExceeded | Cancelled) and (
                time.monotonic() >= until
            ):
                return []
            raise
        found = PullResponse.pb(answer).received_messages
        found = sorted(found, key=lambda m: m.message.publish_time.ToNanoseconds())
        received = [_received(each, f"pubsub:{self._path}") for each in found]
        self._hold([each.ack_id for each in received])
        return received

    def acknowledge(self, ack_ids: Sequence[str]) -> None:
        """Tell that messages are done with: they do not come again.

        Raises:
            QueueError: the server cannot be had; they do come again.
        """
        self._drop(ack_ids)
        for part in _parts(ack_ids):
            self._call("acknowledge", {"subscription": self._path, "ack_ids": part})

    def release(self, ack_ids: Sequence[str]) -> None:
        """Give messages back: they come again at once, to whoever pulls next.

        Raises:
            QueueError: the server cannot be had; they come again when their leases end.
        """
        self._drop(ack_ids)
        self._extend(ack_ids, 0)

    def close(self) -> None:
        """Give back connections; what is still held comes again when its lease ends."""
        self._stop.set()
        if self._keeper is not None:
            self._keeper.join()
        if "_client" in self.__dict__:
            self._client.transport.close()

    @functools.cached_property
    def _client(self) -> Any:
        from google.pubsub_v1 import SubscriberClient
        from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

        return _client(SubscriberClient, SubscriberGrpcTransport)

    def _call(self, method: str, request: dict[str, Any], **options: Any) -> Any:
        options = {"timeout": _RPC_SECONDS, **options}
        return _asked(self._path, lambda: getattr(self._client, method)(request, **options))

    def _hold(self, ack_ids: Iterable[str]) -> None:
        ids = list(ack_ids)
        if not ids:
            return
        now = time.monotonic()
        with self._lock:
            self._held.update((id_, now) for id_ in ids)
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._keeper.start()
        try:
            self._extend(ids, _LEASE_SECONDS)  # the subscription's own deadline may be 10 s
        except BaseException:  # nobody gets them, so nobody would release them
            self._drop(ids)
            raise

    def _drop(self, ack_ids: Iterable[str]) -> None:
        with self._lock:
            for id_ in ack_ids:
                self._held.pop(id_, None)

    def _extend(self, ack_ids: Sequence[str], seconds: int) -> None:
        for part in _parts(ack_ids):
            request = {"ack_ids": part, "ack_deadline_seconds": seconds}
            self._call("modify_ack_deadline", {"subscription": self._path, **request})

    def _keep(self) -> None:
        while not self._stop.wait(_RENEW_SECONDS):
            now = time.monotonic()
            with self._lock:
                lost = [id_ for id_, at in self._held.items() if now - at > MAX_LEASE_SECONDS]
                for id_ in lost:
                    del self._held[id_]
                held = list(self._held)
            try:
                self._extend(held, _LEASE_SECONDS)
            except QueueError:
                continue  # what cannot be kept comes again, and changes nothing


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
                _asked(self._path, functools.partial(self._publish, messages))
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
        self._client.publish(request, retry=retry, timeout=_RPC_SECONDS)

    @functools.cached_property
    def _client(self) -> Any:
        from google.pubsub_v1 import PublisherClient
        from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

        return _client(PublisherClient, PublisherGrpcTransport)


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


def check_installed(place: str) -> None:
    """Do nothing if the client library is there.

    Raises:
        ConfigurationError: it is not.
    """
    try:
        import google.pubsub_v1  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            [f"{place}: Pub/Sub's client is not installed; pip install 'parley[pubsub]'"]
        ) from error


def _client(client: Any, transport: Any) -> Any:
    host = os.environ.get("PUBSUB_EMULATOR_HOST")
    if not host:
        return client()
    import grpc

    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    return client(transport=transport(channel=grpc.insecure_channel(host, options=unlimited)))


def _asked(path: str, call: Callable[[], Any]) -> Any:
    """What the server answers; its errors as ours."""
    from google.api_core.exceptions import GoogleAPICallError, InvalidArgument, RetryError
    from google.auth.exceptions import GoogleAuthError

    try:
        return call()
    except RetryError as error:
        raise QueueError(path, f"{_told(error.cause or error)}, again and again") from error
    except GoogleAPICallError as error:
        is_refusal = isinstance(error, InvalidArgument)
        raise QueueError(path, _told(error), is_refusal=is_refusal) from error
    except GoogleAuthError as error:
        remedy = "set GOOGLE_APPLICATION_CREDENTIALS, or PUBSUB_EMULATOR_HOST for a test server"
        raise QueueError(path, f"no right of access ({_told(error)}); {remedy}") from error


def _told(error: Exception) -> str:
    text = getattr(error, "message", None) or str(error)
    return " ".join(f"{type(error).__name__}: {text}".split())[:300]


def _received(each: Any, source: str) -> Received:
    message = each.message
    at = Timestamp(micros=message.publish_time.ToMicroseconds())
    attributes = dict(message.attributes)
    return Received(
        QueueMessage(message.message_id, source, message.data, at), each.ack_id, attributes
    )


def _parts(ack_ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ack_ids), _MAX_IDS):
        yield list(ack_ids[start : start + _MAX_IDS])


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
