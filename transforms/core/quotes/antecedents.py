"""Whom a pronoun stands for, or a quotation that names nobody: candidates and their ranking.

Theory of operation: every person whom the article names before the pronoun is a candidate,
and so is every speaker so far, named or not. Gender and number rule out; nearness, being the
subject of a clause, having spoken last and standing outside of quotation marks speak for a
candidate. One number per reason, added up, in ``data/antecedents.yaml``.

Alternative rejected: weights fitted by gradient on 1,034 pronouns of PolNeAR's training part
chose the right person no more often than those set by hand (81 % each).
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Collection
from dataclasses import dataclass

from transforms.core.languages.en.word_lists import load_data
from transforms.core.quotes.marks import QuotedParts

#: How far back a candidate may stand, in characters: some eight sentences.
MAX_DISTANCE_CHARS = 1_600
#: The most candidates weighed for one pronoun; more stand near it only in hostile text.
MAX_CANDIDATES = 200

_BOUNDARY = re.compile(r"[.!?…][”\"’')\]]*\s+|\n+")
_POSSESSIVE = re.compile(r"[\w. -]{1,40}?[’'](?:s\b|\s)")


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the article mentions at a place."""

    key: str  #: what makes two mentions one person
    at: int
    gender: str = ""  #: "m", "f", "n" for a body, "" when unknown
    is_plural: bool = False
    is_speaker: bool = False  #: of an attribution, not a mere mention


class Antecedents:
    """The candidates of one article in text order, and what ranks them."""

    def __init__(self, text: str, quoted: QuotedParts, subjects: Collection[int]) -> None:
        self._text = text
        self._quoted = quoted
        self._subjects = frozenset(subjects)
        self._candidates: list[Candidate] = []
        self._paragraphs = [match.end() for match in re.finditer(r"\n+", text)]
        self._sentences = [
            match.end() for match in _BOUNDARY.finditer(text) if not quoted.covers(match.start())
        ]

    def add(self, candidate: Candidate) -> None:
        """Take in somebody, wherever in the text they stand."""
        bisect.insort(self._candidates, candidate, key=lambda c: c.at)

    def before(self, at: int) -> list[Candidate]:
        """Who stands near before ``at``, the nearest first."""
        last = bisect.bisect_left(self._candidates, at, key=lambda c: c.at)
        first = bisect.bisect_left(self._candidates, at - MAX_DISTANCE_CHARS, key=lambda c: c.at)
        return self._candidates[max(first, last - MAX_CANDIDATES) : last][::-1]

    def rank(
        self, at: int, rule: str, *, gender: str = "", is_plural: bool = False
    ) -> list[tuple[float, str]]:
        """The keys of those who may be meant at ``at`` with their sums, the best first.

        ``rule`` names the weights; ``gender`` and ``is_plural`` are the pronoun's.
        """
        weights = load_weights()[rule]
        candidates = self.before(at)
        last = next((c.key for c in candidates if c.is_speaker), "")
        best: dict[str, float] = {}
        for candidate in candidates:
            if _agrees(candidate, gender, is_plural):
                reasons = self._reasons(candidate, at, gender, last)
                total = sum(weights[name] * value for name, value in reasons.items())
                best[candidate.key] = max(total, best.get(candidate.key, total))
        return sorted(((total, key) for key, total in best.items()), key=lambda r: -r[0])

    def _reasons(self, candidate: Candidate, at: int, gender: str, last: str) -> dict[str, float]:
        """What speaks for and against a candidate, each with its strength."""
        sentences = _between(self._sentences, candidate.at, at)
        return {
            "sentence": min(sentences, 6),
            "same_sentence": float(sentences == 0),
            "paragraph": min(_between(self._paragraphs, candidate.at, at), 3),
            "subject": float(candidate.at in self._subjects),
            "speaker": float(candidate.is_speaker),
            "last_speaker": float(candidate.key == last),
            "quoted": float(self._quoted.covers(candidate.at)),
            "gender_known": float(bool(gender) and candidate.gender == gender),
            "possessive": float(_POSSESSIVE.match(self._text, candidate.at) is not None),
        }


def _agrees(candidate: Candidate, gender: str, is_plural: bool) -> bool:
    if gender in ("m", "f"):
        return candidate.gender in (gender, "") and not candidate.is_plural
    if is_plural:
        return candidate.is_plural or candidate.gender in ("n", "")
    return True


def _between(boundaries: list[int], start: int, end: int) -> int:
    return bisect.bisect_right(boundaries, end) - bisect.bisect_right(boundaries, start)


@functools.lru_cache(maxsize=1)
def load_weights() -> dict[str, dict[str, float]]:
    """The weight of each reason, by rule: "pronoun", "carried"."""
    data: dict[str, dict[str, float]] = load_data("antecedents.yaml")
    return data
