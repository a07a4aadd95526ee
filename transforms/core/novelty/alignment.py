"""Which words of two statements stand for one another, and what each word weighs."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from rapidfuzz import fuzz

from transforms.core.languages.en.word_lists import word_set
from transforms.core.novelty.wording import (
    Unit,
    Wording,
    are_antonyms,
    is_time_noun,
    may_be_one_time,
    order_words,
    wording_of,
)
from transforms.core.text.phrases import read_sections

#: Two are word for word alike with this share of their common words in the same form.
_MIN_VERBATIM = 0.7
#: A clause has so many content words, if none of the order words leads it.
_MIN_CLAUSE = 2
#: Among so many words, one in another place is one that another construction moved.
_MANY_WORDS = 4
#: What stands between the words of a compound that is taken apart: the council of the island.
_LINKS = word_set("compound links")
#: Words of the trade (talks, ceasefire, Moscow) tell less than any other.
_TRADE_WEIGHT = 0.4

#: Words of the shorter statement with those of the longer one that they stand for.
Pairs = Sequence[tuple[Unit, Unit]]


def pairs_of(short: Wording, long: Wording) -> list[tuple[Unit, Unit]]:
    """Each of the shorter one's words with its like in the longer one, one to one."""
    left = list(long.units)
    pairs: list[tuple[Unit, Unit]] = []
    for s in short.units:
        found = _like_of(s, left)
        if found is not None:
            left.remove(found)
            pairs.append((s, found))
    met = {s.position for s, _ in pairs}
    spelled = [(t, s) for t, s in _spelled_out(long, short) if s.position not in met]
    return pairs + _spelled_out(short, long) + [(s, t) for t, s in spelled]


def _like_of(unit: Unit, others: Sequence[Unit]) -> Unit | None:
    """The first that is the same word, else the first that is spelled alike."""
    same = next((other for other in others if other.word == unit.word), None)
    return same or next((other for other in others if is_alike(unit, other)), None)


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
    be one day, told by its name and from the day of the report: on Friday, yesterday.
    """
    if s.is_figure or t.is_figure or are_antonyms(s.stem, t.stem):
        return may_be_one_time(s.stem, t.stem)
    return min(len(s.stem), len(t.stem)) >= 4 and fuzz.ratio(s.stem, t.stem) >= 80


def is_synonym(s: Unit, t: Unit) -> bool:
    """Whether two words that stand for one another are not one word in two forms."""
    return s.stem != t.stem and s.word == t.word and fuzz.ratio(s.stem, t.stem) < 80


def is_verbatim(pairs: Pairs) -> bool:
    """Whether what is common is common in its form, not by synonyms. One more word replaced, or
    moved, says another thing then; among many, it need not.
    """
    return sum(not is_synonym(s, t) for s, t in pairs) >= _MIN_VERBATIM * len(pairs)


def is_reordered(short: Wording, long: Wording, pairs: Pairs) -> bool:
    """Whether the common words stand in another order, so that who does what to whom, or what
    comes first, may be another. A deal on slots is a slots deal; and a clause that moved as a
    whole says the same, where nobody is named and what hangs on the order stays.
    """
    pairs = sorted(pairs, key=lambda pair: pair[0].position)
    in_order = _compounds_apart(short, long, pairs)
    places = [t.position for _, t in in_order]
    if places == sorted(places):
        return False
    if any(is_name(s, short) or is_name(t, long) for s, t in pairs):
        return True
    words = order_words(short.words, long.words)
    heads = _heads(long, words)
    if _heads(short, words) != heads:
        return True
    return not (_is_word_moved(pairs) or _is_clause_moved([t for _, t in in_order], heads))


def _is_word_moved(pairs: Pairs) -> bool:
    """Whether one word of many moved, all else being in order: a deal is expected, expects a deal.
    Who does what to whom would change by two that change places, and what "only" limits by one.
    """
    if len(pairs) < _MANY_WORDS or any(s.word == "only" for s, _ in pairs):
        return False
    places = [t.position for _, t in pairs]
    rest = ([*places[:n], *places[n + 1 :]] for n in range(len(places)))
    return any(others == sorted(others) for others in rest)


def _compounds_apart(short: Wording, long: Wording, in_order: Pairs) -> list[tuple[Unit, Unit]]:
    """The pairs, with those of a compound that is taken apart in the other in one order."""
    found = [*in_order]
    for n in range(len(found) - 1):
        (s, t), (s_next, t_next) = found[n : n + 2]
        is_named = any(is_name(u, short) for u in (s, s_next))
        if not is_named and (
            _is_compound(short, s, s_next, long, t_next, t)
            or _is_compound(long, t_next, t, short, s, s_next)
        ):
            found[n : n + 2] = (s, t_next), (s_next, t)
    return found


def _is_compound(one: Wording, a: Unit, b: Unit, other: Wording, c: Unit, d: Unit) -> bool:
    """Whether a and b stand together in the one, and in the other with "of" between."""
    between = other.words[c.position + 1 : d.position]
    return b.position == a.position + 1 and bool(between) and _LINKS.issuperset(between)


def _heads(wording: Wording, words: Collection[str]) -> Counter[tuple[str, str]]:
    """What comes next after each of the words on whose place it hangs."""
    units = [*wording.units]
    heads: Counter[tuple[str, str]] = Counter()
    for position, word in enumerate(wording.words):
        if word in words:
            following = next((u.word for u in units if u.position > position), "")
            heads[word, following] += 1
    return heads


def _is_clause_moved(units: Sequence[Unit], heads: Iterable[tuple[str, str]]) -> bool:
    """Whether two clauses side by side changed places, all else being in order."""
    places = [unit.position for unit in units]
    moved = [n for n, (a, b) in enumerate(zip(places, sorted(places), strict=True)) if a != b]
    part = units[moved[0] : moved[-1] + 1]
    cut = part.index(min(part, key=lambda unit: unit.position))
    clauses = part[cut:], part[:cut]
    turned = [unit.position for clause in clauses for unit in clause]
    led = {word for _, word in heads}
    return turned == sorted(turned) and all(
        len(clause) >= _MIN_CLAUSE or clause[0].word in led for clause in clauses
    )


def weight_of(unit: Unit) -> float:
    """What a word tells: 1, or less where all of the trade use it."""
    return word_weight(unit.word)


def word_weight(word: str) -> float:
    """What the word of a unit tells."""
    is_common = word in _trade() or word in _states() or is_time_noun(word)
    return _TRADE_WEIGHT if is_common else 1.0


def is_name(unit: Unit, wording: Wording) -> bool:
    """Whether a word of the wording names somebody, something or a state."""
    return unit.stem in wording.names or is_state(unit)


def is_state(unit: Unit) -> bool:
    """Whether a word stands for a state: its name, its capital, its people."""
    return unit.word in _states()


@functools.lru_cache(maxsize=1)
def _trade() -> frozenset[str]:
    """Words of the trade, normalised."""
    sections = read_sections("negotiation.txt")
    lines = (*sections["talks"], *sections["moves"])
    return _words(line for line in lines if " " not in line)


@functools.lru_cache(maxsize=1)
def _states() -> frozenset[str]:
    return _words(line.replace("|", " ") for line in read_sections("institutions.txt")["states"])


def _words(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(unit.word for line in lines for unit in wording_of(line).units)
