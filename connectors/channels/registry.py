"""Ways to send a message to one receiver, each behind the same call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from rich.console import Console

from connectors.channels.atom import AtomSink
from connectors.channels.json_feed import JsonFeedSink
from connectors.channels.json_lines import JsonLinesSink
from connectors.channels.mail import MailMessenger, MailServer
from connectors.channels.targets import Target, unset_variable
from connectors.channels.terminal import TerminalSink
from connectors.channels.webhook import WebhookMessenger
from connectors.pubsub.messages import QueueOutput, alert_message, notice_message
from connectors.pubsub.publisher import Topic
from schemas.alert import Alert, Bundle
from schemas.base import Timestamp
from schemas.delivery import Message, Notice
from schemas.errors import ConfigurationError
from schemas.subscription import Subscription


class Messenger(Protocol):
    """Sends messages to one receiver; used by one thread at a time."""

    def send(self, message: Message) -> None:
        """Send it; once it returns, the receiver has it.

        Raises:
            DeliveryError: it did not arrive, as far as can be told.
        """

    def close(self) -> None:
        """Give back connections."""


def open_messenger(
    target: Target,
    subscriptions: Sequence[Subscription],
    *,
    mail_server: MailServer | None,
    allow_hosts: Sequence[str] = (),
) -> Messenger:
    """What sends to a remote target; nothing is connected to yet.

    ``subscriptions`` are those that lead there. Hosts in ``allow_hosts`` may have private
    addresses.

    Raises:
        ConfigurationError: something is missing that the kind of target needs.
    """
    texts = [text for s in subscriptions for text in (s.to, *s.secrets, s.unsubscribe)]
    if name := unset_variable(texts):
        problem = f"environment variable {name} is not set; export it and run again"
        raise ConfigurationError([problem])
    if target.kind == "mailto":
        unsubscribe = next((s.unsubscribe for s in subscriptions if s.unsubscribe), "")
        return MailMessenger(mail_server, target.place, unsubscribe=unsubscribe)
    if target.kind == "apprise":
        from connectors.channels.apprise import AppriseMessenger

        return AppriseMessenger(target.place, allow_hosts=allow_hosts)
    if target.kind == "pubsub":
        return PubSubMessenger(target.place)
    secrets = list(dict.fromkeys(secret for s in subscriptions for secret in s.secrets))
    return WebhookMessenger(target.place, secrets, allow_hosts=allow_hosts)


class PubSubMessenger:
    """Publishes each alert or notice as one event."""

    def __init__(self, topic: str) -> None:
        self._topic: Topic[Alert | Notice] = Topic(topic, _message_now)

    def send(self, message: Message) -> None:
        """Publish the message's events.

        Raises:
            DeliveryError: they were not taken, or nobody knows.
        """
        alerts = [alert for bundle in message.bundles for alert in bundle.alerts]
        self._topic.publish([message.notice] if message.notice is not None else alerts)

    def close(self) -> None:
        """Give back the connection."""
        self._topic.close()


def _message_now(told: Alert | Notice) -> QueueOutput:
    if isinstance(told, Notice):
        return notice_message(told)
    return alert_message(told, Timestamp.now())


_KINDS = "terminal, atom:FILE, jsonfeed:FILE or jsonl:FILE"


class Sink(Protocol):
    """Takes Bundles: one message each for people, one event per alert for programs; and Notices."""

    def write(self, bundles: Sequence[Bundle], notices: Sequence[Notice] = ()) -> None:
        """Deliver them: a feed file then holds exactly these, all else adds them.

        Raises:
            OSError: they could not be delivered; nothing or part of it has arrived.
        """


def open_sink(target: str, *, console: Console | None = None, title: str = "Parley alerts") -> Sink:
    """The sink that a subscription names: terminal, atom:FILE, jsonfeed:FILE or jsonl:FILE.

    ``console`` is where the terminal's bundles go, standard output by default; ``title`` is
    what a feed reader calls the feed.

    Raises:
        ConfigurationError: there is no such kind, or the place cannot be written.
    """
    kind, _, place = target.partition(":")
    if target == "terminal":
        return TerminalSink(console or Console())
    if place and kind == "atom":
        return AtomSink(Path(place), title=title)
    if place and kind == "jsonfeed":
        return JsonFeedSink(Path(place), title=title)
    if place and kind == "jsonl":
        return JsonLinesSink(place, append=True)
    raise ConfigurationError([f"{target!r}: no such destination; use {_KINDS}"])
