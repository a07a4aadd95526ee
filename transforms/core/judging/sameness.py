"""How one person's statement relates to another of theirs, from the words alone."""

from __future__ import annotations

import dataclasses

from schemas.commentary import Relation
from transforms.core.judging.wording import Wording, wording_of


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What the later of two statements is to the earlier."""

    relation: Relation
    similarity: float  #: 0 to 1
    reason: str


def compare(known: str, candidate: str) -> Comparison:
    """What the candidate is to the known statement.

    >>> compare("No deal will hold.", "“No deal will hold”").relation
    'repeats'
    >>> compare("No deal will hold by June.", "A deal will hold by June.").relation
    'contradicts'
    """
    a, b = wording_of(known), wording_of(candidate)
    if a.words == b.words:
        return Comparison("repeats", 1.0, "the same words")
    set_a, set_b = set(a.content), set(b.content)
    if not set_a or not set_b:
        return Comparison("other", 0.0, "too few words to tell")
    common = len(set_a & set_b)
    jaccard = common / len(set_a | set_b)
    contained = common / min(len(set_a), len(set_b))
    if contained < 0.8 or min(len(set_a), len(set_b)) < 3:
        return Comparison("other", jaccard, f"{common} content words in common")
    if guard := _guard(a, b):
        return Comparison("contradicts", jaccard, guard)
    if jaccard >= 0.7:
        return Comparison("repeats", jaccard, "nearly the same words")
    if len(set_b) > len(set_a):
        return Comparison("extends", contained, "the known words with others added")
    return Comparison("repeats", contained, "a part of the known words")


def _guard(a: Wording, b: Wording) -> str:
    """Why nearly the same words may say another thing; "" if nothing speaks for it."""
    if (a.negations - b.negations) % 2:
        return "one denies what the other says"
    if a.numbers and b.numbers and not (a.numbers <= b.numbers or b.numbers <= a.numbers):
        return "other numbers"
    return ""
