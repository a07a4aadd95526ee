"""Answers: rendered pages and feeds with a validator, so that what is unchanged is not sent."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pipelines.reading_room.rendering import render


def page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A template as an HTML page."""
    body = render(template, path=request.url.path, **values).encode("utf8", "replace")
    return answer(request, body, "text/html; charset=utf-8", status)


def answer(request: Request, body: bytes, media_type: str, status: int = 200) -> Response:
    """The body with its ETag; 304 without it if the client has it already.

    The ETag is weak: the body may be sent compressed or not.
    """
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = request.headers.get("if-none-match", "")
    headers = {"ETag": etag}
    if status == 200 and is_known(known, etag):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, media_type)


def is_known(if_none_match: str, etag: str) -> bool:
    """Compares an If-None-Match header with an ETag, weakly (RFC 9110, 13.1.2).

    >>> is_known('"a", W/"b"', 'W/"b"'), is_known("*", 'W/"b"'), is_known('"ab"', 'W/"b"')
    (True, True, False)
    """
    given = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag.removeprefix("W/") in given or given == ["*"]
