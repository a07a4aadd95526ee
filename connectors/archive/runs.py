"""Runs of the program: when, what, and how they ended."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from connectors.archive.sql import upsert
from connectors.archive.tables import runs
from schemas.base import Timestamp


class Run(NamedTuple):
    """One run; without an end if it is still going, or was killed."""

    id: str
    started_at: Timestamp
    ended_at: Timestamp | None
    command: str
    runner: str
    watches: tuple[str, ...]
    summary: dict[str, Any] | None


def begin(connection: Connection, run: Run) -> None:
    """Record that a run begins."""
    connection.execute(upsert(connection.dialect.name, runs), run._asdict())


def end(connection: Connection, run_id: str, at: Timestamp, summary: dict[str, Any]) -> None:
    """Record that it ended, and how."""
    ended = update(runs).where(runs.c.id == run_id).values(ended_at=at, summary=summary)
    connection.execute(ended)


def listed(connection: Connection) -> list[Run]:
    """All runs, latest first."""
    columns = [runs.c[name] for name in Run._fields]
    latest = select(*columns).order_by(runs.c.started_at.desc(), runs.c.id)
    return [Run(*row) for row in connection.execute(latest)]
