"""Alert events as JSON lines: a file that programs follow, or standard output."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from connectors.events import event_of, json_line
from connectors.whole_files import check_writable, replace_file
from schemas.alert import Bundle

_STANDARD_OUTPUT = "-"


class JsonLinesSink:
    """Writes one Alert event a line, in the order of bundles and of alerts in them.

    Appending, an event whose id already stands in the file is not written again: after a
    crash between the write and the ledger the same alerts come a second time. Otherwise the
    file is replaced in one step, and written though there be no event.
    """

    def __init__(self, path: str, *, append: bool) -> None:
        """Take the file at ``path``, or standard output for "-".

        Raises:
            ConfigurationError: the place cannot be written.
        """
        self._path = None if path == _STANDARD_OUTPUT else Path(path)
        self._append = append
        if self._path is not None:
            check_writable(self._path, f"jsonl:{path}" if append else path)

    def write(self, bundles: Sequence[Bundle]) -> None:
        """Write the events of all bundles.

        Raises:
            OSError: the file could not be written.
        """
        events = _lines_by_id(bundles)
        if self._path is None:
            _print(events.values())
        elif self._append:
            _append(self._path, events)
        else:
            replace_file(self._path, b"".join(events.values()))


def _lines_by_id(bundles: Sequence[Bundle]) -> dict[str, bytes]:
    return {alert.id: json_line(event_of(alert)) for bundle in bundles for alert in bundle.alerts}


def _print(lines: Iterable[bytes]) -> None:
    sys.stdout.flush()  # what was printed as text before stays before
    sys.stdout.buffer.write(b"".join(lines))
    sys.stdout.buffer.flush()


def _append(path: Path, events: dict[str, bytes]) -> None:
    if path.exists() and not path.is_file():  # a pipe or a device holds nothing to look up
        path.write_bytes(b"".join(events.values()))
        return
    with path.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # until closed: nobody repairs a half-written line
        known = _repair(stream)
        stream.write(b"".join(line for id_, line in events.items() if id_ not in known))
        stream.flush()
        os.fsync(stream.fileno())


def _repair(stream: BinaryIO) -> set[str]:
    """The ids in the file, after its end was made the end of a line.

    A last line without a line feed was torn by a crash. When it is a whole event, the line
    feed is added; else it is cut off, and its event, never marked as sent, comes again.
    """
    stream.seek(0)
    known: set[str] = set()
    end, line, id_ = 0, b"", ""
    for line in stream:
        id_ = _event_id(line)
        known.add(id_)
        end += len(line)
    if line and not line.endswith(b"\n"):
        if id_:
            stream.write(b"\n")
        else:
            stream.truncate(end - len(line))
    return known - {""}


def _event_id(line: bytes) -> str:
    """The event's id, "" for a line that is none."""
    try:
        event = json.loads(line)
    except ValueError:
        return ""
    id_ = event.get("id") if isinstance(event, dict) else None
    return id_ if isinstance(id_, str) else ""
