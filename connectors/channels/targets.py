"""Where a subscription leads: the kinds of target, and names for them that tell no secret."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from connectors.pubsub.addresses import FORMS
from schemas.subscription import Subscription

#: How a file names a variable of the environment. One that is not set is left as it stands.
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

#: How each kind is written.
TARGETS = {
    "terminal": "terminal",
    "atom": "atom:FILE",
    "jsonfeed": "jsonfeed:FILE",
    "jsonl": "jsonl:FILE",
    "webhook": "webhook:https://…",
    "mailto": "mailto:ADDRESS",
    "apprise": "apprise:URL",
    "pubsub": FORMS["topics"],
}

#: The kind of a target that a variable holds which is not set: what it is owed waits under the
#: name of its subscription.
UNSET = "unset"
#: Their messages leave this machine; they are retried by the plan.
REMOTE = frozenset({"webhook", "mailto", "apprise", "pubsub", UNSET})
#: People read them, one message at a time: these can be grouped, held and put in digests.
TIMED = frozenset({"mailto", "apprise"})
#: Their file shows the latest bundles, old ones too.
FEEDS = frozenset({"atom", "jsonfeed"})


@dataclass(frozen=True)
class Target:
    """A kind, and the file or address that goes with it."""

    kind: str
    place: str = field(repr=False, default="")

    @property
    def channel(self) -> str:
        """What the ledger knows the target by: itself, or a hash where it may be secret.

        >>> read_target("atom:alerts.xml").channel, read_target("mailto:ann@example.org").channel
        ('atom:alerts.xml', 'mailto:438c4c7afe600cdf')
        """
        if self.kind in REMOTE:
            digest = hashlib.sha256(self.place.encode()).hexdigest()[:16]
            return f"{self.kind}:{digest}"
        return f"{self.kind}:{self.place}" if self.place else self.kind


def read_target(text: str) -> Target | None:
    """The target that ``text`` names; None if it is whole of no known kind.

    >>> read_target("terminal"), read_target("atom:"), read_target("pigeon:coop")
    (Target(kind='terminal'), None, None)
    """
    kind, _, place = text.partition(":")
    if kind not in TARGETS or bool(place.strip()) != (kind != "terminal"):
        return None
    if kind == "mailto":  # of an address, only the host is the same in any case
        name, at, host = unquote(place).rpartition("@")
        place = f"{name}{at}{host.lower()}"
    return Target(kind, place)


def unset_variable(texts: Iterable[str]) -> str:
    """The first variable that was not set when the texts were read; "" if all were.

    >>> unset_variable(["webhook:https://desk.example.org/", "${HOOK_SECRET}"])
    'HOOK_SECRET'
    """
    return next((found[1] for text in texts if (found := VARIABLE.search(text))), "")


def target_of(subscription: Subscription) -> Target | None:
    """Where the subscription leads; None if nowhere."""
    if unset_variable([subscription.to]):
        return unset_target(subscription)
    return read_target(subscription.to)


def unset_target(subscription: Subscription) -> Target:
    """What stands for the subscription's target while a variable in it is not set.

    >>> unset_target(Subscription("desk", "${HOOK}", watches=["my-talks"])).channel
    'unset:5a191d9d58a0c4c2'
    """
    return Target(UNSET, "\n".join([subscription.name, *subscription.watches]))
