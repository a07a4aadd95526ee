from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from connectors.channels.webhook import WebhookMessenger
from schemas.delivery import Message
from schemas.errors import DeliveryError
from support import alerts
from support.receivers import HttpReceiver, http_receiver
from transforms.core.alerts.withdrawals import withdraw

MESSAGE = Message("m", "event", [alerts.bundle(alerts.alert())], ["desk"])


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with http_receiver() as found:
        yield found


def failure(url: str, **options: float) -> DeliveryError:
    with closing(WebhookMessenger(url, [], allow_hosts=["127.0.0.1"], **options)) as messenger:
        with pytest.raises(DeliveryError) as caught:
            messenger.send(MESSAGE)
        return caught.value


def test_without_a_secret_nothing_is_signed(receiver: HttpReceiver) -> None:
    with closing(WebhookMessenger(receiver.url, [], allow_hosts=["127.0.0.1"])) as messenger:
        messenger.send(MESSAGE)
    ((headers, _),) = receiver.requests
    assert headers["webhook-id"] == "alert-mirren"
    assert "webhook-signature" not in headers


def test_a_withdrawal_is_another_event_than_the_alert(receiver: HttpReceiver) -> None:
    alert = alerts.alert()
    taken = withdraw(alert, [alert], alert.reasons[0], alerts.NOON)
    with closing(WebhookMessenger(receiver.url, [], allow_hosts=["127.0.0.1"])) as messenger:
        messenger.send(Message("m", "event", [alerts.bundle(taken)], ["desk"]))
    assert receiver.ids == [taken.id] != [alert.id]
    (event,) = receiver.events
    assert event["type"] == "parley.commentary.withdrawn"
    assert event["data"]["follows"] == alert.id


@pytest.mark.parametrize(
    ("status", "is_refusal", "is_gone"),
    [(400, True, False), (410, False, True), (404, False, False), (500, False, False)],
)
def test_what_a_status_means(
    receiver: HttpReceiver, status: int, is_refusal: bool, is_gone: bool
) -> None:
    receiver.answers = [(status, {})]
    error = failure(receiver.url)
    assert (error.is_refusal, error.is_gone) == (is_refusal, is_gone)
    assert str(status) in error.detail


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nX: "])
def test_a_receiver_that_stalls_is_left_after_the_time_limit(sent: bytes) -> None:
    """Before its answer, or among its headers."""
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def stall() -> None:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                connection.sendall(sent)
                while not stopped.wait(0.02):
                    connection.sendall(sent[-1:])  # a socket's timeout would begin anew

        thread = threading.Thread(target=stall, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/s3cret"
        error = failure(url, timeout_seconds=0.3)
        stopped.set()
        thread.join()
    assert not error.is_refusal
    assert "s3cret" not in str(error)
    assert error.__cause__ is None
