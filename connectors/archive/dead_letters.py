"""What failed, until it succeeds or is tried again."""

from __future__ import annotations

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, update

from connectors.archive.sql import columns_of, insert_into, values_of
from connectors.archive.tables import dead_letters, entries, feeds
from schemas.outcome import DeadLetter

#: What "dead-letters retry" makes due: failures, and pages behind a wall that may be open now.
_IS_RETRIABLE = or_(
    entries.c.status == "failed", and_(entries.c.status == "skipped", entries.c.reason == "gated")
)

_REMOVE_OF_ENTRY = delete(dead_letters).where(dead_letters.c.entry_id == bindparam("entry"))


def store(connection: Connection, dead_letter: DeadLetter) -> bool:
    """Keep the failure, in place of the last of its step and key; False if it is the same."""
    insert = insert_into(connection.dialect.name, dead_letters)
    values = values_of(dead_letters, dead_letter)
    upsert = insert.on_conflict_do_update(
        index_elements=["id"],
        set_={name: insert.excluded[name] for name in values},
        where=dead_letters.c.failed_at != insert.excluded.failed_at,
    )
    return connection.execute(upsert, values).rowcount > 0


def remove_of_entry(connection: Connection, entry_id: str) -> None:
    """Forget the failures of an entry that has come through."""
    if entry_id:
        connection.execute(_REMOVE_OF_ENTRY, {"entry": entry_id})


def remove_of_feed(connection: Connection, feed_url: str) -> None:
    """Forget the failures of a feed that answers again."""
    is_of_feed = and_(dead_letters.c.entry_id == "", dead_letters.c.key == feed_url)
    connection.execute(delete(dead_letters).where(is_of_feed))


def listed(connection: Connection) -> list[DeadLetter]:
    """All that are kept, latest failure first."""
    kept = select(*columns_of(dead_letters, DeadLetter))
    ordered = kept.order_by(dead_letters.c.failed_at.desc(), dead_letters.c.id)
    return [DeadLetter(*row) for row in connection.execute(ordered)]


def retry(connection: Connection) -> int:
    """Make every failed or gated entry and every failing feed due; how many they are.

    Without its validators a feed must answer in full; one that was muted is asked again.
    """
    retried = select(entries.c.id).where(_IS_RETRIABLE)
    is_of_them = or_(dead_letters.c.entry_id.in_(retried), dead_letters.c.entry_id == "")
    connection.execute(delete(dead_letters).where(is_of_them))
    pages = connection.execute(
        update(entries).where(_IS_RETRIABLE).values(status="pending", reason="", attempts=0)
    )
    failing = connection.execute(select(func.count()).where(feeds.c.failures > 0)).scalar_one()
    due_again = {"etag": "", "last_modified": "", "body_hash": "", "is_muted": False}
    due_again |= {"next_poll_at": None, "busy_until": None}
    connection.execute(update(feeds).where(feeds.c.failures > 0).values(due_again))
    return pages.rowcount + int(failing)
