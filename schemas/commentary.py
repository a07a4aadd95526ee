"""What one speaker says in one article, how it meets each watch, and whether it is new."""

from collections.abc import Sequence
from typing import Literal, Optional

from schemas.alert import Alert, AlertNearest
from schemas.annotation import Attribution, Category, Speaker, Tag
from schemas.article import Article
from schemas.base import Span, Timestamp, row
from schemas.person import Introduction

Relation = Literal["repeats", "extends", "contradicts", "other"]
Novelty = Literal["new", "repeated", "extended"]


@row
class MatchReason:
    """One reason for or against an alert."""

    code: str  #: e.g. "names_talks", "category_not_asked_for", "held_low_confidence"
    text: str  #: for people
    spans: Sequence[Span] = ()  #: the words that say so, if they stand in the article


@row
class Match:
    """How one statement meets one watch; it can be decided anew for another category."""

    watch: str
    category: Category  #: the speaker's, as this watch sees it
    evidence: str  #: the words, or the entry of the watch, that decided the category
    on_negotiation: bool
    is_alertworthy: bool  #: category and subject are what the watch asks for
    is_held: bool  #: alertworthy, but not sure enough to be sent
    reasons: Sequence[MatchReason] = ()  #: the category's, the subject's, then what is missing
    subject_sureness: float = 0.0  #: that ``on_negotiation`` is right, 0 to 1


@row
class Statement:
    """A thing said, across articles: what memory keeps of it."""

    id: str  #: hash of name key and normalised words of its first recorded occurrence
    name_key: str  #: folded last name; what memory is keyed by
    speaker: str
    text: str
    article_id: str  #: of the first recorded occurrence
    article_url: str
    publisher: str
    said_at: Timestamp  #: publication time of that article
    position: int = 0  #: where the first occurrence starts in its article's text


@row
class Nearest:
    """The earlier statement that comes nearest, and how."""

    statement_id: str
    text: str
    url: str
    said_at: Timestamp
    relation: Relation
    similarity: float  #: 0 to 1
    reason: str

    def as_told(self) -> AlertNearest:
        """As receivers are told of it."""
        return AlertNearest(
            id=self.statement_id,
            text=self.text,
            url=self.url,
            said_at=self.said_at,
            relation=self.relation,
            similarity=self.similarity,
            reason=self.reason,
        )


@row
class Verdict:
    """Is it new? With the nearest earlier statement, if there is any."""

    novelty: Novelty
    statement_id: str  #: of the statement that this is, new or known
    nearest: Optional[Nearest] = None


@row
class Occurrence:
    """One place where a statement stands."""

    text: str  #: the words, fragments joined by " … "
    attribution: Attribution
    actors: Sequence[str] = ()  #: tag ids in and around it, sorted
    topics: Sequence[str] = ()
    matches: Sequence[Match] = ()  #: one per watch
    id: str = ""  #: hash of article, span and statement; set when judged
    verdict: Optional[Verdict] = None  #: set when judged
    terms: Sequence[int] = ()  #: what memory finds the words by; set when judged
    elsewhere: int = 0  #: in how many other places the statement stood when judged


@row
class Commentary:
    """What one speaker says in one article, with who they are."""

    name_key: str
    speaker: Speaker  #: with the fullest name, role and affiliation in the article
    occurrences: Sequence[Occurrence]  #: in text order
    first_seen: Optional[Timestamp] = (
        None  #: earliest statement of the speaker in memory, when judged
    )


@row
class Reading:
    """One article with all that was said in it: what is judged, alerted on and archived
    together, in one transaction.
    """

    article: Article
    tags: Sequence[Tag]
    commentaries: Sequence[Commentary]  #: in order of first words
    alerts: Sequence[Alert] = ()
    introductions: Sequence[Introduction] = ()  #: what the article tells of its speakers
    copy_of: Optional[str] = None  #: URL of the article that this one repeats; set when judged


@row
class Told:
    """A watch whose readers were told a statement."""

    statement_id: str
    watch: str


@row
class Share:
    """What the speakers of one name key say in one article: it travels to that key's memory,
    and from there to the article's, where a streaming engine keeps memory by key.
    """

    reading_id: str  #: of this reading of the article and no other: it may be read again meanwhile
    reading: Reading  #: with the commentaries of that key only
    places: Sequence[int]  #: where these commentaries stand among all of the article
    of: int  #: how many commentaries the article has
    told: Sequence[Told] = ()  #: of their statements, before this reading; set when judged


@row
class Recollection:
    """What one article added to the memory of one name key, where a streaming engine keeps it."""

    heard_at: Timestamp  #: when the article came
    statements: Sequence[Statement] = ()
    told: Sequence[Told] = ()
