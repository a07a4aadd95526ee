"""Alert events as JSON lines: a file that programs follow, or standard output."""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from connectors.files.whole_files import check_writable, replace_file
from connectors.formats.cloudevents import event_of, json_line, notice_event
from schemas.alert import Bundle
from schemas.base import Timestamp
from schemas.delivery import Notice

#: As a path.
STANDARD_OUTPUT = "-"

_NO_EVENT = ""  # in place of an event's id


class JsonLinesSink:
    """Writes one Alert event a line, in the order of bundles and of alerts in them.

    Appending, an event that already stands in the file (by its id) is not written again:
    after a crash between the write and the ledger the same alerts come a second time. Otherwise the
    file is replaced in one step, and written though there be no event.
    """

    def __init__(
        self, path: str, *, append: bool, clock: Callable[[], Timestamp] = Timestamp.now
    ) -> None:
        """Take the file at ``path``, or standard output for "-".

        Raises:
            ConfigurationError: the place cannot be written.
        """
        self._path = None if path == STANDARD_OUTPUT else Path(path)
        self._append, self._clock = append, clock
        if self._path is not None:
            check_writable(self._path, f"jsonl:{path}" if append else path)

    def write(self, bundles: Sequence[Bundle], notices: Sequence[Notice] = ()) -> None:
        """Write the events of all bundles, then those of the notices.

        Raises:
            OSError: the file could not be written.
        """
        now = self._clock()
        events = {
            alert.id: json_line(event_of(alert, now))
            for bundle in bundles
            for alert in bundle.alerts
        }
        events |= {notice.id: json_line(notice_event(notice)) for notice in notices}
        if self._path is None:
            _print(events.values())
        elif self._append:
            append_new(self._path, events)
        else:
            replace_file(self._path, b"".join(events.values()))


def _print(lines: Iterable[bytes]) -> None:
    sys.stdout.flush()  # what was printed as text before stays before
    sys.stdout.buffer.write(b"".join(lines))
    sys.stdout.buffer.flush()


def append_new(path: Path, events: Mapping[str, bytes]) -> None:
    """Append those lines, given by their ids, that the file does not hold yet.

    Raises:
        OSError: the file could not be written.
    """
    if path.exists() and not path.is_file():  # a pipe or a device holds nothing to look up
        path.write_bytes(b"".join(events.values()))
        return
    with path.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # until closed: nobody repairs a half-written line
        known = _repair(stream)
        stream.write(b"".join(line for event_id, line in events.items() if event_id not in known))
        stream.flush()
        os.fsync(stream.fileno())


def _repair(stream: BinaryIO) -> set[str]:
    """The ids of the events in the file, after its end was made the end of a line.

    A last line without a line feed was torn by a crash. When it is a whole event, the line
    feed is added; else it is cut off, and its event, never marked as sent, comes again.
    """
    stream.seek(0)
    known: set[str] = set()
    end, line, event_id = 0, b"", _NO_EVENT
    for line in stream:
        event_id = _id_of_line(line)
        known.add(event_id)
        end += len(line)
    if line and not line.endswith(b"\n"):
        if event_id == _NO_EVENT:
            stream.truncate(end - len(line))
        else:
            stream.write(b"\n")
    return known


def _id_of_line(line: bytes) -> str:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return _NO_EVENT
    return str(event.get("id", _NO_EVENT)) if isinstance(event, dict) else _NO_EVENT
