"""The side that a statement takes on each thing it names: for it, against it, or none.

Theory of operation. "Tolls should be abolished", "we oppose tolls" and "no tolls" are against
tolls; "the end of tolls would be a mistake" is for them, being twice against. So each clause is
read once for the words that take a side (``stances.txt``), each turns round what it governs, and
the sides multiply. A verb governs what follows it in its clause; a passive, and whatever ends its
clause, what precedes it, too; a judgement, what precedes it; a denial, all of its clause.

Known exceptions: no sentence is parsed, so a side may reach a word that another verb governs; and
what is against a thing by its consequences alone ("rent control dries up the market") is not seen.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from transforms.core.languages.en.spelling import one_spelling, stem_of
from transforms.core.novelty.wording import Wording, base_of, group_of, wording_of
from transforms.core.text.phrases import read_sections

#: A passive or a judgement follows its verb within so many words.
_REACH_OF_BE = 4
_SIDES = {
    "for": 1, "against": -1, "judged for": 1, "judged against": -1, "asked": 1, "denied": -1
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Frame:
    """What a statement is for (1) or against (-1), by the words of its units."""

    sides: Mapping[str, int]  #: of those words only that a side is taken on; 0 for both sides
    named: frozenset[str]  #: all words but those that take a side
    focus: frozenset[str]  #: those that the sides are taken on first
    taken: frozenset[str]  #: those that more than a demand or a denial takes a side on
    asked: frozenset[str]  #: those of which something is demanded
    denied: frozenset[str]  #: those that nothing but a denial tells the side of


@functools.lru_cache(maxsize=65536)
def frame_of(text: str) -> Frame:
    """The frame of a statement's text.

    >>> sorted(frame_of("We oppose the ferry toll, but the bridge must be kept.").sides.items())
    [('bridg', 1), ('ferry', -1), ('toll', -1)]
    """
    wording = wording_of(text)
    sides: dict[str, int] = {}
    named, focus, taken = set[str](), set[str](), set[str]()
    asked, denied = set[str](), set[str]()
    for clause in _clauses(wording.tokens):
        if _is_relative(clause):
            continue
        read = _Reading(clause, wording)
        named.update(read.words)
        for word, side in read.sides():
            sides[word] = side if sides.get(word, side) == side else 0
        taken.update(read.taken())
        if read.is_asked:
            asked.update(read.words)
        if read.is_denied:
            denied.update(read.words)
        focus.update(read.focus())
    return Frame(
        sides,
        named=frozenset(named),
        focus=frozenset(focus & sides.keys()),
        taken=frozenset(taken),
        asked=frozenset(asked),
        denied=frozenset(denied - taken),
    )


#: A word with its place among the statement's words.
_Clause = Sequence[tuple[int, str]]


def _clauses(tokens: Iterable[str]) -> Iterator[_Clause]:
    """The runs of words between punctuation and conjunctions."""
    stances = _stances()
    clause: list[tuple[int, str]] = []
    position = 0
    for token in tokens:
        is_word = token[0].isalnum()
        is_start = token in stances.clause_words
        if is_start or not is_word:
            yield clause
            clause = []
        if is_word:
            clause.append((position, token))
            position += 1
    yield clause


def _is_relative(clause: _Clause) -> bool:
    """Whether a clause tells which thing is meant, and claims nothing of it."""
    stances = _stances()
    first, second, *_ = [*(token for _, token in clause), "", ""]
    if first == "that":
        is_verb = bool(stances.kind_of(second)) and not second.endswith("ing")
        return is_verb or second in stances.auxiliaries
    return first in stances.relatives


class _Reading:
    """One clause, and which of its words take a side."""

    def __init__(self, clause: _Clause, wording: Wording) -> None:
        stances = self._stances = _stances()
        words = wording.words_at
        self._tokens = [token for _, token in clause]
        self._kinds = [self._kind(n, wording) for n in range(len(clause))]
        #: What is named, by its place in the clause.
        self._named = {
            n: words[place]
            for n, (place, _) in enumerate(clause)
            if place in words and not self._kinds[n] and self._tokens[n] not in stances.exact
        }
        self.words = frozenset(self._named.values())
        self.is_asked, self.is_denied = "asked" in self._kinds, "denied" in self._kinds
        self._forward = [0] * (len(clause) + 1)  #: the side taken on what follows each place
        self._backward = [0] * (len(clause) + 1)  #: and on what precedes it
        self._whole = 0
        self._first = min(self._named, default=0)
        self._last = max(self._named, default=0)
        #: A side is taken, not by denial alone, on what stands from here on and up to there.
        self._taken_from, self._taken_to = len(clause), -1
        if self._named:
            for n, kind in enumerate(self._kinds):
                if kind:
                    self._take(n, kind)

    def _kind(self, n: int, wording: Wording) -> str:
        word = self._tokens[n]
        before = self._tokens[n - 1] if n else ""
        is_place = word == "against" and before not in self._stances.before_against
        is_compared = word in ("less", "fewer") and "than" in self._tokens
        if is_place or is_compared or stem_of(word) in wording.names:
            return ""
        return self._stances.kind_of(word)

    def _take(self, n: int, kind: str) -> None:
        side = _SIDES[kind]
        if kind == "asked" or (kind == "denied" and self._is_of_clause(n)):
            self._whole = side * (self._whole or 1)
        elif kind == "denied":
            self._forward[n + 1] = side
        elif kind.startswith("judged") and n > self._first:
            if self._taken_to < 0:
                self._take_back(n, side)
        else:
            self._forward[n + 1] = side
            self._taken_from = min(self._taken_from, n)
            if n > self._last or (n > self._first and self._is_passive(n)):
                self._take_back(n, side)

    def _take_back(self, n: int, side: int) -> None:
        self._backward[n] = -side if self._is_denied(n) else side
        self._taken_to = n

    def _is_of_clause(self, n: int) -> bool:
        """Whether a denial is the clause's, not that of the noun after it ("rather than")."""
        is_verbs = n == 0 or self._tokens[n - 1] in self._stances.auxiliaries
        return is_verbs or self._tokens[n] not in ("not", "without")

    def _is_denied(self, n: int) -> bool:
        """Whether a denial stands before a word that reaches no further than it."""
        near = range(max(0, n - _REACH_OF_BE), n)
        return any(self._kinds[m] == "denied" and self._forward[m + 1] for m in near)

    def _is_passive(self, n: int) -> bool:
        """Whether a word is what something is, or what is done to it."""
        return not self._stances.be.isdisjoint(self._tokens[max(0, n - _REACH_OF_BE) : n])

    def sides(self) -> Iterator[tuple[str, int]]:
        """Each word that a side is taken on, with the side."""
        before, after = _products(self._forward), _products(self._backward[::-1])[::-1]
        for n, word in self._named.items():
            factors = [side for side in (self._whole, before[n], after[n]) if side]
            if factors:
                yield word, math.prod(factors)

    def taken(self) -> Iterator[str]:
        """The words on which a side is taken by more than a demand or a denial."""
        for n, word in self._named.items():
            if n >= self._taken_from or n <= self._taken_to:
                yield word

    def focus(self) -> Iterator[str]:
        """The words of the first thing named after the last that takes a side, and of the first
        in the clause if a side is taken on what stands before.
        """
        start = max((n for n, side in enumerate(self._forward) if side), default=0)
        yield from self._first_named(start if start <= self._last else 0)
        if self._taken_to >= 0:
            yield from self._first_named(0)

    def _first_named(self, start: int) -> Iterator[str]:
        """The words of the first thing named from there on, up to a preposition."""
        is_met = False
        for n in range(start, len(self._tokens)):
            if n in self._named:
                is_met = True
                yield self._named[n]
            elif is_met and (self._kinds[n] or self._tokens[n] in self._stances.prepositions):
                return


def _products(sides: Iterable[int]) -> list[int]:
    """The product of all sides up to each place, without the zeros; 0 where there is none."""
    found, product = [], 0
    for side in sides:
        product = side * (product or 1) if side else product
        found.append(product)
    return found


@dataclasses.dataclass(frozen=True)
class _Stances:
    kinds: Mapping[str, str]  #: by stem
    exact: Mapping[str, str]  #: by word
    general: Collection[str]  #: words of units that are named on any question
    be: frozenset[str]
    auxiliaries: frozenset[str]
    relatives: frozenset[str]
    clause_words: frozenset[str]
    prepositions: frozenset[str]
    before_against: frozenset[str]

    def kind_of(self, word: str) -> str:
        """The kind of side that a word takes; "" if it takes none."""
        if word in self.exact:
            return self.exact[word]
        stem = stem_of(base_of(word))
        return self.kinds.get(stem) or self.kinds.get(group_of(stem), "")


@functools.lru_cache(maxsize=1)
def _stances() -> _Stances:
    sections = read_sections("stances.txt")

    def words(section: str) -> list[str]:
        return [one_spelling(word) for line in sections[section] for word in line.split()]

    kinds = {
        stem_of(word): kind
        for kind in ("judged against", "judged for", "against", "for")
        for word in words(kind)
    }
    exact = dict.fromkeys(words("ambiguous"), "") | dict.fromkeys(words("denials"), "denied")
    exact |= dict.fromkeys(words("asked for"), "asked")
    be, relatives = frozenset(words("be")), frozenset(words("relatives"))
    return _Stances(
        kinds,
        exact,
        general=frozenset(group_of(stem_of(word)) for word in words("general")),
        be=be,
        auxiliaries=be.union(words("auxiliaries")),
        relatives=relatives,
        clause_words=relatives.union(words("clause words")),
        prepositions=frozenset(words("prepositions")),
        before_against=be.union(words("before against")),
    )


def is_general(word: str) -> bool:
    """Whether the word of a unit is named on any question."""
    return word in _stances().general


def takes_side(stem: str) -> bool:
    """Whether a stem is for or against what is named with it."""
    return _stances().kinds.get(stem) in ("for", "against")
