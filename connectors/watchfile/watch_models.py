"""What may stand in a watch file, as strict pydantic models; no files are touched here.

The models mirror the file, not the program: ``loading`` turns them into plain schemas.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
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
    list_or_empty,
    mistake,
)
from connectors.watchfile.subscription_models import SubscriptionItem
from schemas.annotation import Category


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class WatchedFeed(Model):
    """A feed, ``{url, publisher}``, or a list of them, ``{opml}``."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["url"]}, {"required": ["opml"]}]}
    )

    url: WebAddress | None = None
    """Address of an RSS, Atom or JSON feed."""
    publisher: Text | None = None
    """Name of the outlet, as alerts show it; default: the feed's own title."""
    opml: Text | None = None
    """File with a list of feeds, relative to the watch's folder; it names the publishers."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.url is None) == (self.opml is None):
            raise mistake("a feed has a url or an opml file, one of them", "write {url: https://…}")
        if self.opml is not None and self.publisher is not None:
            raise mistake("publisher stands beside opml", "remove it; the OPML names publishers")
        return self


class ActorItem(Model):
    """A person or body that negotiates, mediates or governs, and so is nobody's expert."""

    id: Id
    """Name in tags and narrowings; small letters, digits and hyphens."""
    name: Text
    """Full name; it always counts as one of the aliases."""
    role: Literal["party", "official"]
    """party: negotiates for a side; official: mediates or governs."""
    side: Id | None = None
    """Whom a party negotiates for. An article must name actors of two sides, if any are told."""
    aliases: Annotated[list[Text], list_or_empty(Text)] = []
    """Other spellings and short forms, adjectives and capitals: Norlandic, Norlanders."""


class TopicItem(Model):
    """A subject that may be talked about."""

    id: Id
    """Name in tags and narrowings; small letters, digits and hyphens."""
    name: Text
    """Name that alerts show."""
    about: Literal["negotiation"] | None = None
    """negotiation: a mention means that the talks are the subject. At least one topic needs it."""
    phrases: Annotated[list[Text], Field(min_length=1)]
    """Words that name the topic. Plurals and hyphens are found by themselves."""


class AlertOnItem(Model):
    """The statements that alert."""

    speakers: Annotated[list[Category], Field(min_length=1)] = ["expert"]
    """Categories of speakers."""
    named: bool = True
    """true: only speakers with a name; false: also “an analyst said”."""
    min_confidence: Annotated[float, Field(ge=0, le=1)] = 0.8
    """Statements that are less sure are held, and `parley alerts --held` lists them."""


class ExpertItem(Model):
    """A person, by name or as ``{name, affiliation}``."""

    name: Text
    """Full name."""
    affiliation: Text | None = None
    """Where the person works."""


ExpertItems = Annotated[
    list[Annotated[ExpertItem, BeforeValidator(_named, json_schema_input_type=ExpertItem | Text)]],
    list_or_empty(ExpertItem | Text),
]


class ExpertsItem(Model):
    """Who is, or is not, an expert, whatever an article calls them."""

    always: ExpertItems = []
    """Persons who are experts."""
    never: ExpertItems = []
    """Persons who are none."""
    institutions: Annotated[list[Text], list_or_empty(Text)] = []
    """Bodies whose people are experts, beside those that Parley knows."""


class WatchItem(FileModel):
    """A standing question: who negotiates, about what, and who is told of experts' statements."""

    nature = "a watch; begin with version: 1 and id: NAME"

    id: Id
    """Name by which alerts and the archive know the watch; keep it when the file moves."""
    title: Text
    """Name that people read."""
    contact: Contact | None = None
    """Mail or web address for the User-Agent, so that sites know whom to write to."""
    languages: Annotated[list[Language], Field(min_length=1)] = ["en"]
    """Languages of articles, as ISO 639-1 codes; only English is understood."""
    horizon: Duration = "90d"
    """How long a statement is remembered."""
    max_age: Age = "7d"
    """Older articles raise no alert; all: every article may."""
    alert_on: AlertOnItem = AlertOnItem()
    """Whose statements alert, and how sure they must be."""
    feeds: Annotated[list[WatchedFeed], list_or_empty(WatchedFeed)] = []
    """What is polled."""
    actors: Annotated[list[ActorItem], list_or_empty(ActorItem)] = []
    """Who negotiates, mediates or governs."""
    topics: Annotated[list[TopicItem], Field(min_length=1)]
    """What may be talked about."""
    experts: ExpertsItem = ExpertsItem()
    """Persons and bodies to take for experts, or not to."""
    subscriptions: Annotated[list[SubscriptionItem], list_or_empty(SubscriptionItem)] = []
    """Where the alerts go."""
