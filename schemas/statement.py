"""A thing said, across articles, and whether it is new."""

from typing import Literal, Optional

from schemas.alert import AlertNearest
from schemas.base import Instant, row

Relation = Literal["repeats", "extends", "contradicts", "other"]


Novelty = Literal["new", "repeated", "extended"]


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
    said_at: Instant  #: publication time of that article
    position: int = 0  #: where the first occurrence starts in its article's text


@row
class Nearest:
    """The earlier statement that comes nearest, and how."""

    statement_id: str
    text: str
    url: str
    said_at: Instant
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
