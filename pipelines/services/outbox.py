"""Sending what one remote channel is owed: in order, by the retry plan, each message once."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from connectors.archive import Archive
from connectors.archive.claim_owners import own_name
from connectors.archive.ledger import FREE, Claim, Contents, Ledger
from connectors.channels.registry import Messenger, open_messenger
from connectors.channels.targets import Target
from connectors.formats.humanize import counted
from pipelines.services.digest_summary import digest_summary
from pipelines.settings.run_config import MonitorConfig
from schemas.base import Instant
from schemas.delivery import Deferral, Delivery, Draft, Message
from schemas.errors import ConfigurationError, DeliveryError
from schemas.subscription import Subscription
from transforms.core.delivery.composition import compose, compose_events
from transforms.core.delivery.retries import is_retry_due, next_try
from transforms.core.delivery.schedules import day_begins

#: A next try that is so near is waited for: a blip of seconds does not cost a cron's interval.
PATIENCE_SECONDS = 10.0
_DAY_SECONDS = 86400
#: All such waits of a channel in one run: a receiver that takes one message every few seconds
#: is served for so long, and on in the next run.
LONGEST_WAITS_SECONDS = 120.0
#: How long a process may hold what it sends. Longer than any send takes; a dead process of
#: this machine is found out at once, so this only matters for other machines.
CLAIM_SECONDS = 15 * 60


@dataclass(frozen=True)
class Sending:
    """One process working off one ledger."""

    owner: str = field(default_factory=own_name)
    now: Callable[[], Instant] = Instant.now
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def claim(self, dead_owners: Sequence[str] = ()) -> Claim:
        """A claim that begins now."""
        at = self.now()
        return Claim(self.owner, at, at + CLAIM_SECONDS, tuple(dead_owners))


@dataclass
class Posted:
    """What became of a channel's messages in this run."""

    alert_ids: set[str] = field(default_factory=set)
    messages: int = 0
    #: By message, or the channel if nothing can be sent there: what is to be told.
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outbox:
    """Works off the remote channels of one archive; one call per channel, from any thread."""

    archive: Archive
    watches: Sequence[str]
    config: MonitorConfig
    sending: Sending
    dead_owners: Sequence[str] = ()

    @property
    def ledger(self) -> Ledger:
        """The archive's."""
        return self.archive.ledger

    def work_off(self, target: Target, subscriptions: Sequence[Subscription]) -> Posted:
        """Send what is due to the target, and what is due again in seconds, while it moves."""
        channel = target.channel
        posted = Posted()
        try:
            messenger = messenger_of(target, subscriptions, self.config)
        except ConfigurationError as error:
            if number := self.ledger.hinder(channel, str(error)):
                who, owed = label(channel, subscriptions), counted(number, "delivery", "deliveries")
                posted.failures[channel] = f"{who}: {error}; {owed} kept for it"
            return posted
        self.ledger.compose(channel, self.watches, self._composer(target, subscriptions))
        with contextlib.closing(messenger):
            waited = 0.0
            while True:
                before = posted.messages
                self._pass(channel, subscriptions, messenger, posted)
                again = self._seconds_to_next_try(channel)
                is_moving = posted.messages > before or not waited
                if again is None or again > PATIENCE_SECONDS or not is_moving:
                    break
                waited += max(0.0, again)
                if waited > LONGEST_WAITS_SECONDS:
                    break
                self.sending.sleep(max(0.0, again))
        return posted

    def _composer(
        self, target: Target, subscriptions: Sequence[Subscription]
    ) -> Callable[[Sequence[Delivery]], tuple[Sequence[Draft], Sequence[Deferral]]]:
        now = self.sending.now()
        committed = 0
        if target.traits.is_timed:
            since = day_begins(now, subscriptions[0].timezone)
            waiting = self.ledger.waiting(target.channel)
            unsent = {d.message for d in waiting if d.message and d.kind not in FREE}
            committed = self.ledger.sent_since(target.channel, since) + len(unsent)

        def composer(loose: Sequence[Delivery]) -> tuple[Sequence[Draft], Sequence[Deferral]]:
            if not target.traits.is_timed:
                plan = compose_events(loose)
            else:
                plan = compose(loose, subscriptions, now, committed)
            return plan.drafts, plan.deferred

        return composer

    def _pass(
        self,
        channel: str,
        subscriptions: Sequence[Subscription],
        messenger: Messenger,
        posted: Posted,
    ) -> None:
        """Each message that is due, in order, until one shows that the receiver is away."""
        for deliveries in _messages(self.ledger.waiting(channel)):
            first = deliveries[0]
            if not is_retry_due(first.next_try_at, self.sending.now()):
                if first.is_refused:
                    continue  # the receiver takes others
                return
            claim = self.sending.claim(self.dead_owners)
            contents = self.ledger.claim_message(channel, first.message, claim)
            if not contents:
                return  # another process is at it, and keeps the order
            if not self._send(deliveries, contents, subscriptions, messenger, posted):
                return

    def _send(
        self,
        deliveries: Sequence[Delivery],
        contents: Contents,
        subscriptions: Sequence[Subscription],
        messenger: Messenger,
        posted: Posted,
    ) -> bool:
        """Send one message; whether the next may be tried."""
        first = deliveries[0]
        failure = _sent(messenger, self._message(deliveries, contents, subscriptions))
        if failure is not None:
            posted.failures[first.message] = self._failed(first, failure, subscriptions)
            return failure.is_refusal
        self.ledger.mark_sent(first.channel, first.message, self.sending.owner, self.sending.now())
        posted.alert_ids.update(alert.id for bundle in contents.bundles for alert in bundle.alerts)
        posted.failures.pop(first.message, None)
        posted.messages += 1
        return True

    def _message(
        self,
        deliveries: Sequence[Delivery],
        contents: Contents,
        subscriptions: Sequence[Subscription],
    ) -> Message:
        first = deliveries[0]
        names = dict.fromkeys(name for delivery in deliveries for name in delivery.subscriptions)
        budgets = [s.budget for s in subscriptions if s.budget is not None]
        return Message(
            id=first.message,
            kind=first.kind or "bundle",
            bundles=contents.bundles,
            subscriptions=tuple(names),
            budget=min(budgets, default=None),
            summary=self._summary(subscriptions) if first.kind == "digest" else "",
            notice=next(iter(contents.notices), None),
            sent_at=self.sending.now(),
        )

    def _summary(self, subscriptions: Sequence[Subscription]) -> str:
        """What was read in the digest's period."""
        is_daily = any(s.digest is not None and s.digest.every == "day" for s in subscriptions)
        now = self.sending.now()
        return digest_summary(self.archive, now - (1 if is_daily else 7) * _DAY_SECONDS, now)

    def _failed(
        self, first: Delivery, error: DeliveryError, subscriptions: Sequence[Subscription]
    ) -> str:
        """Record the failure; a line that tells it without address or secret, "" if it is final."""
        attempts, now = first.attempts + 1, self.sending.now()
        due = (
            None
            if error.is_gone
            else next_try(
                attempts,
                now,
                jitter=self.sending.jitter(),
                retry_after_seconds=error.retry_after_seconds,
            )
        )
        self.ledger.mark_failed(
            first.channel,
            first.message,
            self.sending.owner,
            error.detail,
            due,
            is_refused=error.is_refusal,
        )
        if error.is_gone:
            self.ledger.close_channel(first.channel, error.detail, now)
        if due is None:
            return ""  # the ledger tells it
        who = f"{label(first.channel, subscriptions)}: {error.detail}"
        return f"{who}; attempt {attempts}, next try {due.to_utc_datetime():%Y-%m-%d %H:%M:%S} UTC"

    def _seconds_to_next_try(self, channel: str) -> float | None:
        tries = [d.next_try_at for d in self.ledger.waiting(channel) if d.status == "failed"]
        soonest = min((at for at in tries if at is not None), default=None)
        if soonest is None:
            return None
        return float((soonest.micros - self.sending.now().micros) / 1e6)


def messenger_of(
    target: Target, subscriptions: Sequence[Subscription], config: MonitorConfig
) -> Messenger:
    """What sends to the target.

    Raises:
        ConfigurationError: something is missing that sending there needs.
    """
    return open_messenger(
        target, subscriptions, mail_server=config.mail_server, allow_hosts=config.allow_hosts
    )


def _sent(messenger: Messenger, message: Message) -> DeliveryError | None:
    """Sends the message; returns what went wrong.

    Whatever else a messenger raises is a refusal of this one message: it must not stop others.
    """
    try:
        messenger.send(message)
    except DeliveryError as error:
        return error
    except Exception as error:
        return DeliveryError(f"unexpected {type(error).__name__}", is_refusal=True)
    return None


def label(channel: str, subscriptions: Sequence[Subscription]) -> str:
    """The names of the subscriptions, and the kind of channel: nothing that may be secret."""
    names = dict.fromkeys(s.name for s in subscriptions)
    return f"{', '.join(names) or 'nobody'} ({channel.partition(':')[0]})"


def _messages(waiting: Sequence[Delivery]) -> list[list[Delivery]]:
    """The deliveries of each message, in order of recording."""
    grouped: dict[str, list[Delivery]] = {}
    for delivery in waiting:
        if delivery.message:
            grouped.setdefault(delivery.message, []).append(delivery)
    return list(grouped.values())
