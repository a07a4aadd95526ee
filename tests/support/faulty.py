"""Receivers on loopback that fail by chance, each in its own way, and remember what they saw."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller

from transforms.core.delivery.retries import WAITS_SECONDS

#: The plan's waits are lengthened by up to a fifth.
_LONGEST_JITTER = 1.2


class Request(NamedTuple):
    """What came, when by the clock of deliveries, and what was answered."""

    id: str
    at: float
    status: int  #: 0: nothing in time
    retry_after: int
    body: bytes


class Receiver:
    """Keeps what it saw. ``seen`` is called before anything is answered; it tells how far the
    clock of deliveries is ahead.
    """

    def __init__(self, seed: int, seen: Callable[[], float]) -> None:
        self.requests: list[Request] = []
        self._random, self._seen = random.Random(seed), seen
        self._lock = threading.Lock()

    @property
    def taken(self) -> list[Request]:
        return [request for request in self.requests if 200 <= request.status < 300]

    def planned(self, since: float, until: float) -> tuple[float, int]:
        """How long the failures of that time held up what came, at most, by the plan; and how
        many they were.
        """
        tries: Counter[str] = Counter()
        seconds, failures = 0.0, 0
        for request in self.requests:
            if 200 <= request.status < 300:
                continue
            tries[request.id] += 1
            if since - 1 <= request.at <= until + 1:
                failures += 1
                wait = WAITS_SECONDS[min(tries[request.id], len(WAITS_SECONDS)) - 1]
                seconds += _LONGEST_JITTER * max(wait, request.retry_after)
        return seconds, failures

    def _note(self, id_: str, status: int, body: bytes, retry_after: int = 0) -> None:
        at = time.time() + self._seen()
        with self._lock:
            self.requests.append(Request(id_, at, status, retry_after, body))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Whoever asked is dead: that is what this is for."""


class FaultyReceiver(Receiver, ABC):
    """Takes posts over HTTP; ``answer`` says how each is met."""

    def __init__(self, seed: int, seen: Callable[[], float]) -> None:
        super().__init__(seed, seen)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver._meet(self, body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/s3cret-path"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @abstractmethod
    def answer(self, number: int) -> tuple[int, int]:
        """Status and Retry-After for the request of that number; status 0 for none in time."""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _meet(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        status, retry_after = self.answer(len(self.requests))
        id_ = handler.headers.get("webhook-id") or json.loads(body).get("title", "")
        self._note(id_, status, body, retry_after)
        if not status:
            time.sleep(3)  # longer than anybody waits
            status = 200
        try:
            handler.send_response(status)
            if retry_after:
                handler.send_header("Retry-After", str(retry_after))
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        except OSError:
            handler.close_connection = True  # whoever asked is dead, or has hung up


class Failing(FaultyReceiver):
    """Fails one time in three, in one of the usual ways."""

    def answer(self, number: int) -> tuple[int, int]:
        return self._random.choice([500, 502, 503, *[200] * 6]), 0


class Busy(FaultyReceiver):
    """Takes five, then asks to be left alone for a while."""

    def answer(self, number: int) -> tuple[int, int]:
        return (429, 2400) if number % 6 == 5 else (200, 0)


class Stalling(FaultyReceiver):
    """Takes all, and one time in six says so too late."""

    def answer(self, number: int) -> tuple[int, int]:
        return (0, 0) if self._random.random() < 1 / 6 else (200, 0)


class Gone(FaultyReceiver):
    """Takes three, and then wants no more."""

    def answer(self, number: int) -> tuple[int, int]:
        return (200 if number < 3 else 410), 0


class FaultyMail(Receiver):
    """A mail server that is not in the mood one time in five."""

    def __init__(self, seed: int, seen: Callable[[], float]) -> None:
        super().__init__(seed, seen)
        self.mails: list[EmailMessage] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]  # aiosmtpd must know it beforehand
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()
        self.url = f"smtp://127.0.0.1:{port}"

    async def handle_DATA(  # noqa: N802 -- the library's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        mail = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        mail["X-To"] = ",".join(envelope.rcpt_tos)
        status = 451 if self._random.random() < 0.2 else 250
        self._note(mail["Message-ID"], 200 if status == 250 else status, b"")
        if status == 250:
            self.mails.append(mail)
        return f"{status} as you see"

    def close(self) -> None:
        self._controller.stop()
