"""The kinds of channel: how each is written, what sets it apart, and how it is opened.

To add a channel, write its module and add a row to ``KINDS``. A channel's module is imported
when the channel is opened, so that commands that send nothing start without its libraries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from connectors.channels.variables import unset_variable
from connectors.pubsub.addresses import FORMS, read_pubsub_path
from connectors.web.addresses import check_url
from schemas.alert import Bundle
from schemas.delivery import Message, Notice
from schemas.errors import ConfigurationError, FetchError
from schemas.subscription import Subscription

if TYPE_CHECKING:
    from rich.console import Console

    from connectors.channels.mail import MailServer
    from connectors.channels.targets import Target

#: The kind of a target that a variable holds which is not set: its alerts wait under the name of
#: the subscription.
UNSET = "unset"
#: One address, no list and no display name: what a header can hold without quoting.
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class Messenger(Protocol):
    """Sends messages to one receiver; used by one thread at a time."""

    def send(self, message: Message) -> None:
        """Send it; once it returns, the receiver has it.

        Raises:
            DeliveryError: it did not arrive, as far as can be told.
        """

    def close(self) -> None:
        """Give back connections."""


class Sink(Protocol):
    """Takes Bundles: one message each for people, one event per alert for programs; and Notices."""

    def write(self, bundles: Sequence[Bundle], notices: Sequence[Notice] = ()) -> None:
        """Deliver them: a feed file then holds exactly these; any other channel adds them.

        Raises:
            OSError: they could not be delivered; nothing or part of them has arrived.
        """


@dataclass(frozen=True)
class Setup:
    """What a channel is opened with, besides its place."""

    subscriptions: Sequence[Subscription] = ()  #: those that lead there
    title: str = ""  #: of a feed
    console: Console | None = None  #: for the terminal; standard output by default
    mail_server: MailServer | None = None
    allow_hosts: Sequence[str] = ()  #: hosts that may have private addresses


@dataclass(frozen=True)
class Kind:
    """A kind of channel."""

    name: str  #: as a target begins
    form: str  #: how a target of the kind is written
    #: Opens the channel at a place: a Messenger if the kind is remote, else a Sink. Raises
    #: ConfigurationError if something that the kind needs is missing.
    open: Callable[[str, Setup], Any]
    #: Raises ValueError if a place cannot be one, with problem and remedy, parted by a semicolon.
    check: Callable[[str], object] = str
    is_remote: bool = False  #: its messages leave this machine; they are retried by the plan
    #: People read it, one message at a time: messages can be grouped, held and put in digests.
    is_timed: bool = False
    is_feed: bool = False  #: its file shows the latest bundles, old ones too
    keys: Sequence[str] = ()  #: of a subscription, that no other kind takes

    def is_whole(self, place: str) -> bool:
        """Reports if the place is there, for a kind whose form has one."""
        return bool(place.strip()) == (":" in self.form)


def _open_terminal(_: str, setup: Setup) -> Sink:
    from rich.console import Console

    from connectors.channels.terminal import TerminalSink

    return TerminalSink(setup.console or Console())


def _open_atom(place: str, setup: Setup) -> Sink:
    from connectors.channels.atom import AtomSink

    return AtomSink(Path(place), title=setup.title)


def _open_json_feed(place: str, setup: Setup) -> Sink:
    from connectors.channels.json_feed import JsonFeedSink

    return JsonFeedSink(Path(place), title=setup.title)


def _open_json_lines(place: str, _: Setup) -> Sink:
    from connectors.channels.json_lines import JsonLinesSink

    return JsonLinesSink(place, append=True)


def _open_webhook(place: str, setup: Setup) -> Messenger:
    from connectors.channels.webhook import WebhookMessenger

    secrets = list(dict.fromkeys(secret for s in setup.subscriptions for secret in s.secrets))
    return WebhookMessenger(place, secrets, allow_hosts=setup.allow_hosts)


def _open_mail(place: str, setup: Setup) -> Messenger:
    from connectors.channels.mail import MailMessenger

    unsubscribe = next((s.unsubscribe for s in setup.subscriptions if s.unsubscribe), "")
    return MailMessenger(setup.mail_server, place, unsubscribe=unsubscribe)


def _open_apprise(place: str, setup: Setup) -> Messenger:
    from connectors.channels.apprise import AppriseMessenger

    return AppriseMessenger(place, allow_hosts=setup.allow_hosts)


def _open_pubsub(place: str, _: Setup) -> Messenger:
    from connectors.channels.pubsub import PubSubMessenger

    return PubSubMessenger(place)


def _open_nothing(place: str, _: Setup) -> Sink:
    raise ConfigurationError([f"{place!r}: no such destination"])


def _check_webhook(place: str) -> None:
    try:
        check_url(place)
    except FetchError as error:
        problem = f"the webhook's address: {error.detail}"
        raise ValueError(f"{problem}; write webhook:https://…") from error


def _check_mail(place: str) -> None:
    if not _MAIL_ADDRESS.fullmatch(place):
        raise ValueError("the target is not one plain mail address; write mailto:name@example.org")


def _check_pubsub(place: str) -> None:
    try:
        read_pubsub_path(f"pubsub:{place}", "topics")
    except ValueError as error:
        raise ValueError(f"the target {error}") from error


#: Every kind that a subscription may name, by name.
KINDS = {
    kind.name: kind
    for kind in (
        Kind("terminal", "terminal", _open_terminal),
        Kind("atom", "atom:FILE", _open_atom, is_feed=True),
        Kind("jsonfeed", "jsonfeed:FILE", _open_json_feed, is_feed=True),
        Kind("jsonl", "jsonl:FILE", _open_json_lines),
        Kind(
            "webhook",
            "webhook:https://…",
            _open_webhook,
            _check_webhook,
            is_remote=True,
            keys=["secret"],
        ),
        Kind(
            "mailto",
            "mailto:ADDRESS",
            _open_mail,
            _check_mail,
            is_remote=True,
            is_timed=True,
            keys=["unsubscribe"],
        ),
        Kind("apprise", "apprise:URL", _open_apprise, is_remote=True, is_timed=True),
        Kind("pubsub", FORMS["topics"], _open_pubsub, _check_pubsub, is_remote=True),
    )
}
#: Of targets that cannot be read yet, and of what is no subscription's target, as ``--out``.
_OTHERS = {
    True: Kind(UNSET, "", _open_nothing, is_remote=True),
    False: Kind("", "", _open_nothing),
}


def kind_of(channel: str) -> Kind:
    """The kind of a target or of a channel in the ledger, by what it begins with.

    Alerts for a target with an unset variable wait like those for a remote one.

    >>> kind_of("atom:alerts.xml").is_feed, kind_of("unset:5a191d9d58a0c4c2").is_remote
    (True, True)
    """
    name = channel.partition(":")[0]
    return KINDS.get(name) or _OTHERS[name == UNSET]


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
    setup = Setup(subscriptions, mail_server=mail_server, allow_hosts=allow_hosts)
    return cast("Messenger", KINDS[target.kind].open(target.place, setup))


def open_sink(target: str, *, console: Console | None = None, title: str = "Parley alerts") -> Sink:
    """The sink that a subscription names: terminal, atom:FILE, jsonfeed:FILE or jsonl:FILE.

    ``console`` is where the terminal's bundles go, standard output by default; ``title`` is
    what a feed reader calls the feed.

    Raises:
        ConfigurationError: there is no such kind, or the place cannot be written.
    """
    name, _, place = target.partition(":")
    kind = KINDS.get(name)
    if kind is None or kind.is_remote or not kind.is_whole(place):
        forms = [kind.form for kind in KINDS.values() if not kind.is_remote]
        known = f"{', '.join(forms[:-1])} or {forms[-1]}"
        raise ConfigurationError([f"{target!r}: no such destination; use {known}"])
    return cast("Sink", kind.open(place, Setup(title=title, console=console)))
