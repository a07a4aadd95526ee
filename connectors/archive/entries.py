"""Feed entries and what became of each: pending, then read, skipped or failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    not_,
    or_,
    select,
    type_coerce,
    update,
)

from connectors.archive.column_types import InstantColumn
from connectors.archive.dead_letters import DeadLetters
from connectors.archive.store import (
    Store,
    columns_of,
    covers,
    in_chunks,
    insert_into,
    reading,
    values_of,
    writing,
)
from connectors.archive.tables import EntryStatus, entries
from schemas.base import Instant
from schemas.feed import FeedEntry
from schemas.outcome import TRANSIENT, Reason
from transforms.core.ports import EntryStore

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


def _is_retried(at: Instant) -> ColumnElement[bool]:
    """The condition that the next run tries again what it did not get."""
    day_before = Instant(micros=at.micros - _FIRST_DAY_SECONDS * 1_000_000)
    is_young = entries.c.seen_at > day_before
    is_left = or_(entries.c.attempts < MAX_ATTEMPTS, is_young)
    return or_(and_(_MAY_PASS, is_left), _IS_GATED_RETRIED)


def _is_missed(at: Instant, watches: Sequence[str]) -> ColumnElement[bool]:
    """The condition that an entry of late was settled, but not for all of ``watches``, and that
    no other entry for its article was, or is on the way to be.
    """
    week_before = Instant(micros=at.micros - _MISSED_SECONDS * 1_000_000)
    other = entries.alias()
    is_elsewhere = exists().where(
        other.c.canonical_url == entries.c.canonical_url,
        other.c.canonical_url != "",
        other.c.id != entries.c.id,
        or_(other.c.status == "pending", covers(other.c.watches, watches)),
    )
    is_uncovered = and_(_IS_SETTLED, not_(covers(entries.c.watches, watches)))
    return and_(is_uncovered, entries.c.seen_at > week_before, not_(is_elsewhere))


def _later(at: Any) -> ColumnElement[Instant]:
    """Times of pages may lie before those of polls; ``updated_at`` never goes back."""
    return case(
        (entries.c.updated_at > at, entries.c.updated_at), else_=type_coerce(at, InstantColumn)
    )


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
        updated_at=_later(bindparam("at", type_=InstantColumn)),
    )
)
_SETTLED_FOR = select(entries.c.id, entries.c.watches)
_OLDEST_FIRST = (entries.c.seen_at, entries.c.stated_published_at.asc().nulls_first(), entries.c.id)


class Settled(NamedTuple):
    """An entry that was read to an end, and how."""

    entry_id: str
    status: EntryStatus
    at: Instant
    reason: Reason | None = None
    copy_of: str | None = None


class Entries(Store, EntryStore):
    """Entries of feeds, of queues and given by hand, and what became of each."""

    @writing
    def add(self, listed: Sequence[FeedEntry], at: Instant) -> None:
        """Record the entries that are not known by id: pending, or skipped as duplicates of one
        that is pending or was settled for all of the archive's watches.
        """
        known = self._known(entries.c.id, [entry.id for entry in listed])
        self._read_again([entry for entry in listed if entry.id in known], at)
        fresh = {entry.id: entry for entry in listed if entry.id not in known}.values()
        counts = and_(
            _MAY_COUNT, or_(entries.c.status == "pending", covers(entries.c.watches, self._watches))
        )
        taken = self._known(entries.c.canonical_url, [e.canonical_url for e in fresh], counts)
        rows = []
        for entry in fresh:
            is_duplicate = entry.canonical_url != "" and entry.canonical_url in taken
            taken.add(entry.canonical_url)
            rows.append(_row(entry, at, "duplicate_entry" if is_duplicate else None))
        self._put(entries, rows)

    def _read_again(self, listed: Sequence[FeedEntry], at: Instant) -> None:
        """Set pending what was settled and is now listed with a later time: a live page, a
        correction.

        Only young entries, each a limited number of times: some feeds move every time at every
        poll.
        """
        times = {e.id: e.stated_published_at for e in listed if e.stated_published_at is not None}
        settled = select(entries.c.id, entries.c.stated_published_at).where(
            entries.c.status.in_(["read", "skipped", "failed"]),
            entries.c.reason.not_in(["duplicate_entry", "published"]),
            entries.c.seen_at > at - _MISSED_SECONDS,
            entries.c.attempts < MAX_READINGS,
        )
        for id_, stated in list(self._among(settled, entries.c.id, times)):
            if stated is not None and times[id_] > stated:
                moved = update(entries).where(entries.c.id == id_)
                self._execute(moved.values(stated_published_at=times[id_], **_due_again(at)))

    @reading
    def known(self, listed: Sequence[FeedEntry]) -> tuple[set[str], set[str]]:
        """The ids, and the canonical URLs, of those of one feed's entries that it listed before."""
        if not listed:
            return set(), set()
        of_feed = entries.c.feed_url == listed[0].feed_url
        return (
            self._known(entries.c.id, [entry.id for entry in listed]),
            self._known(entries.c.canonical_url, [e.canonical_url for e in listed], of_feed),
        )

    @writing
    def claim_due(self, feed_urls: Sequence[str], at: Instant) -> list[FeedEntry]:
        """Set the feeds' entries pending that are tried again, or were read for other watches
        only; all their pending ones, oldest seen first.
        """
        found: list[FeedEntry] = []
        for part in in_chunks(feed_urls):
            of_feeds = entries.c.feed_url.in_(part)
            is_due = and_(of_feeds, or_(_is_retried(at), _is_missed(at, self._watches)))
            self._execute(update(entries).where(is_due).values(_due_again(at)))
            due = select(*_COLUMNS).where(of_feeds, entries.c.status == "pending")
            found += self._rows(FeedEntry, due.order_by(*_OLDEST_FIRST))
        return found

    @writing
    def record_input(self, given: Sequence[FeedEntry]) -> None:
        """Record entries that were given by hand as pending, those read before again."""
        once = {entry.id: entry for entry in given}.values()
        if rows := [_row(entry, entry.seen_at) for entry in once]:
            insert = insert_into(self._dialect, entries)
            again = _due_again(insert.excluded.updated_at)
            self._execute(insert.on_conflict_do_update(index_elements=["id"], set_=again), rows)

    @writing
    def accept(self, arrived: Sequence[FeedEntry], at: Instant) -> list[FeedEntry]:
        """Record entries that came by a queue; those of them that are due, each once.

        One that ``poll`` published, from this very archive, has now arrived.
        """
        arrived = self._as_stored(arrived)
        ids = [entry.id for entry in arrived]
        for part in in_chunks(ids):
            published = and_(entries.c.id.in_(part), entries.c.reason == "published")
            self._execute(update(entries).where(published).values(_due_again(at)))
        self.add(arrived, at)
        due = self._known(entries.c.id, ids, entries.c.status == "pending")
        once = {entry.id: entry for entry in arrived}.values()
        return [entry for entry in once if entry.id in due]

    def _as_stored(self, arrived: Sequence[FeedEntry]) -> list[FeedEntry]:
        """The entries, those of a feed and address that are stored as they are stored: who sent
        them knew no ids.
        """
        stored: dict[tuple[str, str], FeedEntry] = {}
        order = (entries.c.reason != "duplicate_entry", entries.c.updated_at, entries.c.id)
        urls = [entry.canonical_url for entry in arrived]
        query = select(*_COLUMNS).order_by(*order)
        for row in self._among(query, entries.c.canonical_url, urls):
            stored[row.feed_url, row.canonical_url] = FeedEntry(*row)
        return [stored.get((entry.feed_url, entry.canonical_url), entry) for entry in arrived]

    @writing
    def claim_left(self, at: Instant, limit: int) -> list[FeedEntry]:
        """Set entries of any feed or queue pending whose failure may pass; those that are, and
        those that a crash left so, oldest seen first. What came by a queue has no feed whose poll
        would bring it again.
        """
        is_left = and_(entries.c.status == "pending", entries.c.updated_at < at - _LEFT_SECONDS)
        order = (entries.c.seen_at, entries.c.id)
        due = select(*_COLUMNS).where(entries.c.feed_url != "", or_(is_left, _is_retried(at)))
        found = self._rows(FeedEntry, due.order_by(*order).limit(limit))
        for part in in_chunks([entry.id for entry in found]):
            self._execute(update(entries).where(entries.c.id.in_(part)).values(_due_again(at)))
        return found

    @writing
    def mark_published(self, entry_ids: Sequence[str], at: Instant) -> None:
        """Mark entries as handed over to a topic, unless they have been read meanwhile."""
        for part in in_chunks(entry_ids):
            handed = and_(entries.c.id.in_(part), entries.c.status == "pending")
            values = {"status": "skipped", "reason": "published", "updated_at": _later(at)}
            self._execute(update(entries).where(handed).values(values))

    @writing
    def settle(self, *settled: Settled) -> None:
        """Mark entries as read or skipped for the archive's watches; failures they had are over."""
        ids = [each.entry_id for each in settled]
        before: dict[str, Sequence[str]] = dict(self._among(_SETTLED_FOR, entries.c.id, ids))
        values = [
            {
                "entry": each.entry_id,
                "to_status": each.status,
                "to_reason": each.reason or "",
                "copy": each.copy_of,
                "at": each.at,
                "settled_for": sorted({*before.get(each.entry_id, ()), *self._watches}),
            }
            for each in settled
            if each.entry_id in before
        ]
        if values:
            self._execute(_SETTLE, values)
        self.within(DeadLetters).remove_of_entry(*ids)

    @writing
    def fail(self, entry_id: str, reason: Reason, at: Instant) -> None:
        """Mark an entry as failed once more."""
        values: dict[str, Any] = {"status": "failed", "reason": reason}
        values |= {"attempts": entries.c.attempts + 1, "updated_at": _later(at)}
        self._execute(update(entries).where(entries.c.id == entry_id).values(values))

    @reading
    def counts(self, since: Instant | None = None) -> dict[tuple[str, str], int]:
        """How many entries, of those touched at or after ``since``, have each (status, reason)."""
        counted = select(entries.c.status, entries.c.reason, func.count())
        if since is not None:
            counted = counted.where(entries.c.updated_at >= since)
        grouped = counted.group_by(entries.c.status, entries.c.reason)
        return {(status, reason): n for status, reason, n in self._execute(grouped)}

    @reading
    def progress(self, since: Instant) -> dict[str, int]:
        """How many entries touched at or after ``since`` have each status, from the index alone."""
        counted = select(entries.c.status, func.count()).where(entries.c.updated_at >= since)
        return {row.status: row[1] for row in self._execute(counted.group_by(entries.c.status))}

    def _known(
        self,
        column: Column[str],
        values: Sequence[str],
        condition: ColumnElement[bool] | None = None,
    ) -> set[str]:
        query = select(column) if condition is None else select(column).where(condition)
        return {row[0] for row in self._among(query, column, values)}


def _due_again(at: Any) -> dict[str, Any]:
    return {"status": "pending", "reason": "", "updated_at": _later(at)}


def _row(entry: FeedEntry, at: Instant, skipped: Reason | None = None) -> dict[str, Any]:
    return {
        **values_of(entries, entry),
        "status": "skipped" if skipped else "pending",
        "reason": skipped or "",
        "attempts": 0,
        "updated_at": at,
    }
