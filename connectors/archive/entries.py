"""Feed entries and what became of each: pending, then read, skipped or failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
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
from transforms.core.articles.rereading import seconds_to_next
from transforms.core.ports import EntryStore

#: Runs that try a page whose failure may pass, before it waits for ``dead-letters retry``; but
#: on its first day every run tries: hosts that are down come back within hours, and a run may
#: come every few minutes.
MAX_ATTEMPTS = 5
#: Times that a page is read whose feed says that it has changed. Some feeds say so at every poll,
#: so that after a few readings there is a while between them.
MAX_READINGS = 24
_FREE_READINGS = 4
_PAUSE_SECONDS = 900
_FIRST_DAY_SECONDS = 86_400

#: An entry that has been pending for so long is in nobody's hands: what read it has died.
_LEFT_SECONDS = 3600

_MAY_PASS = and_(entries.c.status == "failed", entries.c.reason.in_(sorted(TRANSIENT)))
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
#: In the very words of the index that knows them.
_IS_ORIGINAL = entries.c.reason != literal_column("'duplicate_entry'")
_COLUMNS = columns_of(entries, FeedEntry)


def _is_retried(at: Instant) -> ColumnElement[bool]:
    """The condition that the next run tries again what it did not get."""
    day_before = Instant(micros=at.micros - _FIRST_DAY_SECONDS * 1_000_000)
    is_young = entries.c.seen_at > day_before
    is_left = or_(entries.c.attempts < MAX_ATTEMPTS, is_young)
    is_planned = and_(entries.c.status != "pending", entries.c.read_again_at <= at)
    return or_(and_(_MAY_PASS, is_left), is_planned)


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
        other.c.reason != literal_column("'duplicate_entry'"),
        or_(other.c.status == "pending", covers(other.c.watches, watches)),
    )
    is_uncovered = and_(_IS_SETTLED, not_(covers(entries.c.watches, watches)))
    return and_(is_uncovered, entries.c.seen_at > week_before, not_(is_elsewhere))


def _later(at: Any) -> ColumnElement[Instant]:
    """Times of pages may lie before those of polls; ``updated_at`` never goes back."""
    return case(
        (entries.c.updated_at > at, entries.c.updated_at), else_=type_coerce(at, InstantColumn)
    )


def _again_after(at: Any) -> ColumnElement[Instant]:
    """When the next reading is due after one at ``at``; NULL if the statement's wait is."""
    wait = bindparam("wait", type_=BigInteger)
    return type_coerce(type_coerce(_later(at), BigInteger) + wait, InstantColumn)


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
        read_again_at=_again_after(bindparam("at", type_=InstantColumn)),
        content=case((bindparam("is_over"), ""), else_=entries.c.content),
        etag=case((bindparam("is_same"), entries.c.etag), else_=bindparam("its_etag")),
        last_modified=case(
            (bindparam("is_same"), entries.c.last_modified), else_=bindparam("its_date")
        ),
    )
)
_BEFORE = select(
    entries.c.id, entries.c.watches, entries.c.read_again_at, entries.c.planned_readings
)
#: What a feed may say otherwise of an entry later.
_CHANGING = ("title", "summary", "content", "revision")
_VALIDATORS = ("etag", "last_modified")
_OLDEST_FIRST = (entries.c.seen_at, entries.c.stated_published_at.asc().nulls_first(), entries.c.id)


class Settled(NamedTuple):
    """An entry that was read to an end, and how."""

    entry_id: str
    status: EntryStatus
    at: Instant
    reason: Reason | None = None
    copy_of: str | None = None
    is_provisional: bool = False
    is_alerted: bool = False  #: at this reading or before
    etag: str = ""
    last_modified: str = ""


class Entries(Store, EntryStore):
    """Entries of feeds, of queues and given by hand, and what became of each."""

    @writing
    def add(self, listed: Sequence[FeedEntry], at: Instant) -> None:
        """Record the entries that are not known by id: pending, or skipped as duplicates of one
        that is pending or was settled for all of the archive's watches.
        """
        known = self._having(entries.c.id, [entry.id for entry in listed])
        self._read_again([entry for entry in listed if entry.id in known], at)
        fresh = {entry.id: entry for entry in listed if entry.id not in known}.values()
        counts = and_(
            _MAY_COUNT, or_(entries.c.status == "pending", covers(entries.c.watches, self._watches))
        )
        taken = self._having(
            entries.c.canonical_url, [e.canonical_url for e in fresh], _IS_ORIGINAL, counts
        )
        rows = []
        for entry in fresh:
            is_duplicate = entry.canonical_url != "" and entry.canonical_url in taken
            taken.add(entry.canonical_url)
            rows.append(_row(entry, at, "duplicate_entry" if is_duplicate else None))
        self._put(entries, rows)

    def _read_again(self, listed: Sequence[FeedEntry], at: Instant) -> None:
        """Set pending what was settled and is now listed otherwise, with a later time or other
        words: a live page, a correction.

        Only young entries, each a limited number of times: some feeds move every time at every
        poll.
        """
        now = {entry.id: entry for entry in listed}
        is_rested = or_(
            entries.c.attempts < _FREE_READINGS, entries.c.updated_at <= at - _PAUSE_SECONDS
        )
        settled = select(*_COLUMNS).where(
            entries.c.status.in_(["read", "skipped", "failed"]),
            entries.c.reason.not_in(["duplicate_entry", "published"]),
            entries.c.seen_at > at - _MISSED_SECONDS,
            entries.c.attempts < MAX_READINGS,
            is_rested,
        )
        for row in list(self._among(settled, entries.c.id, now)):
            entry = now[row.id]
            if _has_changed(FeedEntry(*row), entry):
                changed = {name: getattr(entry, name) for name in _CHANGING}
                changed["stated_published_at"] = (
                    entry.stated_published_at or row.stated_published_at
                )
                moved = update(entries).where(entries.c.id == entry.id)
                self._execute(moved.values(planned_readings=0, **changed, **_due_again(at)))

    @reading
    def known(self, listed: Sequence[FeedEntry]) -> tuple[set[str], set[str]]:
        """The ids, and the canonical URLs, of those of one feed's entries that it listed before."""
        if not listed:
            return set(), set()
        of_feed = entries.c.feed_url == listed[0].feed_url
        return (
            self._having(entries.c.id, [entry.id for entry in listed]),
            self._having(entries.c.canonical_url, [e.canonical_url for e in listed], of_feed),
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
            self._execute(update(entries).where(is_due).values(self._claimed(at)))
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
        due = self._having(entries.c.id, ids, entries.c.status == "pending")
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
            self._execute(update(entries).where(entries.c.id.in_(part)).values(self._claimed(at)))
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
        before = {row.id: row for row in self._among(_BEFORE, entries.c.id, ids)}
        values = [
            self._settled(each, before[each.entry_id])
            for each in settled
            if each.entry_id in before
        ]
        if values:
            self._execute(_SETTLE, values)
        self.within(DeadLetters).remove_of_entry(*ids)

    def _settled(self, settled: Settled, before: Any) -> dict[str, Any]:
        wait = _wait(settled, before)
        return {
            "entry": settled.entry_id,
            "to_status": settled.status,
            "to_reason": settled.reason or "",
            "copy": settled.copy_of,
            "at": settled.at,
            "settled_for": sorted({*before.watches, *self._watches}),
            "wait": wait,
            "is_over": wait is None,
            "is_same": settled.reason == "unchanged",
            "its_etag": settled.etag,
            "its_date": settled.last_modified,
        }

    @writing
    def fail(self, entry_id: str, reason: Reason, at: Instant) -> None:
        """Mark an entry as failed once more."""
        values: dict[str, Any] = {"status": "failed", "reason": reason}
        values |= {"attempts": entries.c.attempts + 1, "updated_at": _later(at)}
        values["read_again_at"] = _again_after(at)
        failed = Settled(entry_id, "failed", at, reason)
        for before in list(self._among(_BEFORE, entries.c.id, [entry_id])):
            row = update(entries).where(entries.c.id == entry_id)
            self._execute(row.values(values), {"wait": _wait(failed, before)})

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

    def _claimed(self, at: Instant) -> dict[str, Any]:
        """The values of an entry that is read again; for other watches its page comes whole."""
        is_planned = entries.c.read_again_at <= at
        is_covered = covers(entries.c.watches, self._watches)
        kept = {name: case((is_covered, entries.c[name]), else_="") for name in _VALIDATORS}
        done = entries.c.planned_readings + case((is_planned, 1), else_=0)
        return {**_due_again(at), **kept, "planned_readings": done}


def _wait(settled: Settled, before: Any) -> int | None:
    """Microseconds to the next reading of a page that was just read; None for no other."""
    seconds = seconds_to_next(
        settled.reason,
        before.planned_readings,
        is_provisional=settled.is_provisional,
        is_alerted=settled.is_alerted,
        is_planned=before.read_again_at is not None,
    )
    return None if seconds is None else seconds * 1_000_000


def _has_changed(before: FeedEntry, now: FeedEntry) -> bool:
    """Whether the feed says another thing of an entry than it did; a gap says nothing."""
    is_reworded = bool(before.revision and now.revision) and before.revision != now.revision
    then, stated = before.stated_published_at, now.stated_published_at
    return is_reworded or (then is not None and stated is not None and stated > then)


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
