"""What is said in one article, by whom, and which actors and topics it names."""

from collections.abc import Sequence
from typing import Literal, Optional

from schemas.article import Article
from schemas.base import Span, row

TagType = Literal["actor", "topic"]
QuotationKind = Literal["direct", "indirect", "mixed"]
QuotationForm = Literal["inline", "block", "unmarked", "authored"]
Category = Literal[
    "expert", "official", "party", "journalist", "citizen", "organisation", "unnamed_source"
]


@row
class Tag:
    """An actor or topic of a watch, and where the text names it, in text order."""

    watch: str  #: the watch that defines it
    id: str
    type: TagType
    spans: Sequence[Span]


@row
class Quotation:
    """The words that are attributed: their places, without outer quotation marks."""

    spans: Sequence[Span]  #: in text order; more than one when the cue stands between
    kind: QuotationKind
    form: QuotationForm = "inline"


@row
class Cue:
    """What signals the attribution: "said", "according to"."""

    span: Span
    text: str


@row
class Speaker:
    """Who said it, as far as the article tells."""

    name: str  #: the fullest form in the article; the description if there is no name
    as_written: str  #: beside the cue: a pronoun, a last name; "" when carried over
    named: bool  #: whether ``name`` is a name
    span: Optional[Span] = None  #: of ``as_written``
    role: str = ""  #: the article's words: "director of the Carnegie Eurasia Center"
    affiliation: str = ""
    category: Category = "citizen"  #: from the article alone; a watch may know better
    evidence: str = ""  #: the words that decided the category


@row
class Attribution:
    """A quotation, its cue and its speaker: PARC's attribution relation."""

    quotation: Quotation
    speaker: Speaker
    rule: str  #: the rule that found it
    confidence: float  #: that content and speaker are right, 0 to 1
    cue: Optional[Cue] = None
    told_to: str = ""  #: "CNN" in "told CNN"
    said_earlier: str = ""  #: the words that tell that it was said long before: "in 1961"


@row
class Annotation:
    """An article with its tags and attributions, each in text order."""

    article: Article
    tags: Sequence[Tag]
    attributions: Sequence[Attribution]
    unparsed: int = 0  #: paragraphs in which nobody's words were looked for: beyond the limit
