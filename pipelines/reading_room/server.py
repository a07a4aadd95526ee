"""Runs the reading room on a port of this machine."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn

from connectors.archive import Archive
from pipelines.reading_room.app import build_app
from pipelines.reading_room.guard import LOCAL_HOSTS
from schemas.errors import ConfigurationError

#: Requests that are served or wait at one time; more are answered 503.
_MOST_REQUESTS = 64


def serve_archive(archive: Archive, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the archive until SIGTERM or Ctrl-C.

    Args:
        archive: what is shown; others may write to it.
        host: a name of this machine itself.
        port: 0 takes a free one.
        ready: called with the address once the port is open.

    Raises:
        ConfigurationError: the host is another one, or the port cannot be opened.
    """
    check_host(host)
    with _listening(host, port) as listener:
        taken = listener.getsockname()[1]
        ready(f"http://{f'[{host}]' if ':' in host else host}:{taken}/")
        config = uvicorn.Config(
            build_app(archive),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_REQUESTS,
            timeout_graceful_shutdown=5,
            http="h11",
            ws="none",
            loop="asyncio",
        )
        with _ended_by_signals():
            uvicorn.Server(config).run(sockets=[listener])


def check_host(host: str) -> None:
    """Do nothing if the host is this machine itself.

    Raises:
        ConfigurationError: it is not; with another way to reach the room.
    """
    if host not in LOCAL_HOSTS:
        raise ConfigurationError(
            [
                f"--host: {host!r}: the reading room knows no users yet, so it opens on this "
                "machine only; leave --host out, and reach it from another machine by "
                "`ssh -L 8765:localhost:8765 HERE`"
            ]
        )


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1" if host == "localhost" else host, port))
            listener.listen(128)
        except OSError as error:
            raise ConfigurationError(
                [f"--port: {port}: {error.strerror}; give another one, or 0 for any that is free"]
            ) from error
        yield listener


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the server, and nothing else: it raises again what it caught."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)
