"""Reads a response's body within limits that hold after decompression."""

from __future__ import annotations

import zlib

import urllib3

from schemas.errors import FetchError

#: miniflux's limit, and like it counted after decompression.
MAX_BODY_BYTES = 15 * 1024 * 1024

#: Pages shrink to a tenth, hardly ever to a fiftieth; deflate's limit is 1,032.
MAX_RATIO = 200

#: Below this a body may be as regular as it likes.
_RATIO_COUNTS_FROM = 1024 * 1024

_GZIP = b"\x1f\x8b\x08"
_CHUNK_BYTES = 64 * 1024


def read_body(raw: urllib3.BaseHTTPResponse, url: str, max_bytes: int) -> bytes:
    """The whole body, decompressed; it is read no further than a limit.

    Raises:
        FetchError: "too_large" beyond ``max_bytes`` or the ratio that only a decompression
            bomb reaches, "bad_encoding" when it is compressed more than once.
        urllib3.exceptions.HTTPError: when the connection or the compression breaks.
    """
    coding = raw.headers.get("Content-Encoding", "")
    if "," in coding:
        raise FetchError("bad_encoding", url, f"compressed more than once: {coding[:40]!r}")
    declared = raw.headers.get("Content-Length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > max_bytes:
        limit = f"the limit of {max_bytes >> 20} MiB" if max_bytes >> 20 else f"{max_bytes} bytes"
        raise FetchError("too_large", url, f"Content-Length is {declared[:20]}, over {limit}")
    chunks: list[bytes] = []
    size = 0
    while chunk := raw.read1(_CHUNK_BYTES, decode_content=True):
        chunks.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            raise FetchError("too_large", url, f"the body has more than {max_bytes} bytes")
        if size > _RATIO_COUNTS_FROM and size > MAX_RATIO * raw.tell():
            raise FetchError("too_large", url, f"unpacks to more than {MAX_RATIO} times its size")
    body = b"".join(chunks)
    return body if coding else _unpacked(body, url, max_bytes)


def _unpacked(body: bytes, url: str, max_bytes: int) -> bytes:
    """The body, decompressed if it is gzip that no header told of, such as a sitemap.xml.gz."""
    if not body.startswith(_GZIP):
        return body
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacking.decompress(body, max_bytes + 1)
    except zlib.error:
        return body
    if len(unpacked) > max_bytes or (
        len(unpacked) > _RATIO_COUNTS_FROM and len(unpacked) > MAX_RATIO * len(body)
    ):
        raise FetchError("too_large", url, f"unpacks to more than {max_bytes} bytes")
    return unpacked
