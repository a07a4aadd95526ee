"""Where a subscription leads: the kinds of target, and names for them that tell no secret."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from urllib.parse import unquote

from connectors.pubsub_addresses import FORMS

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

#: Their messages leave this machine; they are retried by the plan.
REMOTE = frozenset({"webhook", "mailto", "apprise", "pubsub"})
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
