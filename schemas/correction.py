"""What a reader says was wrong with an alert."""

from typing import Literal

from schemas.base import Timestamp, row

#: speaker: somebody else said it; not_expert: whoever said it is none; not_about: it is not about
#: the negotiation; repeat: it was alerted before; wrong: the reader does not say what is.
CorrectionKind = Literal["speaker", "not_expert", "not_about", "repeat", "wrong"]


@row
class Correction:
    """One thing that is wrong with one alert."""

    id: str  #: hash of the alert and of what is wrong with it
    alert_id: str
    kind: CorrectionKind
    corrected_at: Timestamp
    name: str = ""  #: who is meant: who said it in truth, or who is no expert
    other_alert_id: str = ""  #: the alert that it repeats
