"""WARC (ISO 28500): what was fetched, kept as it came, so that any day can be read again.

Bodies are kept decompressed, and headers as far as Parley reads them: enough to run a day
again with other rules, not a copy of the traffic. Answers "not modified" hold nothing and are
left out. Reads any WARC, such as the files of CC-NEWS; warcio, the reference implementation,
does both.
"""

from __future__ import annotations

import io
import logging
import os
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from connectors.web.addresses import check_url
from connectors.web.bodies import MAX_BODY_BYTES
from schemas.base import Instant
from schemas.distribution import install_hint
from schemas.errors import ConfigurationError, FetchError
from schemas.page import Response

_LOG = logging.getLogger("parley.warc")

#: One member of the file at a time, whichever fetcher of this process writes it.
_WRITING = threading.Lock()


class _Fetcher(Protocol):
    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Response: ...

    def lane(self, url: str) -> str: ...

    def close(self) -> None: ...


class WarcAnswer(NamedTuple):
    """A whole answer with a body, as a WARC holds it."""

    url: str
    fetched_at: Instant
    content_type: str
    body: bytes


#: What warcio and zlib raise for broken records.
_BROKEN = (
    zlib.error, OSError, EOFError, ValueError, AttributeError, OverflowError, IndexError, TypeError,
)  # fmt: skip


def is_warc(path: Path) -> bool:
    """Whether a file is one by its name.

    >>> is_warc(Path("day.warc.gz")), is_warc(Path("day.html.gz"))
    (True, False)
    """
    name = path.name.lower()
    return name.endswith((".warc", ".warc.gz"))


def warc_file(given: str, at: datetime) -> Path:
    """The file that a run appends to: the given one, or one of its own in the given folder.

    Raises:
        ConfigurationError: it cannot be written, or warcio is not installed.
    """
    _warcio("--warc")
    path = Path(given)
    if path.is_dir() or given.endswith(("/", os.sep)):
        path = path / f"parley-{at:%Y%m%dT%H%M%SZ}-{os.getpid()}.warc.gz"
    elif not is_warc(path):
        raise ConfigurationError([f"--warc: {given!r}: give a folder, or a name in .warc.gz"])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError as error:
        raise ConfigurationError([f"--warc: {path}: {error.strerror}; check it"]) from error
    return path


class RecordingFetcher:
    """A fetcher that appends each body it gets to a WARC file, a record at a time.

    A record is one write to a file opened for appending, so that several fetchers may share
    a file and a killed run leaves whole records, but for the last.
    """

    def __init__(self, open_fetcher: Callable[[], _Fetcher], path: Path) -> None:
        self._fetcher = open_fetcher()
        self._path = path

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Response:
        """What the inner fetcher gets, recorded.

        Raises:
            FetchError: as the inner fetcher does; failures are not recorded.
        """
        answer = self._fetcher.fetch(url, etag=etag, last_modified=last_modified)
        if answer.status != 304:
            self._record(url, answer)
        return answer

    def lane(self, url: str) -> str:
        """The inner fetcher's."""
        return self._fetcher.lane(url)

    def close(self) -> None:
        """Close the inner fetcher; records are on disk already."""
        self._fetcher.close()

    def _record(self, asked: str, answer: Response) -> None:
        headers = [
            (name, " ".join(value.split()))  # a folded header may hold line breaks
            for name, value in (
                ("Content-Type", answer.content_type),
                ("ETag", answer.etag),
                ("Last-Modified", answer.last_modified),
            )
            if value
        ]
        members = _member(answer.url, f"{answer.status} OK", headers, answer.body)
        if asked != answer.url:
            members = _member(asked, "302 Found", [("Location", answer.url)], b"") + members
        with _WRITING, self._path.open("ab", buffering=0) as file:
            file.write(members)


def _member(url: str, status: str, headers: list[tuple[str, str]], body: bytes) -> bytes:
    """One response record, as a gzip member of its own."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    packed = io.BytesIO()
    writer = WARCWriter(packed, gzip=True, warc_version="1.1")
    writer._create_temp_file = io.BytesIO  # its own are left to the garbage collector, open
    head = StatusAndHeaders(status, headers, protocol="HTTP/1.1", is_http_request=False)
    record = writer.create_warc_record(
        url, "response", payload=io.BytesIO(body), length=len(body), http_headers=head
    )
    writer.write_record(record)
    return packed.getvalue()


def read_warc(path: Path) -> Iterator[WarcAnswer]:
    """The bodies in a WARC, in its order: answers of http and https with status 200, each
    under the address that was asked first. Bodies over the size limit are left out.

    A file that is cut short is read as far as it goes, and an error is logged.

    Raises:
        ConfigurationError: it cannot be opened, is no WARC, or warcio is not installed.
    """
    _warcio(f"--input: {path}")
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        file = path.open("rb")
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read: {error.strerror}"]) from error
    asked_as: dict[str, str] = {}  # where a redirect led -> what was asked
    count = 0
    with file:
        try:
            for record in ArchiveIterator(file, no_record_parse=True):
                if record.format != "warc":  # its guess for anything else is the older ARC
                    break
                count += 1
                if record.rec_type == "response" and _has_http_headers(record):
                    yield from _answer(record, asked_as)
        except (ArchiveLoadFailed, *_BROKEN) as error:
            _LOG.error("%s: broken after %d records: %s; read so far", path, count, error)
    if count == 0 and path.stat().st_size:
        raise ConfigurationError([f"{path}: holds no WARC record; give a .warc or .warc.gz"])


def _has_http_headers(record: Any) -> bool:
    """Reads the answer's own headers; False for a record that has none or names no address.

    Left to itself, warcio raises for such a record, and what follows it would be lost.
    """
    from warcio.statusandheaders import StatusAndHeadersParser

    if not record.rec_headers.get_header("WARC-Target-URI"):
        return False
    try:
        parser = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1"], verify=False)
        record.http_headers = parser.parse(record.raw_stream)
    except _BROKEN:
        return False
    return record.http_headers is not None


def _answer(record: Any, asked_as: dict[str, str]) -> Iterator[WarcAnswer]:
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    status = record.http_headers.get_statuscode()
    location = record.http_headers.get_header("Location") or ""
    try:
        check_url(url)
        if status in ("301", "302", "307", "308"):
            check_url(location)
            asked_as[location] = asked_as.pop(url, url)
            return
    except FetchError:
        return
    asked = asked_as.pop(url, url)
    at = _instant(record.rec_headers.get_header("WARC-Date") or "")
    if status != "200" or at is None:
        return
    body = _body(record)
    if body:
        content_type = record.http_headers.get_header("Content-Type") or ""
        yield WarcAnswer(asked, at, content_type[:1000], body)


def _body(record: Any) -> bytes:
    """The body, decompressed; empty when it is larger than a live one may be, or broken."""
    stream = record.content_stream()
    body = bytearray()
    try:
        while chunk := stream.read(65536):
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return b""
    except (zlib.error, OSError, EOFError, ValueError):
        return b""
    return bytes(body)


def _instant(text: str) -> Instant | None:
    """A WARC-Date as an instant; fractions are cut to microseconds."""
    try:
        at = datetime.fromisoformat(text.strip()[:26].rstrip("Zz"))
    except ValueError:
        return None
    return Instant(micros=round(at.replace(tzinfo=timezone.utc).timestamp() * 1e6))


def _warcio(place: str) -> None:
    try:
        import warcio  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            [f"{place}: needs the package warcio; {install_hint('warc')}"]
        ) from error
