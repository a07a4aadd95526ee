"""Lines added to a file, each once."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

_NO_EVENT = ""  # in place of an event's id


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
