"""Alert events as JSON lines: a file that programs follow, or standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from connectors.files.append import append_new
from connectors.files.whole_files import check_writable, replace_file
from connectors.formats.cloudevents import event_of, json_line, notice_event
from schemas.alert import Bundle
from schemas.base import Instant
from schemas.delivery import Notice

#: As a path.
STANDARD_OUTPUT = "-"


class JsonLinesSink:
    """Writes one Alert event a line, in the order of bundles and of alerts in them.

    Appending, an event that already stands in the file (by its id) is not written again:
    after a crash between the write and the ledger the same alerts come a second time. Otherwise the
    file is replaced in one step, and written though there be no event.
    """

    def __init__(
        self, path: str, *, append: bool, clock: Callable[[], Instant] = Instant.now
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
