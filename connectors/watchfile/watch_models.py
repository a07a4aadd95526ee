"""What may stand in a watch file, as strict pydantic models; no files are touched here.

The models mirror the file, not the program: ``watch_files`` turns them into plain schemas.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator
from typing_extensions import Self

from connectors.watchfile.fields import (
    Age,
    Contact,
    Duration,
    FileModel,
    Id,
    Language,
    Model,
    Text,
    WebAddress,
    mistake,
    or_empty,
)
from connectors.watchfile.subscription_models import SubscriptionItem
from schemas.annotation import Category


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class FeedItem(Model):
    """``{url, publisher}`` or ``{opml}``."""

    url: WebAddress | None = None
    publisher: Text | None = None
    opml: Text | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.url is None) == (self.opml is None):
            raise mistake("a feed has a url or an opml file, one of them", "write {url: https://…}")
        if self.opml is not None and self.publisher is not None:
            raise mistake("publisher stands beside opml", "remove it; the OPML names publishers")
        return self


class ActorItem(Model):
    """Who negotiates, mediates or governs."""

    id: Id
    name: Text
    role: Literal["party", "official"]
    side: Id | None = None
    aliases: Annotated[list[Text], BeforeValidator(or_empty)] = []


class TopicItem(Model):
    """What may be talked about."""

    id: Id
    name: Text
    about: Literal["negotiation"] | None = None
    phrases: Annotated[list[Text], Field(min_length=1)]


class AlertOnItem(Model):
    """Which statements alert."""

    speakers: Annotated[list[Category], Field(min_length=1)] = ["expert"]
    named: bool = True
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.8


class ExpertItem(Model):
    """A person, by name or as ``{name, affiliation}``."""

    name: Text
    affiliation: Text | None = None


ExpertItems = Annotated[
    list[Annotated[ExpertItem, BeforeValidator(_named)]], BeforeValidator(or_empty)
]


class ExpertsItem(Model):
    """Who is, or is not, an expert whatever an article calls them."""

    always: ExpertItems = []
    never: ExpertItems = []
    institutions: Annotated[list[Text], BeforeValidator(or_empty)] = []


class WatchItem(FileModel):
    """A whole watch file."""

    nature = "a watch; begin with version: 1 and id: NAME"

    version: Literal[1]
    id: Id
    title: Text
    contact: Contact | None = None
    languages: Annotated[list[Language], Field(min_length=1)] = ["en"]
    horizon: Duration = "90d"
    max_age: Age = "7d"
    alert_on: AlertOnItem = AlertOnItem()
    feeds: Annotated[list[FeedItem], BeforeValidator(or_empty)] = []
    actors: Annotated[list[ActorItem], BeforeValidator(or_empty)] = []
    topics: Annotated[list[TopicItem], Field(min_length=1)]
    experts: ExpertsItem = ExpertsItem()
    subscriptions: Annotated[list[SubscriptionItem], BeforeValidator(or_empty)] = []
