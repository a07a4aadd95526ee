"""Pulling from a subscription, and keeping what was pulled until it is done with."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from connectors.pubsub.client import RPC_SECONDS, asked, check_installed, open_client
from schemas.base import Instant
from schemas.errors import QueueError
from schemas.queue_message import QueueMessage

#: How long the server keeps a pulled message from other readers, and how often that is renewed.
#: After a crash, what was in hand comes again when the lease has ended.
_LEASE_SECONDS = 30
_RENEW_SECONDS = 10
#: Longer than this nothing is kept: whoever pulled it has lost it. Google's own clients stop
#: after an hour, too.
MAX_LEASE_SECONDS = 3600
#: One request holds 512 KiB of ids
#: (https://docs.cloud.google.com/pubsub/quotas#resource_limits).
_MAX_IDS = 1000


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

        return open_client(SubscriberClient, SubscriberGrpcTransport)

    def _call(self, method: str, request: dict[str, Any], **options: Any) -> Any:
        options = {"timeout": RPC_SECONDS, **options}
        return asked(self._path, lambda: getattr(self._client, method)(request, **options))

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


def _received(each: Any, source: str) -> Received:
    message = each.message
    at = Instant(micros=message.publish_time.ToMicroseconds())
    attributes = dict(message.attributes)
    return Received(
        QueueMessage(message.message_id, source, message.data, at), each.ack_id, attributes
    )


def _parts(ack_ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ack_ids), _MAX_IDS):
        yield list(ack_ids[start : start + _MAX_IDS])
