"""Progress of a run on standard error: a bar on a terminal, lines when piped."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bar

from connectors.archive import open_archive
from schemas.base import Instant
from schemas.errors import ParleyError

#: How often the archive is asked, in seconds.
INTERVAL = 0.5
#: How often a line is written when standard error is no terminal, in seconds.
LINE_INTERVAL = 15.0


class Progress:
    """Shows, from a thread of its own, how many entries have been read.

    The stages know nothing of it: what they have done stands in the archive.
    """

    def __init__(self, archive_url: str, console: Console) -> None:
        self._url, self._console = archive_url, console
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="progress", daemon=True)

    def __enter__(self) -> Progress:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _watch(self) -> None:
        since = Instant.now()
        try:
            with contextlib.closing(open_archive(self._url)) as archive:
                show = self._bar if self._console.is_terminal else self._lines
                show(lambda: archive.entries.progress(since))
        except ParleyError:
            return  # the run itself tells what is wrong with the archive

    def _bar(self, counts: Callable[[], dict[str, int]]) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
        )
        with Bar(*columns, console=self._console, transient=True) as bar:
            task = bar.add_task("polling feeds", total=None)
            while not self._stop.wait(INTERVAL):
                done, total = _done(counts())
                if total:
                    bar.update(task, description="reading", completed=done, total=total)

    def _lines(self, counts: Callable[[], dict[str, int]]) -> None:
        while not self._stop.wait(LINE_INTERVAL):
            done, total = _done(counts())
            self._console.print(f"read {done} of {total} entries" if total else "polling feeds")


def _done(counts: dict[str, int]) -> tuple[int, int]:
    """How many entries are through, and how many there are to read."""
    total = sum(counts.values())
    return total - counts.get("pending", 0), total
