"""What a reader says was wrong with an alert, and the test that this becomes."""

from collections.abc import Sequence
from typing import Literal

from schemas.article import Article
from schemas.base import Instant, Span, row

#: speaker: somebody else said it; not_expert: whoever said it is none; not_about: it is not about
#: the negotiation; repeat: it was alerted before; wrong: the reader does not say what is; right:
#: it was right, and what was said before a mistake; undecided: what was said before of words that
#: were held no longer holds, and nothing else does.
CorrectionKind = Literal[
    "speaker", "not_expert", "not_about", "repeat", "wrong", "right", "undecided"
]
#: release: sent as an alert by a person's decision; dismiss: settled without one; undo: the
#: decision before no longer holds, and the statement is held again.
HeldDecisionKind = Literal["release", "dismiss", "undo"]


@row
class Correction:
    """One thing that is wrong with one alert."""

    id: str  #: hash of the alert and of what is wrong with it
    alert_id: str
    kind: CorrectionKind
    corrected_at: Instant
    name: str = ""  #: who is meant: who said it in truth, or who is no expert
    other_alert_id: str = ""  #: the alert that it repeats
    statements: Sequence[str] = ()  #: ids of the alert's statements that it is on; () for all


@row
class HeldDecision:
    """What a person decided about one held statement of one watch."""

    id: str  #: hash of the held statement's id, the kind and the decision before
    held_id: str  #: hash of watch and statement
    kind: HeldDecisionKind
    watch: str
    statement_id: str
    article_id: str
    decided_at: Instant
    alert_id: str = ""  #: the alert that it raised; of an undone release, the withdrawal


@row
class Case:
    """An article that was read wrongly, and what would have been right."""

    id: str  #: the correction's
    watch: str
    kind: CorrectionKind
    speaker: str  #: as alerted
    name: str  #: as the correction has it
    said: Sequence[Span]  #: where the words stand that were alerted on
    repeats: Sequence[str]  #: the words of the alert that it repeats
    article: Article
