"""A method of a store is a transaction, or part of the one that it is called in."""

from __future__ import annotations

import pytest

from connectors.archive import Archive
from connectors.archive.runs import Runs
from connectors.archive.store import writing
from support.dossiers import NOON


class Twice(Runs):
    @writing
    def begin_two(self, other: str) -> None:
        self.begin("one", NOON, "run", "local", ())
        self.within(Runs).begin(other, NOON, "run", "local", ())
        if other == "broken":
            raise RuntimeError("killed")


def test_methods_called_within_another_are_kept_or_lost_with_it(archive: Archive) -> None:
    twice = Twice(archive.database, {})
    with pytest.raises(RuntimeError, match="killed"):
        twice.begin_two("broken")
    assert archive.runs.all() == []
    twice.begin_two("two")
    assert {run.id for run in archive.runs.all()} == {"one", "two"}


def test_a_statement_outside_any_transaction_is_refused(archive: Archive) -> None:
    with pytest.raises(RuntimeError, match="outside any transaction"):
        archive.runs._put(None, [{}])  # type: ignore[arg-type]


def test_a_store_joins_the_transaction_of_another(archive: Archive) -> None:
    with archive.feeds.transaction(writes=True) as feeds:
        runs = feeds.within(Runs)
        runs.begin("one", NOON, "run", "local", ())
        assert [run.id for run in runs.all()] == ["one"]
        assert archive.runs.all() == []  # another connection does not see it yet
