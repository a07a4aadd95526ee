"""Google's in-memory Pub/Sub server, built from tests/pubsub_server, and a desk beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterable
from pathlib import Path

import grpc
from google.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

ROOT = Path(__file__).parent.parent.parent
SOURCES = ROOT / "tests" / "pubsub_server"
PROGRAM = ROOT / "build" / "pubsub_server"


#: More than a server of the tests hands out.
_IDS = 10_000


class MissingError(Exception):
    """The server cannot be built here; says how it can."""


def build_server() -> Path:
    """The program, built anew if its sources changed (Go knows)."""
    go = shutil.which("go")
    if go is None:
        raise MissingError(
            "Go is not installed: install Go 1.25 or later, or set PUBSUB_EMULATOR_HOST"
        )
    PROGRAM.parent.mkdir(exist_ok=True)
    built = subprocess.run(
        [go, "build", "-o", str(PROGRAM), "."],
        cwd=SOURCES, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if built.returncode:
        told = " ".join(built.stderr.split())[-200:]
        raise MissingError(f"the server could not be built ({told}): give Go its modules (GOPROXY)")
    return PROGRAM


class Server:
    """A running server; it ends with this process, for its standard input does.

    One that comes ``after`` another has its address, and ids of its own.
    """

    def __init__(self, after: Server | None = None) -> None:
        port, self._first = (after.port, after._first + _IDS) if after else (0, 0)
        self._process = subprocess.Popen(
            [str(build_server()), "-port", str(port), "-first", str(self._first)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.host = self._process.stdout.readline().strip()
        self.port = int(self.host.rpartition(":")[2])

    def kill(self) -> None:
        """End it by SIGKILL: all that it held is lost."""
        self._process.kill()
        self._close()

    def close(self) -> None:
        self._process.stdin.close()
        self._close()

    def _close(self) -> None:
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            stream.close()


class Desk:
    """A project of its own on a server: topics, subscriptions, and what passes through them."""

    def __init__(self, host: str, project: str = "") -> None:
        self.host = host
        self.project = project or f"desk-{uuid.uuid4().hex[:8]}"
        self._channel = grpc.insecure_channel(host)
        self._publisher = PublisherClient(transport=PublisherGrpcTransport(channel=self._channel))
        self._subscriber = SubscriberClient(
            transport=SubscriberGrpcTransport(channel=self._channel)
        )

    def close(self) -> None:
        self._channel.close()

    def topic(self, name: str = "news") -> str:
        """The address of a new topic."""
        path = f"projects/{self.project}/topics/{name}"
        self._publisher.create_topic(name=path)
        return f"pubsub:{path}"

    def subscription(self, topic: str, name: str = "reader", **more: object) -> str:
        """The address of a new subscription to a topic."""
        path = f"projects/{self.project}/subscriptions/{name}"
        wanted = {"name": path, "topic": topic.removeprefix("pubsub:"), **more}
        self._subscriber.create_subscription(request=wanted)
        return f"pubsub:{path}"

    def publish(self, topic: str, bodies: Iterable[bytes]) -> None:
        messages = [{"data": body} for body in bodies]
        for start in range(0, len(messages), 500):
            part = messages[start : start + 500]
            self._publisher.publish(topic=topic.removeprefix("pubsub:"), messages=part)

    def take(self, subscription: str, limit: int = 1000) -> list:
        """Messages (data, attributes, ordering_key) that wait there, acknowledged."""
        path = subscription.removeprefix("pubsub:")
        found = self._subscriber.pull(subscription=path, max_messages=limit).received_messages
        if found:
            ids = [each.ack_id for each in found]
            self._subscriber.acknowledge(subscription=path, ack_ids=ids)
        return [each.message for each in found]

    def take_all(self, subscription: str) -> list:
        """All that wait there: until nothing comes."""
        taken = found = self.take(subscription)
        while found:
            found = self.take(subscription)
            taken = taken + found
        return taken


def given_host() -> str | None:
    """The server that was set before the tests began, e.g. the official emulator."""
    return os.environ.get("PUBSUB_EMULATOR_HOST")
