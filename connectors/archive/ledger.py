"""The ledger as the rest of Parley sees it: one method, one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from connectors.archive import alerts as deliveries
from connectors.archive import deliveries as ledger_rows
from connectors.archive import routing as owing
from connectors.archive.alerts import bundled
from connectors.archive.database import Database
from connectors.archive.deliveries import Claim, Composer, GivenUp
from connectors.archive.first_published import with_originals
from connectors.archive.routing import Router
from schemas.alert import Bundle
from schemas.base import Timestamp
from schemas.delivery import Delivery, Notice

#: Alerts routed in one transaction: short ones let other processes in.
_ROUTED_AT_ONCE = 200


class Contents(NamedTuple):
    """What goes out together: bundles, or the notice that there are none."""

    bundles: list[Bundle]
    notices: list[Notice]

    def __bool__(self) -> bool:
        return bool(self.bundles or self.notices)


class Ledger:
    """What is owed to which channel, who is sending it, and what came of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def route(self, watches: Sequence[str], router: Router, at: Timestamp) -> int:
        """Settle which channels are owed the alerts not looked at yet; how many alerts."""
        total = 0
        while True:
            with self._database.writing() as connection:
                routed = owing.route(connection, watches, router, at, _ROUTED_AT_ONCE)
            total += routed
            if routed < _ROUTED_AT_ONCE:
                return total

    def owe_notice(self, notice: Notice, asked: Mapping[str, Sequence[str]]) -> None:
        """Owe a notice to channels, each with the names of its subscriptions; once."""
        with self._database.writing() as connection:
            owing.owe_notice(connection, notice, asked)

    def is_noticed(self, notice_id: str) -> bool:
        """Whether a notice is recorded."""
        with self._database.reading() as connection:
            return owing.is_noticed(connection, notice_id)

    def alert_times(self, watch: str, limit: int) -> list[tuple[Timestamp, str]]:
        """When the watch's latest alerts were raised, and their ids, newest first."""
        with self._database.reading() as connection:
            return deliveries.alert_times(connection, watch, limit)

    def unrouted(self) -> int:
        """How many alerts no delivery has looked at yet."""
        with self._database.reading() as connection:
            return owing.unrouted(connection)

    def is_owed(self, watches: Sequence[str]) -> bool:
        """Whether anything waits to be sent, be it for its time."""
        with self._database.reading() as connection:
            return ledger_rows.is_owed(connection, watches)

    def compose(self, channel: str, watches: Sequence[str], composer: Composer) -> None:
        """Put together what goes out as one message, once and for all."""
        with self._database.writing() as connection:
            ledger_rows.compose(connection, channel, watches, composer)

    def waiting(self, channel: str) -> list[Delivery]:
        """What the channel is owed and has not got, in order of recording."""
        with self._database.reading() as connection:
            return ledger_rows.waiting(connection, channel)

    def all(self) -> list[Delivery]:
        """Every delivery, in order of recording."""
        with self._database.reading() as connection:
            return ledger_rows.all_deliveries(connection)

    def owners(self) -> list[str]:
        """The processes that hold claims."""
        with self._database.reading() as connection:
            return ledger_rows.owners(connection)

    def claim_message(self, channel: str, message: str, claim: Claim) -> Contents:
        """Take a message, unless another process has it: what is in it, or nothing."""
        with self._database.writing() as connection:
            if not ledger_rows.claim(connection, channel, message, claim):
                return Contents([], [])
            return _contents(connection, channel, message, claim.owner)

    def claim_loose(self, channel: str, watches: Sequence[str], claim: Claim) -> Contents:
        """Take all that the channel is owed of the watches and no other process has."""
        with self._database.writing() as connection:
            ledger_rows.claim(connection, channel, "", claim, watches)
            return _contents(connection, channel, "", claim.owner)

    def recent_notices(self, channel: str, watches: Sequence[str], limit: int) -> list[Notice]:
        """The latest notices that a channel was owed, newest first."""
        with self._database.reading() as connection:
            return ledger_rows.recent_notices(connection, channel, watches, limit)

    def mark_sent(self, channel: str, message: str, owner: str, at: Timestamp) -> None:
        """Record that the channel took it."""
        with self._database.writing() as connection:
            ledger_rows.settle(
                connection, channel, message, owner,
                status="sent", error="", sent_at=at, next_try_at=None,
            )  # fmt: skip

    def mark_failed(
        self,
        channel: str,
        message: str,
        owner: str,
        error: str,
        next_try_at: Timestamp | None,
        *,
        is_refused: bool = False,
    ) -> None:
        """Record that it did not, and when it is tried again; None: no more."""
        status = "failed" if next_try_at is not None else "given_up"
        with self._database.writing() as connection:
            ledger_rows.settle(
                connection, channel, message, owner,
                status=status, error=error, next_try_at=next_try_at, is_refused=is_refused,
            )  # fmt: skip

    def hinder(self, channel: str, reason: str) -> int:
        """Note why nothing can be sent there now; how many alerts and notices wait for it."""
        waiting = self.waiting(channel)
        if any(delivery.error != reason for delivery in waiting):
            with self._database.writing() as connection:
                ledger_rows.hinder(connection, channel, reason)
        return len(waiting)

    def move(self, old: str, new: str) -> None:
        """Owe to a channel what another was owed in its place."""
        if self.waiting(old):
            with self._database.writing() as connection:
                ledger_rows.move(connection, old, new)

    def sent_since(self, channel: str, since: Timestamp) -> int:
        """How many messages that count for a budget reached the channel at or after ``since``."""
        with self._database.reading() as connection:
            return ledger_rows.sent_since(connection, channel, since)

    def close_channel(self, channel: str, reason: str, at: Timestamp) -> None:
        """Send nothing more there, until ``retry``."""
        with self._database.writing() as connection:
            ledger_rows.close_channel(connection, channel, reason, at)

    def tell_given_up(self) -> list[GivenUp]:
        """What was given up since the last call, be it by a process that was killed."""
        with self._database.reading() as connection:
            if not ledger_rows.is_any_untold(connection):
                return []  # without waiting for those who write
        with self._database.writing() as connection:
            return ledger_rows.tell_given_up(connection)

    def retry(self) -> int:
        """Make due at once what failed or was given up, on closed channels too; how many."""
        with self._database.writing() as connection:
            return ledger_rows.retry(connection)


def _contents(connection: Connection, channel: str, message: str, owner: str) -> Contents:
    alerts = ledger_rows.alerts_of(connection, channel, message, owner)
    return Contents(
        bundled(with_originals(connection, alerts)),
        ledger_rows.notices_of(connection, channel, message, owner),
    )
