"""Where a subscription leads, and names for it that reveal no secret."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from urllib.parse import unquote

from connectors.channels.registry import KINDS, UNSET, Kind, kind_of
from connectors.channels.variables import unset_variable
from schemas.subscription import Subscription


@dataclass(frozen=True)
class Target:
    """A kind, and the file or address that goes with it."""

    kind: str
    place: str = field(repr=False, default="")

    @property
    def traits(self) -> Kind:
        """What sets its kind apart."""
        return kind_of(self.kind)

    @property
    def channel(self) -> str:
        """What the ledger knows the target by: itself, or a hash where it may be secret.

        >>> read_target("atom:alerts.xml").channel, read_target("mailto:ann@example.org").channel
        ('atom:alerts.xml', 'mailto:438c4c7afe600cdf')
        """
        if self.traits.is_remote:
            digest = hashlib.sha256(self.place.encode()).hexdigest()[:16]
            return f"{self.kind}:{digest}"
        return f"{self.kind}:{self.place}" if self.place else self.kind


def read_target(text: str) -> Target | None:
    """The target that ``text`` names; None if it is no whole target of a known kind.

    >>> read_target("terminal"), read_target("atom:"), read_target("pigeon:coop")
    (Target(kind='terminal'), None, None)
    """
    kind, _, place = text.partition(":")
    if kind not in KINDS or not KINDS[kind].is_whole(place):
        return None
    if kind == "mailto":  # of an address, only the host is the same in any case
        name, at, host = unquote(place).rpartition("@")
        place = f"{name}{at}{host.lower()}"
    return Target(kind, place)


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
