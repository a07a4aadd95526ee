"""What memory knows of named people, beside what they said."""

from collections.abc import Sequence
from typing import Literal, Optional

from schemas.annotation import Category
from schemas.base import Instant, row

RulingKind = Literal["same", "apart", "category"]


@row
class Introduction:
    """What articles tell of a named person in the same words, and the latest that does."""

    id: str  #: hash of name key, name, role and affiliation
    name_key: str
    name: str  #: fullest in the article
    role: str  #: the article's words
    affiliation: str
    category: Category  #: what the words make of them
    evidence: str  #: the words that decided
    sureness: float  #: of the category, 0 to 1
    article_url: str  #: of the article published last
    publisher: str
    told_at: Instant  #: when that was published


@row
class Ruling:
    """What a user decided about persons; of several on one question the latest holds."""

    id: str  #: hash of kind, names and time
    kind: RulingKind  #: two names are one person's, or are not; what a person is
    name: str
    ruled_at: Instant
    other: str = ""  #: the second name of "same" and "apart"
    category: Category = "citizen"  #: of "category"
    note: str = ""  #: why, for people: "parley wrong ALERT --not-expert"


@row
class NameRecord:
    """What memory holds on the people of one name key."""

    name_key: str
    introductions: Sequence[Introduction] = ()  #: latest first
    rulings: Sequence[Ruling] = ()  #: oldest first


@row
class Person:
    """A speaker resolved across articles. No id hangs on it, so it may be put together anew."""

    name_key: str
    name: str  #: canonical: the fullest
    names: Sequence[str]  #: as articles write it, the canonical first
    introductions: Sequence[Introduction]  #: latest first
    ruled: Optional[Category] = None  #: what a user decided that they are
