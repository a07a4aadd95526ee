"""What articles said of people, and what users decided on them."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, delete, or_, select
from sqlalchemy.dialects.sqlite import Insert

from connectors.archive.store import Store, columns_of, insert_into, reading, values_of, writing
from connectors.archive.tables import introductions, rulings
from connectors.formats.row_json import field_names
from schemas.person import Introduction, NameRecord, Ruling
from transforms.core.ports import MAX_INTRODUCTIONS

_OLDEST_FIRST = select(rulings).order_by(rulings.c.ruled_at, rulings.c.id)


class Persons(Store):
    """People by name key: their introductions, and the log of users' decisions."""

    @writing
    def introduce(self, introduced: Sequence[Introduction]) -> None:
        """Upsert introductions; of equal ones the article published last stands."""
        if introduced:
            rows = [values_of(introductions, each) for each in sorted(introduced, key=_id)]
            self._execute(_introduction_upsert(self._dialect), rows)

    @reading
    def name_record(self, name_key: str) -> NameRecord:
        """What is known under a key, and under those that decisions join to it, be it by way of
        others: all of one person's names see the same.
        """
        keys, decided = {name_key}, self._on({name_key})
        while tied := {k for row in decided for k in (row.name_key, row.other_key)} - {"", *keys}:
            keys |= tied
            decided = self._on(keys)
        latest = (
            select(*columns_of(introductions, Introduction))
            .where(introductions.c.name_key.in_(sorted(keys)))
            .order_by(introductions.c.told_at.desc(), introductions.c.article_url.desc())
            .limit(MAX_INTRODUCTIONS)
        )
        introduced = self._rows(Introduction, latest)
        return NameRecord(name_key, introduced, [*map(_decision, decided)])

    def _on(self, keys: Collection[str]) -> Sequence[Row[Any]]:
        is_on = or_(rulings.c.name_key.in_(sorted(keys)), rulings.c.other_key.in_(sorted(keys)))
        found: Sequence[Row[Any]] = self._execute(_OLDEST_FIRST.where(is_on)).all()
        return found

    @writing
    def decide(self, ruling: Ruling, name_key: str, other_key: str = "") -> None:
        """Keep what a user decided on the person of a name, and of the other name if any."""
        keys = {"name_key": name_key, "other_key": other_key}
        self._put(rulings, {**values_of(rulings, ruling), **keys})

    @writing
    def forget(self, note: str) -> None:
        """Remove the decisions of that note: they were a slip."""
        self._execute(delete(rulings).where(rulings.c.note == note))

    @reading
    def name_keys(self) -> list[str]:
        """The keys under which somebody was introduced, in order."""
        key = introductions.c.name_key
        return self._all(select(key).distinct().order_by(key))

    @reading
    def decisions(self) -> list[Ruling]:
        """All that users decided on persons, oldest first."""
        return [*map(_decision, self._execute(_OLDEST_FIRST))]


def _id(introduction: Introduction) -> str:
    return introduction.id


def _decision(row: Row[Any]) -> Ruling:
    return Ruling(*[getattr(row, name) for name in field_names(Ruling)])


@functools.cache
def _introduction_upsert(dialect: str) -> Insert:
    insert = insert_into(dialect, introductions)
    given, kept = insert.excluded, introductions.c
    is_later = or_(
        given.told_at > kept.told_at,
        and_(given.told_at == kept.told_at, given.article_url > kept.article_url),
    )
    changes = {name: given[name] for name in field_names(Introduction) if name != "id"}
    return insert.on_conflict_do_update(index_elements=["id"], set_=changes, where=is_later)
