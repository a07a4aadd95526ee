"""How one person's statement relates to another of theirs, from the words alone.

Theory of operation. Two tests, the strict one first. *A copy*: the shorter statement's
content words stand in the longer one in the same order, nearly all of them, and what was put
in their place is only another spelling or a synonym. *A retelling*: enough of the weight of
the content words is common to both, wherever they stand. Either is called off by what
changes a claim though most words stay: a word denied on one side only, other numbers, an
opposite, words that changed places.

Known exceptions: a figure of speech retold by its meaning shares no word with the original
and counts as new; so does a retelling that turns a denial into its positive. Alternatives
rejected: a bag of words merges denials and splits what was cut short; sentence embeddings
find denials alike and were no better on hard pairs.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from schemas.commentary import Relation
from transforms.core.judging.wording import Unit, Wording, are_antonyms, wording_of
from transforms.core.understanding.phrases import read_sections

#: A copy keeps at least this share of the shorter statement's content words, in order.
_MIN_COPIED = 0.8
#: One content word in so many may be another one in a copy.
_WORDS_PER_CHANGE = 14
#: A retelling has at least this share of the weight in common.
_MIN_RETOLD = 0.62
#: Below so many content words, only the very same words in a row tell.
_MIN_UNITS = 3
#: Words of the trade (talks, ceasefire, Moscow) tell less than any other.
_TRADE_WEIGHT = 0.4


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
    >>> compare("No deal of theirs will hold until June.", "A deal of theirs will hold until June.").relation
    'contradicts'
    """
    a, b = wording_of(known), wording_of(candidate)
    if a.words == b.words:
        return Comparison("repeats", 1.0, "the same words")
    common = len(a.content & b.content)
    if common < 2 or not a.units or not b.units:
        return Comparison("other", 0.0, "hardly a word in common")
    short, long = (a, b) if len(a.units) <= len(b.units) else (b, a)
    found = _as_copy(short, long) or _as_retelling(short, long)
    if found.relation == "repeats" and long is b and _adds(short, long):
        return dataclasses.replace(found, relation="extends", reason=f"{found.reason}, and more")
    return found


def _adds(short: Wording, long: Wording) -> bool:
    """Whether the longer one has a claim's worth of words more: three, and a third."""
    extra = len(long.content - short.content)
    return extra >= 3 and extra > len(short.content) / 3


def _as_copy(short: Wording, long: Wording) -> Comparison | None:
    """The comparison if one is the other with edits and cuts, or denies it in its own words;
    None if neither.
    """
    if len(short.units) < _MIN_UNITS:
        return _as_fragment(short, long)
    matcher = SequenceMatcher(
        None, [u.word for u in short.units], [u.word for u in long.units], autojunk=False
    )
    blocks = [b for b in matcher.get_matching_blocks() if b.size]
    pairs = [(short.units[b.a + i], long.units[b.b + i]) for b in blocks for i in range(b.size)]
    alike = _alike_in_gaps(matcher, short, long)
    copied = (len(pairs) + len(alike)) / len(short.units)
    if copied < _MIN_COPIED:
        return None
    similarity = (len(pairs) + len(alike)) / len(long.units)
    window = long.units[blocks[0].b : blocks[-1].b + blocks[-1].size]
    if against := _contradiction(short.units, window, pairs):
        return Comparison("contradicts", similarity, against)
    changes = _changes(matcher, short, long) - len(alike)
    if changes > len(short.units) // _WORDS_PER_CHANGE:
        return None
    reason = "nearly the same words" if similarity >= 0.7 else "one is part of the other"
    return Comparison("repeats", max(similarity, copied), reason)


def _as_fragment(short: Wording, long: Wording) -> Comparison | None:
    """A fragment of few words, if it stands in the longer one as it is."""
    run, size = short.words, len(short.words)
    places = range(len(long.words) - size + 1)
    if size >= _MIN_UNITS and any(long.words[i : i + size] == run for i in places):
        return Comparison("repeats", size / len(long.words), "a fragment of it")
    return None


def _alike_in_gaps(
    matcher: SequenceMatcher[str], short: Wording, long: Wording
) -> list[tuple[Unit, Unit]]:
    """Pairs of words in the same gap that are spelled alike."""
    return [
        (s, t)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag == "replace"
        for s in short.units[i1:i2]
        for t in long.units[j1:j2]
        if _is_alike(s, t)
    ]


def _is_alike(s: Unit, t: Unit) -> bool:
    """Whether two words are one in another form: win and winning, parliament's and -ary."""
    if s.is_number or t.is_number or are_antonyms(s.stem, t.stem):
        return False
    return min(len(s.stem), len(t.stem)) >= 4 and fuzz.ratio(s.stem, t.stem) >= 80


def _changes(matcher: SequenceMatcher[str], short: Wording, long: Wording) -> int:
    """How many content words stand in place of others."""
    return sum(
        min(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag == "replace"
    )


def _as_retelling(short: Wording, long: Wording) -> Comparison:
    """The comparison if one may be the other in other words."""
    pairs = _pairs(short, long)
    matched = sum(_weight(s.word) for s, _ in pairs)
    total = sum(_weight(u.word) for u in short.units)
    total_long = sum(_weight(u.word) for u in long.units)
    covered = matched / total
    similarity = min(1.0, 0.8 * covered + 0.2 * matched / total_long)
    if similarity < _MIN_RETOLD or matched < 2.5:
        return Comparison("other", similarity, f"{len(pairs)} content words in common")
    if against := _contradiction(short.units, long.units, pairs):
        return Comparison("contradicts", similarity, against)
    return Comparison("repeats", similarity, "the same in other words")


def _pairs(short: Wording, long: Wording) -> list[tuple[Unit, Unit]]:
    """Each of the shorter one's words with its like in the longer one, one to one."""
    left = list(long.units)
    pairs: list[tuple[Unit, Unit]] = []
    for s in short.units:
        found = next((t for t in left if t.word == s.word), None) or next(
            (t for t in left if _is_alike(s, t)), None
        )
        if found is not None:
            left.remove(found)
            pairs.append((s, found))
    return pairs


def _contradiction(
    short: Sequence[Unit], long: Sequence[Unit], pairs: Sequence[tuple[Unit, Unit]]
) -> str:
    """What makes the same words say another thing; "" if nothing does."""
    if denied := [s.stem for s, t in pairs if s.is_denied != t.is_denied]:
        return f"one denies what the other says ({denied[0]})"
    met_s, met_t = {s.word for s, _ in pairs}, {t.word for _, t in pairs}
    rest_s = [u for u in short if u.word not in met_s]
    rest_t = [u for u in long if u.word not in met_t]
    numbers_s = {u.word for u in rest_s if u.is_number}
    numbers_t = {u.word for u in rest_t if u.is_number}
    if numbers_s and numbers_t:
        return f"other numbers ({min(numbers_s)}, {min(numbers_t)})"
    for s in rest_s:
        for t in rest_t:
            if are_antonyms(s.stem, t.stem):
                return f"opposites ({s.stem}, {t.stem})"
    return ""


def _weight(word: str) -> float:
    return _TRADE_WEIGHT if word in _trade() else 1.0


@functools.lru_cache(maxsize=1)
def _trade() -> frozenset[str]:
    """Words of the trade, normalised."""
    sections = read_sections("negotiation.txt")
    lines = [*sections["talks"], *sections["moves"]]
    lines += [line.replace("|", " ") for line in read_sections("institutions.txt")["states"]]
    return frozenset(unit.word for line in lines for unit in wording_of(line).units)
