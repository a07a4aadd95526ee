"""Events to a program's address, by Standard Webhooks 1.0.0.

The body is the CloudEvent of ``schemas/alert.schema.json``. ``webhook-id`` is the alert's id
and stays the same for every attempt, so that the receiver can drop a repeat. With several
secrets there are several signatures: a receiver may change from one to the next at leisure.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from typing import Any

import requests
from standardwebhooks.webhooks import Webhook

from connectors.formats.cloudevents import event_of, json_line, notice_event
from connectors.web.addresses import bare_host
from connectors.web.deadlines import DeadlineWatcher
from connectors.web.fetcher import ANSWER_ERRORS, named_failure, open_session
from connectors.web.statuses import retry_after_seconds
from connectors.web.user_agent import user_agent
from schemas.base import Instant
from schemas.delivery import Message
from schemas.errors import DeliveryError

#: The standard asks for 15 to 30 s.
_TIMEOUT_SECONDS = 20.0
#: Statuses by which a receiver says that this message is the trouble, not the moment. What
#: stands elsewhere among 400 to 499 (a wrong path, a lost right) troubles every message.
_REFUSALS = frozenset({400, 409, 413, 415, 422})


class WebhookMessenger:
    """Posts each alert as one signed event; redirects are not followed, by the standard."""

    def __init__(
        self,
        url: str,
        secrets: Sequence[str],
        *,
        allow_hosts: Sequence[str] = (),
        timeout_seconds: float = _TIMEOUT_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._url = url
        self._signers = [Webhook(secret) for secret in secrets]
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._session = open_session(frozenset(map(bare_host, allow_hosts)), pool_size=1)
        self._deadlines = DeadlineWatcher()

    def send(self, message: Message) -> None:
        """Post the message's one event.

        Raises:
            DeliveryError: it was not taken, or nobody knows.
        """
        if message.notice is not None:
            self._post(message.notice.id, notice_event(message.notice))
        sent_at = Instant(int(self._clock()))
        for bundle in message.bundles:
            for alert in bundle.alerts:
                self._post(alert.id, event_of(alert, sent_at))

    def close(self) -> None:
        """Give back the connection."""
        self._session.close()
        self._deadlines.close()

    def _post(self, event_id: str, event: dict[str, Any]) -> None:
        body = json_line(event)
        headers = self._headers(event_id, body)
        request = requests.Request("POST", self._url, data=body, headers=headers)
        with self._deadlines.watching(self._timeout_seconds) as deadline:
            try:
                answer = self._session.send(
                    request.prepare(),
                    allow_redirects=False,
                    stream=True,  # whatever it says is not read
                    timeout=self._timeout_seconds,
                )
                answer.close()
                if deadline.is_overdue:  # cut off among the headers, which looks like their end
                    raise TimeoutError
            except ANSWER_ERRORS as error:
                # Without the cause: its text holds the address.
                failure = named_failure(error, self._url, deadline)
                again = "; `parley deliver --retry` with it does not wait for the next try"
                is_private = failure.reason == "private_address"
                raise DeliveryError(failure.detail + (again if is_private else "")) from None
        _check(answer.status_code, answer.headers.get("Retry-After", ""))

    def _headers(self, event_id: str, body: bytes) -> dict[str, str]:
        at = datetime.fromtimestamp(int(self._clock()), tz=timezone.utc)
        text = body.decode("utf8")
        headers = {
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "User-Agent": user_agent(),
            "webhook-id": event_id,
            "webhook-timestamp": str(int(at.timestamp())),
        }
        if self._signers:
            signatures = [signer.sign(event_id, at, text) for signer in self._signers]
            headers["webhook-signature"] = " ".join(signatures)
        return headers


def _check(status: int, retry_after: str) -> None:
    if 200 <= status < 300:
        return
    if status == 410:
        raise DeliveryError("status 410: the receiver wants no more", is_gone=True)
    raise DeliveryError(
        f"status {status}",
        is_refusal=status in _REFUSALS,
        retry_after_seconds=retry_after_seconds(retry_after),
    )
