"""What a reader says was wrong with an alert, and the test that this becomes."""

from collections.abc import Sequence
from typing import Literal

from schemas.article import Article
from schemas.base import Instant, Span, row

#: speaker: somebody else said it; not_expert: whoever said it is none; not_about: it is not about
#: the negotiation; repeat: it was alerted before; wrong: the reader does not say what is; right:
#: it was right, and what was said before a mistake.
CorrectionKind = Literal["speaker", "not_expert", "not_about", "repeat", "wrong", "right"]


@row
class Correction:
    """One thing that is wrong with one alert."""

    id: str  #: hash of the alert and of what is wrong with it
    alert_id: str
    kind: CorrectionKind
    corrected_at: Instant
    name: str = ""  #: who is meant: who said it in truth, or who is no expert
    other_alert_id: str = ""  #: the alert that it repeats


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
