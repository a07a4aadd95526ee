"""Runs of the program: when, what, and how they ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select, update

from connectors.archive.store import Store, reading, writing
from connectors.archive.tables import runs, watch_files
from connectors.formats.sanitizing import without_passwords
from schemas.base import Instant


class Run(NamedTuple):
    """One run; without an end if it is still going, or was killed."""

    id: str
    started_at: Instant
    ended_at: Instant | None
    command: str
    runner: str
    watches: tuple[str, ...]
    summary: dict[str, Any] | None


class Runs(Store):
    """The log of runs, and where the watches stood that they were for."""

    @writing
    def begin(
        self, id_: str, at: Instant, command: str, runner: str, watches: Sequence[str]
    ) -> None:
        """Record that a run begins; no password that its command holds is kept."""
        run = Run(id_, at, None, without_passwords(command), runner, tuple(watches), None)
        self._put(runs, run._asdict())

    @writing
    def end(self, run_id: str, at: Instant, summary: dict[str, Any]) -> None:
        """Record that it ended, and how."""
        ended = update(runs).where(runs.c.id == run_id)
        self._execute(ended.values(ended_at=at, summary=summary))

    @reading
    def all(self) -> list[Run]:
        """All runs, latest first."""
        columns = [runs.c[name] for name in Run._fields]
        latest = select(*columns).order_by(runs.c.started_at.desc(), runs.c.id)
        return self._rows(Run, latest)

    @writing
    def remember_watch_file(self, watch: str, reference: str, subscriptions: str) -> None:
        """Keep the watch's file or name, and the file of subscriptions given beside it, for
        ``parley deliver``.
        """
        place = {"watch": watch, "reference": reference, "subscriptions": subscriptions}
        self._put(watch_files, place, "reference", "subscriptions")

    @reading
    def watch_files(self) -> dict[str, tuple[str, str]]:
        """Both, as last used, by the watch's id."""
        rows = self._execute(select(watch_files).order_by(watch_files.c.watch))
        return {watch: (reference, subscriptions) for watch, reference, subscriptions in rows}
