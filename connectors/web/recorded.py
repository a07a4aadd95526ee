"""RecordedFetcher: answers from a folder instead of the network.

The folder holds ``responses.yaml`` and the body files that it names::

    responses:
      - url: https://example.org/feed.xml       # required
        file: feeds/example.xml                 # relative to the folder; required at status 200
        content_type: application/rss+xml       # as a server would send it
        etag: '"v1"'                            # optional: a request that carries it gets 304
        last_modified: Mon, 02 Jun 2025 08:00:00 GMT    # optional, likewise
      - url: https://example.org/old
        status: 301                             # optional, 200 by default
        location: https://example.org/new       # where a redirect leads
      - url: https://example.org/gone
        status: 404

The bundled sample newsroom and the tests are read through it, with no network at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml

from connectors.web.statuses import REDIRECTS, error_for_status
from schemas.errors import ConfigurationError, FetchError
from schemas.page import Response

_INDEX = "responses.yaml"
_KEYS = frozenset({"url", "file", "content_type", "status", "etag", "last_modified", "location"})
_MAX_REDIRECTS = 10


class RecordedFetcher:
    """Satisfies the Fetcher port with saved responses; safe to share between threads.

    Raises:
        ConfigurationError: when the folder's ``responses.yaml`` is missing or wrong.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        self._records = _read_index(self._folder)

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Response:
        """The saved answer; 304 when a validator given is the saved one.

        Raises:
            FetchError: "unreachable" for an address that was not saved, otherwise as a
                server's status would raise it.
        """
        target = url
        for _ in range(_MAX_REDIRECTS + 1):
            record = self._records.get(target)
            if record is None:
                raise FetchError("unreachable", target, "no such response was recorded")
            status = int(record.get("status", 200))
            if status not in REDIRECTS:
                return self._answer(record, target, status, etag, last_modified)
            target = urljoin(target, str(record["location"]))
        raise FetchError("too_many_redirects", url, f"more than {_MAX_REDIRECTS} redirects")

    def lane(self, url: str) -> str:
        """No lane: a file has no pace."""
        return ""

    def close(self) -> None:
        """Nothing is held open."""

    def _answer(
        self, record: dict[str, Any], url: str, status: int, etag: str, last_modified: str
    ) -> Response:
        if status != 200:
            raise error_for_status(status, url)
        saved = (str(record.get("etag", "")), str(record.get("last_modified", "")))
        content_type = str(record.get("content_type", ""))
        if _is_unchanged(saved, etag, last_modified):
            return Response(url, 304, b"", content_type, *saved)
        body = (self._folder / str(record["file"])).read_bytes()
        return Response(url, 200, body, content_type, *saved)


def _is_unchanged(saved: tuple[str, str], etag: str, last_modified: str) -> bool:
    """Whether a server would answer 304: the ETag decides where one is given (RFC 9110 §13)."""
    if etag:
        return etag == saved[0]
    return bool(last_modified) and last_modified == saved[1]


def _read_index(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / _INDEX
    try:
        index = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError([f"{path}: cannot be read: {error.strerror}"]) from error
    except yaml.YAMLError as error:
        raise ConfigurationError([f"{path}: is not YAML: {error}"]) from error
    records = index.get("responses") if isinstance(index, dict) else None
    if not isinstance(records, list):
        raise ConfigurationError([f"{path}: needs a list under 'responses:'"])
    mistakes = [
        f"{path}: response {number}: {mistake}"
        for number, record in enumerate(records, 1)
        for mistake in _mistakes(record, folder)
    ]
    if mistakes:
        raise ConfigurationError(mistakes)
    return {str(record["url"]): record for record in records}


def _mistakes(record: Any, folder: Path) -> list[str]:
    if not isinstance(record, dict) or "url" not in record:
        return [f"{record!r} has no 'url'"]
    found = [
        f"unknown key {key!r}; known are {', '.join(sorted(_KEYS))}"
        for key in record
        if key not in _KEYS
    ]
    status = record.get("status", 200)
    if not isinstance(status, int):
        found.append(f"status {status!r} is not a number")
    elif status in REDIRECTS and "location" not in record:
        found.append(f"status {status} needs a 'location'")
    elif status == 200 and not (folder / str(record.get("file", ""))).is_file():
        found.append(f"file {record.get('file')!r} is not in {folder}")
    return found
