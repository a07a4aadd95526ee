"""A standing question: feeds, actors, topics, and when to alert."""

from collections.abc import Sequence
from typing import Literal, Optional

from schemas.annotation import Category
from schemas.base import row
from schemas.feed import Feed
from schemas.subscription import Subscription

ActorRole = Literal["party", "official"]


@row
class Actor:
    """A person or body of the negotiation, with an id."""

    id: str
    name: str
    role: ActorRole  #: party: negotiates for a side; official: mediates or governs
    side: str = ""  #: whose; "" for mediators and third parties
    aliases: Sequence[str] = ()  #: other spellings and short forms; ``name`` always counts


@row
class Topic:
    """A subject category in the sense of IPTC's media topics, not a news event."""

    id: str
    name: str
    phrases: Sequence[str]
    is_negotiation: bool = False  #: naming it means that talks are the subject


@row
class AlertPolicy:
    """Which statements alert."""

    categories: Sequence[Category] = ("expert",)
    named_only: bool = True
    min_confidence: float = 0.8  #: below it an alert is held


@row
class ListedExpert:
    """A person whom the watch always, or never, takes for an expert."""

    name: str
    affiliation: str = ""


@row
class Watch:
    """A standing question: actors × topics × novelty."""

    id: str
    title: str
    feeds: Sequence[Feed]
    actors: Sequence[Actor]
    topics: Sequence[Topic]
    languages: Sequence[str] = ("en",)
    horizon_seconds: int = 90 * 86400  #: how far back a statement is remembered
    max_age_seconds: Optional[int] = 7 * 86400  #: older articles raise no alert; None: all do
    alert_on: AlertPolicy = AlertPolicy()
    always_experts: Sequence[ListedExpert] = ()
    never_experts: Sequence[ListedExpert] = ()
    expert_institutions: Sequence[str] = ()  #: whose people are experts, beside those known
    subscriptions: Sequence[Subscription] = ()
    contact: str = ""  #: address for the User-Agent of what is fetched; "" without one
