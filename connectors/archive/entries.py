"""Feed entries and what became of each: pending, then read, skipped or failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    true,
    type_coerce,
    update,
)

from connectors.archive import dead_letters
from connectors.archive.column_types import Instant
from connectors.archive.sql import columns_of, covers, in_chunks, insert_into, upsert, values_of
from connectors.archive.tables import EntryStatus, entries
from schemas.base import Timestamp
from schemas.feed import FeedEntry
from schemas.outcome import TRANSIENT, Reason

#: Runs that try a page whose failure may pass, before it waits for ``dead-letters retry``; but
#: on its first day every run tries: hosts that are down come back within hours, and a run may
#: come every few minutes.
MAX_ATTEMPTS = 5
#: Times that a page is read whose feed says that it has changed.
MAX_READINGS = 24
_FIRST_DAY_SECONDS = 86_400

#: The same for a page behind a wall: robot checks come and go, paywalls stay.
MAX_GATED_ATTEMPTS = 2

#: An entry that has been pending for so long is in nobody's hands: what read it has died.
_LEFT_SECONDS = 3600

_MAY_PASS = and_(entries.c.status == "failed", entries.c.reason.in_(sorted(TRANSIENT)))
_IS_GATED_RETRIED = and_(
    entries.c.status.in_(["failed", "skipped"]),
    entries.c.reason == "gated",
    entries.c.attempts < MAX_GATED_ATTEMPTS,
)
#: An entry that was read for other watches only is due for so long: the age up to which an
#: article alerts, unless a watch says otherwise.
_MISSED_SECONDS = 7 * 86_400
#: An entry that failed may never come through, for its feed may have moved or dropped it; one
#: given by hand that was never read to an end may never be given again. Another entry for
#: their article is not their duplicate; should both be read, the second is known by its text.
_MAY_COUNT = or_(
    and_(entries.c.feed_url != "", entries.c.status == "pending"),
    entries.c.status.in_(["read", "skipped"]),
)
_IS_SETTLED = entries.c.status.in_(["read", "skipped"])
_COLUMNS = columns_of(entries, FeedEntry)


def _is_retried(at: Timestamp) -> ColumnElement[bool]:
    """Whether the next run tries again what it did not get."""
    day_before = Timestamp(micros=at.micros - _FIRST_DAY_SECONDS * 1_000_000)
    is_young = entries.c.seen_at > day_before
    is_left = or_(entries.c.attempts < MAX_ATTEMPTS, is_young)
    return or_(and_(_MAY_PASS, is_left), _IS_GATED_RETRIED)


def _is_missed(at: Timestamp, watches: Sequence[str]) -> ColumnElement[bool]:
    """Whether an entry of late was settled, but not for all of ``watches``; nor is another
    entry for its article, or on the way to be.
    """
    week_before = Timestamp(micros=at.micros - _MISSED_SECONDS * 1_000_000)
    other = entries.alias()
    is_elsewhere = exists().where(
        other.c.canonical_url == entries.c.canonical_url,
        other.c.canonical_url != "",
        other.c.id != entries.c.id,
        or_(other.c.status == "pending", covers(other.c.watches, watches)),
    )
    is_uncovered = and_(_IS_SETTLED, not_(covers(entries.c.watches, watches)))
    return and_(is_uncovered, entries.c.seen_at > week_before, not_(is_elsewhere))


def _later(at: Any) -> ColumnElement[Timestamp]:
    """Times of pages may lie before those of polls; ``updated_at`` never goes back."""
    return case((entries.c.updated_at > at, entries.c.updated_at), else_=type_coerce(at, Instant))


_SETTLE = (
    update(entries)
    .where(entries.c.id == bindparam("entry"))
    .values(
        status=bindparam("to_status"),
        reason=bindparam("to_reason"),
        copy_of=bindparam("copy"),
        watches=bindparam("settled_for", type_=entries.c.watches.type),
        # Told twice, it was one attempt.
        attempts=entries.c.attempts + case((entries.c.status == "pending", 1), else_=0),
        updated_at=_later(bindparam("at", type_=Instant)),
    )
)
_SETTLED_FOR = select(entries.c.watches).where(entries.c.id == bindparam("entry"))


def add(
    connection: Connection, listed: Sequence[FeedEntry], at: Timestamp, watches: Sequence[str]
) -> None:
    """Record the entries that are not known by id: pending, or skipped as duplicates of one
    that is pending or was settled for all of ``watches``.
    """
    known = _known(connection, entries.c.id, [entry.id for entry in listed])
    _read_again(connection, [entry for entry in listed if entry.id in known], at)
    fresh = {entry.id: entry for entry in listed if entry.id not in known}.values()
    counts = and_(
        _MAY_COUNT, or_(entries.c.status == "pending", covers(entries.c.watches, watches))
    )
    taken = _known(connection, entries.c.canonical_url, [e.canonical_url for e in fresh], counts)
    rows = []
    for entry in fresh:
        is_duplicate = entry.canonical_url != "" and entry.canonical_url in taken
        taken.add(entry.canonical_url)
        rows.append(_row(entry, at, "duplicate_entry" if is_duplicate else None))
    if rows:
        connection.execute(upsert(connection.dialect.name, entries), rows)


def _read_again(connection: Connection, listed: Sequence[FeedEntry], at: Timestamp) -> None:
    """Set pending what was settled and is now listed with a later time: a live page, a correction.

    Only young entries, and each so many times: some feeds move every time at every poll.
    """
    times = {e.id: e.stated_published_at for e in listed if e.stated_published_at is not None}
    week_before = at - _MISSED_SECONDS
    for part in in_chunks(sorted(times)):
        settled = select(entries.c.id, entries.c.stated_published_at).where(
            entries.c.id.in_(part),
            entries.c.status.in_(["read", "skipped", "failed"]),
            entries.c.reason.not_in(["duplicate_entry", "published"]),
            entries.c.seen_at > week_before,
            entries.c.attempts < MAX_READINGS,
        )
        for id_, stated in connection.execute(settled).all():
            if stated is not None and times[id_] > stated:
                again = {"status": "pending", "reason": "", "updated_at": _later(at)}
                moved = update(entries).where(entries.c.id == id_)
                connection.execute(moved.values(stated_published_at=times[id_], **again))


def known(connection: Connection, listed: Sequence[FeedEntry]) -> tuple[set[str], set[str]]:
    """The ids, and the canonical URLs, of those of one feed's entries that it listed before."""
    if not listed:
        return set(), set()
    of_feed = entries.c.feed_url == listed[0].feed_url
    return (
        _known(connection, entries.c.id, [entry.id for entry in listed]),
        _known(connection, entries.c.canonical_url, [e.canonical_url for e in listed], of_feed),
    )


def claim_due(
    connection: Connection, feed_urls: Sequence[str], at: Timestamp, watches: Sequence[str]
) -> list[FeedEntry]:
    """Set the feeds' entries pending that are tried again, or were read for other watches
    only; all their pending ones, oldest seen first.
    """
    order = (entries.c.seen_at, entries.c.stated_published_at.asc().nulls_first(), entries.c.id)
    found: list[FeedEntry] = []
    for part in in_chunks(feed_urls):
        of_feeds = entries.c.feed_url.in_(part)
        is_due = and_(of_feeds, or_(_is_retried(at), _is_missed(at, watches)))
        connection.execute(
            update(entries).where(is_due).values(status="pending", reason="", updated_at=_later(at))
        )
        due = select(*_COLUMNS).where(of_feeds, entries.c.status == "pending").order_by(*order)
        found.extend(FeedEntry(*row) for row in connection.execute(due))
    return found


def add_input(connection: Connection, given: Sequence[FeedEntry]) -> None:
    """Record entries that were given by hand as pending, those read before again."""
    rows = [_row(entry, entry.seen_at) for entry in {entry.id: entry for entry in given}.values()]
    if not rows:
        return
    insert = insert_into(connection.dialect.name, entries)
    again = {"status": "pending", "reason": "", "updated_at": _later(insert.excluded.updated_at)}
    connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=again), rows)


def accept(
    connection: Connection, given: Sequence[FeedEntry], at: Timestamp, watches: Sequence[str]
) -> list[FeedEntry]:
    """Record entries that came by a queue; those of them that are due, each once.

    One that ``poll`` handed on, in this very archive, has now arrived.
    """
    given = _as_held(connection, given)
    ids = [entry.id for entry in given]
    for part in in_chunks(ids):
        arrived = and_(entries.c.id.in_(part), entries.c.reason == "published")
        due_again = {"status": "pending", "reason": "", "updated_at": _later(at)}
        connection.execute(update(entries).where(arrived).values(due_again))
    add(connection, given, at, watches)
    due = _known(connection, entries.c.id, ids, entries.c.status == "pending")
    return [entry for entry in {entry.id: entry for entry in given}.values() if entry.id in due]


def _as_held(connection: Connection, given: Sequence[FeedEntry]) -> list[FeedEntry]:
    """The entries, those of a feed and address that the archive holds as it holds them: who
    sent them knew no ids.
    """
    held: dict[tuple[str, str], FeedEntry] = {}
    order = (entries.c.reason != "duplicate_entry", entries.c.updated_at, entries.c.id)
    for part in in_chunks(sorted({entry.canonical_url for entry in given})):
        of_them = select(*_COLUMNS).where(entries.c.canonical_url.in_(part)).order_by(*order)
        found = (FeedEntry(*row) for row in connection.execute(of_them))
        held.update({(entry.feed_url, entry.canonical_url): entry for entry in found})
    return [held.get((entry.feed_url, entry.canonical_url), entry) for entry in given]


def claim_left(connection: Connection, at: Timestamp, limit: int) -> list[FeedEntry]:
    """Set entries pending whose failure may pass; those that are, and those that a crash left
    so, oldest seen first. What came by a queue has no feed whose poll would bring it again.
    """
    is_left = and_(entries.c.status == "pending", entries.c.updated_at < at - _LEFT_SECONDS)
    order = (entries.c.seen_at, entries.c.id)
    due = select(*_COLUMNS).where(entries.c.feed_url != "", or_(is_left, _is_retried(at)))
    found = [FeedEntry(*row) for row in connection.execute(due.order_by(*order).limit(limit))]
    for part in in_chunks([entry.id for entry in found]):
        claimed = update(entries).where(entries.c.id.in_(part))
        connection.execute(claimed.values(status="pending", reason="", updated_at=_later(at)))
    return found


def mark_published(connection: Connection, entry_ids: Sequence[str], at: Timestamp) -> None:
    """Mark entries as handed on, unless they have been read meanwhile."""
    for part in in_chunks(entry_ids):
        handed = and_(entries.c.id.in_(part), entries.c.status == "pending")
        values = {"status": "skipped", "reason": "published", "updated_at": _later(at)}
        connection.execute(update(entries).where(handed).values(values))


def settle(
    connection: Connection,
    entry_id: str,
    status: EntryStatus,
    at: Timestamp,
    *,
    watches: Sequence[str],
    reason: Reason | None = None,
    copy_of: str | None = None,
) -> None:
    """Mark an entry as read or skipped for these watches; failures it had are over."""
    before = connection.execute(_SETTLED_FOR, {"entry": entry_id}).scalar() or ()
    values = {"to_status": status, "to_reason": reason or "", "copy": copy_of, "at": at}
    values["settled_for"] = sorted({*before, *watches})
    connection.execute(_SETTLE, {"entry": entry_id, **values})
    dead_letters.remove_of_entry(connection, entry_id)


def fail(connection: Connection, entry_id: str, reason: Reason, at: Timestamp) -> None:
    """Mark an entry as failed once more."""
    values: dict[str, Any] = {"status": "failed", "reason": reason}
    values["attempts"] = entries.c.attempts + 1
    connection.execute(
        update(entries).where(entries.c.id == entry_id).values(updated_at=_later(at), **values)
    )


def counts(connection: Connection, since: Timestamp | None) -> dict[tuple[str, str], int]:
    """How many entries have each status and reason, of those touched at or after ``since``."""
    counted = select(entries.c.status, entries.c.reason, func.count())
    if since is not None:
        counted = counted.where(entries.c.updated_at >= since)
    grouped = counted.group_by(entries.c.status, entries.c.reason)
    return {(status, reason): n for status, reason, n in connection.execute(grouped)}


def progress(connection: Connection, since: Timestamp) -> dict[str, int]:
    """How many entries touched at or after ``since`` have each status, from the index alone."""
    counted = select(entries.c.status, func.count()).where(entries.c.updated_at >= since)
    return {row.status: row[1] for row in connection.execute(counted.group_by(entries.c.status))}


def _row(entry: FeedEntry, at: Timestamp, skipped: Reason | None = None) -> dict[str, Any]:
    return {
        **values_of(entries, entry),
        "status": "skipped" if skipped else "pending",
        "reason": skipped or "",
        "attempts": 0,
        "updated_at": at,
    }


def _known(
    connection: Connection,
    column: Column[str],
    values: Sequence[str],
    condition: ColumnElement[bool] | None = None,
) -> set[str]:
    found: set[str] = set()
    for part in in_chunks(sorted(set(values))):
        known = select(column).where(column.in_(part), true() if condition is None else condition)
        found.update(connection.execute(known).scalars())
    return found
