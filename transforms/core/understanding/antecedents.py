"""Whom a pronoun stands for, or a quotation that names nobody: candidates and their ranking.

Theory of operation: every person whom the article names before the pronoun is a candidate,
and so is every speaker so far, named or not. Gender and number rule out; nearness, being the
subject of a clause, having spoken last and standing outside of quotation marks speak for a
candidate. One number per reason, added up, in ``data/antecedents.yaml``.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources

import yaml

from transforms.core.understanding.quotations import Quoted

#: How far back a candidate may stand, in characters: some eight sentences.
MAX_DISTANCE_CHARS = 1_600

_BOUNDARY = re.compile(r"[.!?…][”\"’')\]]*\s+|\n+")


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the article mentions at a place."""

    key: str  #: what makes two mentions one person
    at: int
    gender: str = ""  #: "m", "f", "n" for a body, "" when unknown
    is_plural: bool = False
    is_speaker: bool = False  #: of an attribution, not a mere mention


class Antecedents:
    """The candidates of one article, and what ranks them."""

    def __init__(self, text: str, quotes: Sequence[Quoted], subjects: Iterable[int]) -> None:
        self._sentences: list[int] = []
        self._paragraphs = [match.end() for match in re.finditer(r"\n+", text)]
        self._quotes = [(q.start, q.end) for q in quotes]
        self._quote_starts = [q.start for q in quotes]
        self._subjects = frozenset(subjects)
        self._text = text
        self._sentences = [
            match.end() for match in _BOUNDARY.finditer(text) if not self._is_quoted(match.start())
        ]

    def rank(
        self, candidates: Sequence[Candidate], at: int, *, gender: str, is_plural: bool, rule: str
    ) -> list[tuple[float, Candidate]]:
        """The candidates that may be meant at ``at``, the best first, one per key.

        ``candidates`` are in text order; ``gender`` and ``is_plural`` are the pronoun's.
        """
        weights = load_weights()[rule]
        best: dict[str, tuple[float, int, Candidate]] = {}
        last = next((c.key for c in reversed(candidates) if c.is_speaker and c.at < at), "")
        for candidate in reversed(candidates):
            if candidate.at >= at:
                continue
            if at - candidate.at > MAX_DISTANCE_CHARS:
                break
            if not _agrees(candidate, gender, is_plural):
                continue
            score = sum(
                weights[name] * value
                for name, value in self.features(candidate, at, gender, last).items()
            )
            if candidate.key not in best or score > best[candidate.key][0]:
                best[candidate.key] = (score, candidate.at, candidate)
        ranked = sorted(best.values(), key=lambda item: (-item[0], -item[1]))
        return [(score, candidate) for score, _, candidate in ranked]

    def features(self, candidate: Candidate, at: int, gender: str, last: str) -> dict[str, float]:
        """The reasons for and against a candidate, each with its strength."""
        sentences = _between(self._sentences, candidate.at, at)
        return {
            "sentence": min(sentences, 6),
            "same_sentence": float(sentences == 0),
            "paragraph": min(_between(self._paragraphs, candidate.at, at), 3),
            "subject": float(candidate.at in self._subjects),
            "speaker": float(candidate.is_speaker),
            "last_speaker": float(candidate.key == last),
            "quoted": float(self._is_quoted(candidate.at)),
            "gender_known": float(bool(gender) and candidate.gender == gender),
            "near": float(sentences == 1),
            "possessive": float(self._is_possessive(candidate.at)),
        }

    def _is_possessive(self, at: int) -> bool:
        match = re.compile(r"[\w.\- ]{1,60}?[’'](?:s\b|\s)").match(self._text, at)
        return match is not None and match.end() - at < 40 and "  " not in match[0]

    def _is_quoted(self, at: int) -> bool:
        index = bisect.bisect_right(self._quote_starts, at) - 1
        return index >= 0 and self._quotes[index][0] <= at < self._quotes[index][1]


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
    """The weight of each reason, for pronouns and for quotations without a speaker."""
    path = resources.files("transforms.core.understanding") / "data" / "antecedents.yaml"
    data: dict[str, dict[str, float]] = yaml.safe_load(path.read_text("utf8"))
    return data
