"""What failed, until it succeeds or is tried again."""

from __future__ import annotations

import functools

from sqlalchemy import and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import Insert

from connectors.archive.store import (
    Store,
    columns_of,
    insert_into,
    reading,
    values_of,
    writing,
)
from connectors.archive.tables import dead_letters, entries, feeds
from connectors.formats.row_json import field_names
from schemas.outcome import DeadLetter

#: What "dead-letters retry" makes due: failures, and pages behind a wall that may be open now.
_IS_RETRIABLE = or_(
    entries.c.status == "failed", and_(entries.c.status == "skipped", entries.c.reason == "gated")
)
_REMOVE_OF_ENTRY = delete(dead_letters).where(dead_letters.c.entry_id == bindparam("entry"))


class DeadLetters(Store):
    """Failures: one for each step and key, the last."""

    @writing
    def keep(self, dead_letter: DeadLetter) -> bool:
        """Keep the failure, in place of the last of its step and key; False if it is the same."""
        values = values_of(dead_letters, dead_letter)
        return bool(self._execute(_upsert(self._dialect), values).rowcount)

    @writing
    def remove_of_entry(self, *entry_ids: str) -> None:
        """Forget the failures of entries that have come through."""
        if found := [{"entry": entry_id} for entry_id in entry_ids if entry_id]:
            self._execute(_REMOVE_OF_ENTRY, found)

    @writing
    def remove_of_feed(self, feed_url: str) -> None:
        """Forget the failures of a feed that answers again."""
        is_of_feed = and_(dead_letters.c.entry_id == "", dead_letters.c.key == feed_url)
        self._execute(delete(dead_letters).where(is_of_feed))

    @reading
    def all(self) -> list[DeadLetter]:
        """What failed and has not come through since, latest failure first."""
        kept = select(*columns_of(dead_letters, DeadLetter))
        ordered = kept.order_by(dead_letters.c.failed_at.desc(), dead_letters.c.id)
        return self._rows(DeadLetter, ordered)

    @writing
    def retry(self) -> int:
        """Make every failed or gated entry and every failing feed due; how many they are.

        Without its validators a feed must answer in full; one that was muted is asked again.
        """
        retried = select(entries.c.id).where(_IS_RETRIABLE)
        is_of_them = or_(dead_letters.c.entry_id.in_(retried), dead_letters.c.entry_id == "")
        self._execute(delete(dead_letters).where(is_of_them))
        pages = self._execute(
            update(entries)
            .where(_IS_RETRIABLE)
            .values(status="pending", reason="", attempts=0, etag="", last_modified="")
        )
        failing = self._one(select(func.count()).where(feeds.c.failures > 0))
        due_again = {"etag": "", "last_modified": "", "body_hash": "", "is_muted": False}
        due_again |= {"next_poll_at": None, "busy_until": None}
        self._execute(update(feeds).where(feeds.c.failures > 0).values(due_again))
        return int(pages.rowcount) + int(failing)


@functools.cache
def _upsert(dialect: str) -> Insert:
    insert = insert_into(dialect, dead_letters)
    return insert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: insert.excluded[name] for name in field_names(DeadLetter)},
        where=dead_letters.c.failed_at != insert.excluded.failed_at,
    )
