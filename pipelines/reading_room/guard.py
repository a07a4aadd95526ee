"""What every request and every answer passes: who may ask, how, and what a browser may do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The names of this machine itself. A page of another site whose name was made to lead here (DNS
#: rebinding) sends its own name.
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST = re.compile(r"(?:\[([0-9a-f:]+)\]|([0-9a-z.-]+))(?::\d{1,5})?")
_METHODS = ("GET", "HEAD")
#: More than any link of ours holds.
_MOST_QUERY_BYTES = 2000

#: No script, image, frame or font; nothing from elsewhere; the search form leads here only.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


class Guard:
    """Refuses what is not a local GET or HEAD, and sets the security headers of every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything but HTTP is passed on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        await (refusal(scope) or self._app)(scope, receive, send_guarded)


def refusal(scope: Scope) -> PlainTextResponse | None:
    """The answer to a request that may not be served; None for one that may."""
    hosts = Headers(scope=scope).getlist("host")
    if len(hosts) != 1 or not is_local(hosts[0]):
        return PlainTextResponse(
            "The Host header does not name this machine; open http://localhost with the port "
            "that `parley serve` printed.\n",
            400,
        )
    if scope["method"] not in _METHODS:
        text = "Only GET and HEAD: the reading room changes nothing.\n"
        return PlainTextResponse(text, 405, {"Allow": ", ".join(_METHODS)})
    if len(scope["query_string"]) > _MOST_QUERY_BYTES:
        return PlainTextResponse(f"The query is longer than {_MOST_QUERY_BYTES} bytes.\n", 414)
    return None


def is_local(host: str) -> bool:
    """Reports if a Host header names this machine itself, with any port.

    >>> [is_local(h) for h in ("localhost:8765", "127.0.0.1", "[::1]:80", "LOCALHOST")]
    [True, True, True, True]
    >>> [is_local(h) for h in ("evil.example", "localhost.evil.example", "127.0.0.1@evil", "")]
    [False, False, False, False]
    """
    found = _HOST.fullmatch(host.lower())
    return found is not None and (found[1] or found[2]) in LOCAL_HOSTS
