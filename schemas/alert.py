"""One decision to notify: an expert, an article, a watch."""

from collections.abc import Sequence
from typing import Literal, Optional

from schemas.annotation import Category, QuotationForm, QuotationKind
from schemas.base import Instant, row

AlertType = Literal["new", "updated", "withdrawn"]
Priority = Literal["high", "normal"]
#: The code of the reason that tells how much more of the same person is held.
MORE_HELD = "more_held"


@row
class AlertReason:
    """Why the alert was raised: a code for programs, a sentence for people."""

    code: str
    text: str
    statements: Sequence[str] = ()  #: ids of those that it holds for; () where it is for all


@row
class AlertSpeaker:
    """The expert, and the words that make them one."""

    id: str  #: hash of the name key
    name: str
    category: Category
    evidence: str
    role: str = ""
    affiliation: str = ""
    first_seen: Optional[Instant] = None  #: when memory first heard them
    new_voice: bool = False  #: memory holds nothing of theirs before this article


@row
class AlertArticle:
    """Where it was said."""

    id: str
    url: str
    title: str
    publisher: str
    published_at: Instant
    language: str = ""
    told_to: str = ""
    copy_of: Optional[str] = None  #: URL of the article this one repeats
    is_dated: bool = True  #: whether page or feed tell the time; else it is when it was first seen


@row
class AlertNearest:
    """What memory holds that comes nearest to a statement."""

    id: str
    text: str
    url: str
    said_at: Instant
    relation: str
    similarity: float
    reason: str


@row
class AlertStatement:
    """One thing the expert says in the article."""

    id: str
    text: str
    kind: QuotationKind
    form: QuotationForm
    verdict: str  #: "new", "repeated" or "extended"
    confidence: float
    attribution: str  #: "she → Angela Stent"
    link: str  #: the article's URL with a text fragment
    context_before: str = ""
    context_after: str = ""
    actors: Sequence[str] = ()  #: ids in and around the words
    topics: Sequence[str] = ()
    about: Sequence[str] = ()  #: names of the topics and actors in the words themselves
    nearby: Sequence[str] = ()  #: names of those around them only
    #: places where it stands, this article's among them; of what is taken back, other places
    occurrences: int = 1
    nearest: Optional[AlertNearest] = None
    #: that it is about the watch's negotiation, 0 to 1; None of alerts raised before it was kept
    subject_sureness: Optional[float] = None

    @property
    def is_new(self) -> bool:
        """Reports if the words are told as new."""
        return self.verdict == "new"


@row
class Alert:
    """What one expert newly says in one article, for one watch."""

    #: hash of watch, name key, article URL and the ids of the new statements, and of the
    #: withdrawals of those that an edit restored; of a withdrawal, of the alert that it withdraws
    id: str
    type: AlertType
    watch: str
    bundle_id: str  #: hash of watch and article URL
    revision: int
    priority: Priority
    speaker: AlertSpeaker
    article: AlertArticle
    statements: Sequence[AlertStatement]  #: new ones first, each in text order; or taken back
    reasons: Sequence[AlertReason]
    others: Sequence[str]  #: the other experts of the same bundle
    seen_at: Instant
    fetched_at: Instant
    alerted_at: Instant
    follows: Optional[str] = None  #: id of the alert that this one updates or takes back

    @property
    def is_withdrawal(self) -> bool:
        """Reports if the alert takes another one back."""
        return self.type == "withdrawn"

    @property
    def new_statements(self) -> list[AlertStatement]:
        """The statements told as new, or those taken back, in order."""
        return [statement for statement in self.statements if statement.is_new]


@row
class Bundle:
    """The alerts of one article and watch: what people get as one message."""

    id: str
    watch: str
    alerts: Sequence[Alert]  #: at least one, in order of first words
