"""What one article holds for the watches: what is judged, alerted on and archived together."""

from collections.abc import Iterator, Sequence
from typing import Optional

from schemas.alert import Alert
from schemas.annotation import Attribution, Category, Speaker, Tag
from schemas.article import Article
from schemas.base import Instant, Span, row
from schemas.person import Introduction
from schemas.statement import Verdict


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

    @property
    def is_sent(self) -> bool:
        """Reports if the statement alerts: what the watch asks for, and surely so."""
        return self.is_alertworthy and not self.is_held


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

    def match_for(self, watch: str) -> Optional[Match]:
        """How the statement meets the watch of that id; None if it was not asked."""
        return next((match for match in self.matches if match.watch == watch), None)

    def is_sent_to(self, watch: str) -> bool:
        """Reports if the statement alerts for the watch of that id."""
        return any(match.is_sent for match in self.matches if match.watch == watch)


@row
class Commentary:
    """What one speaker says in one article, with who they are."""

    name_key: str
    speaker: Speaker  #: with the fullest name, role and affiliation in the article
    occurrences: Sequence[Occurrence]  #: in text order
    first_seen: Optional[Instant] = (
        None  #: earliest statement of the speaker in memory, when judged
    )


@row
class Dossier:
    """One article with all that was said in it: what is judged, alerted on and archived
    together, in one transaction.
    """

    article: Article
    tags: Sequence[Tag]
    commentaries: Sequence[Commentary]  #: in order of first words
    alerts: Sequence[Alert] = ()
    introductions: Sequence[Introduction] = ()  #: what the article tells of its speakers
    copy_of: Optional[str] = None  #: URL of the article that this one repeats; set when judged

    def occurrences(self) -> Iterator[tuple[Commentary, Occurrence]]:
        """Each statement with its commentary, in order of the speakers' first words."""
        for commentary in self.commentaries:
            for occurrence in commentary.occurrences:
                yield commentary, occurrence
