"""Which words of two statements stand for one another, and what each word weighs."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from transforms.core.judging.wording import (
    Unit,
    Wording,
    are_antonyms,
    is_time_noun,
    may_be_one_time,
    wording_of,
)
from transforms.core.understanding.phrases import read_sections

#: Two are word for word alike with this share of their common words in the same form.
_MIN_VERBATIM = 0.7
#: Words of the trade (talks, ceasefire, Moscow) tell less than any other.
_TRADE_WEIGHT = 0.4

#: Words of the shorter statement with those of the longer one that they stand for.
Pairs = Sequence[tuple[Unit, Unit]]


def pairs_of(short: Wording, long: Wording) -> list[tuple[Unit, Unit]]:
    """Each of the shorter one's words with its like in the longer one, one to one."""
    left = list(long.units)
    pairs: list[tuple[Unit, Unit]] = []
    for s in short.units:
        found = next((t for t in left if t.word == s.word), None) or next(
            (t for t in left if is_alike(s, t)), None
        )
        if found is not None:
            left.remove(found)
            pairs.append((s, found))
    met = {s.position for s, _ in pairs}
    spelled = [(t, s) for t, s in _spelled_out(long, short) if s.position not in met]
    return pairs + _spelled_out(short, long) + [(s, t) for t, s in spelled]


def _spelled_out(brief: Wording, full: Wording) -> list[tuple[Unit, Unit]]:
    """Acronyms of the one with the words of the other that they stand for."""
    pairs = []
    for unit in brief.units:
        if unit.stem not in brief.acronyms or unit.word in full.content:
            continue
        for start in range(len(full.words) - len(unit.stem) + 1):
            run = full.words[start : start + len(unit.stem)]
            if "".join(word[0] for word in run) == unit.stem:
                end = start + len(run)
                pairs += [(unit, u) for u in full.units if start <= u.position < end]
                break
    return pairs


def is_alike(s: Unit, t: Unit) -> bool:
    """Whether two words are one in another form: win and winning, parliament's and -ary; or may
    be one time, told by its name and from the day of the report: in May, last month.
    """
    if s.is_figure or t.is_figure or are_antonyms(s.stem, t.stem):
        return may_be_one_time(s.stem, t.stem)
    return min(len(s.stem), len(t.stem)) >= 4 and fuzz.ratio(s.stem, t.stem) >= 80


def is_verbatim(pairs: Pairs) -> bool:
    """Whether what is common is common in its form, not by synonyms. One more word replaced, or
    moved, says another thing then; among many, it need not.
    """
    return sum(s.stem == t.stem for s, t in pairs) >= _MIN_VERBATIM * len(pairs)


def is_swapped(pairs: Pairs) -> bool:
    """Whether two words stand in each other's place, once or wherever they stand, and all others
    in their own. A clause that moved as a whole, or a sentence turned round, says the same; so
    do two neighbours: a deal on slots, a slots deal.
    """
    in_order = sorted(pairs, key=lambda pair: pair[0].position)
    places = [t.position for _, t in in_order]
    moved = [n for n, (a, b) in enumerate(zip(places, sorted(places), strict=True)) if a != b]
    are_neighbours = len(moved) == 2 and moved[1] == moved[0] + 1
    return not are_neighbours and len({in_order[n][0].word for n in moved}) == 2


def weight_of(unit: Unit) -> float:
    """What a word tells: 1, or less where all of the trade use it."""
    is_common = unit.word in _trade() or is_state(unit) or is_time_noun(unit.word)
    return _TRADE_WEIGHT if is_common else 1.0


def is_state(unit: Unit) -> bool:
    """Whether a word stands for a state: its name, its capital, its people."""
    return unit.word in _states()


@functools.lru_cache(maxsize=1)
def _trade() -> frozenset[str]:
    """Words of the trade, normalised."""
    sections = read_sections("negotiation.txt")
    return _words([*sections["talks"], *sections["moves"]])


@functools.lru_cache(maxsize=1)
def _states() -> frozenset[str]:
    return _words(line.replace("|", " ") for line in read_sections("institutions.txt")["states"])


def _words(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(unit.word for line in lines for unit in wording_of(line).units)
