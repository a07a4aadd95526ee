"""Google's client library: whether it is there, where it leads, what its errors mean.

Like all of Google's clients it talks to the server in ``PUBSUB_EMULATOR_HOST``, if there is one,
and else to Google, as whoever ``GOOGLE_APPLICATION_CREDENTIALS`` or the machine says. Nothing
connects before it is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from schemas.distribution import install_hint
from schemas.errors import ConfigurationError, QueueError

#: One call, and no longer.
RPC_SECONDS = 20.0


def check_installed(place: str) -> None:
    """Do nothing if the client library is there.

    Raises:
        ConfigurationError: it is not.
    """
    try:
        import google.pubsub_v1  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            [f"{place}: Pub/Sub's client is not installed; {install_hint('pubsub')}"]
        ) from error


def open_client(client: Any, transport: Any) -> Any:
    """A client of that class; where there is an emulator, with such a transport to it."""
    host = os.environ.get("PUBSUB_EMULATOR_HOST")
    if not host:
        return client()
    import grpc

    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    return client(transport=transport(channel=grpc.insecure_channel(host, options=unlimited)))


def asked(path: str, call: Callable[[], Any]) -> Any:
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
