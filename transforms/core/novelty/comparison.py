"""How one person's statement relates to another of theirs, from the words alone.

Theory of operation. Two tests, the strict one first. *A copy*: the shorter statement's
content words stand in the longer one in the same order, nearly all of them, and what was put
in their place is only another spelling or a synonym. *A retelling*: enough of the weight of
the content words is common to both, wherever they stand: less where synonyms are among them, for
two claims on one subject name it by the same words. Either is called off by what
changes a claim though most words stay: a word denied on one side only, other numbers, an
opposite, words that changed places, another thing in the same place, and by the side that each
takes on what both name (``frames``). Words that only take a side are no sign of a retelling:
"support" and "reduce" stand in claims on any subject.

Known exceptions: a figure of speech retold by its meaning shares no word with the original
and counts as new; so does a retelling that turns a denial into its positive. What too few words
are common to is left open, for ``meaning`` to tell where there is a model. Alternatives
rejected: a bag of words merges denials and splits what was cut short; sentence embeddings
find denials alike and were no better on hard pairs.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from schemas.statement import Relation
from transforms.core.novelty.alignment import (
    Pairs,
    is_alike,
    is_name,
    is_reordered,
    is_synonym,
    is_verbatim,
    pairs_of,
    weight_of,
)
from transforms.core.novelty.contradictions import (
    contradiction,
    ends_apart,
    may_contradict,
    other_object,
    takes_other_side,
)
from transforms.core.novelty.frames import takes_side
from transforms.core.novelty.wording import Unit, Wording, wording_of

#: What is longer is compared by its beginning; alignment takes the square of the content words.
_MAX_CHARS = 6000
_MAX_UNITS = 150
#: With a smaller share of the shorter one's content words in common, neither test can hold;
#: most pairs in memory end here, at a fiftieth of the cost.
_MIN_COMMON = 0.33
#: A copy keeps at least this share of the shorter statement's content words, in order.
_MIN_COPIED = 0.8
#: One content word in so many may be another one in a copy.
_WORDS_PER_CHANGE = 14
#: A retelling has at least this share of the weight in common. Two claims on one subject name it
#: by the same words; only who retells puts others, so each synonym lowers what is asked for.
_MIN_RETOLD = 0.65
_LESS_PER_SYNONYM = 0.13
_MIN_RETOLD_WEIGHT = 2.5
#: Where so much is common to both, the order of the words tells.
_NEARLY_ALL = 0.75
_QUOTED = re.compile(r'["“«]([^"”»]{10,})(?:["”»]|$)')
#: Below so many content words, only the very same words in a row tell.
_MIN_UNITS = 3


@dataclasses.dataclass(frozen=True)
class Comparison:
    """What the later of two statements is to the earlier."""

    relation: Relation
    similarity: float  #: 0 to 1
    reason: str
    is_open: bool = False  #: too little is common to both to tell: words alone decide nothing


def compare(known: str, candidate: str) -> Comparison:
    """What the candidate is to the known statement.

    >>> compare("No deal will hold.", "“No deal will hold”").relation
    'repeats'
    >>> compare("The truce will hold until June.", "The truce will not hold until June.").relation
    'contradicts'
    """
    a, b = wording_of(known[:_MAX_CHARS]), wording_of(candidate[:_MAX_CHARS])
    if a.words == b.words:
        return Comparison("repeats", 1.0, "the same words")
    common = len(a.content & b.content)
    least = min(len(a.content), len(b.content))
    if not can_be_one(common, least):
        alike = common / max(1, len(a.content | b.content))
        found = Comparison("other", alike, f"{common} content words in common", is_open=True)
        return _candidate(known, candidate, found)
    a, b = _aligned_part(a), _aligned_part(b)
    short, long = sorted((a, b), key=lambda wording: (len(wording.units), wording.words))
    found = _as_copy(short, long) or _as_retelling(short, long)
    if found.relation == "other":
        found = _as_quoted(known, b) or _as_quoted(candidate, a) or found
    if found.relation == "repeats" and (word := takes_other_side(known, candidate)):
        return Comparison("contradicts", found.similarity, f"for it and against it ({word})")
    if found.relation == "repeats" and long is b and _adds(short, long):
        return dataclasses.replace(found, relation="extends", reason=f"{found.reason}, and more")
    return _candidate(known, candidate, found) if found.relation == "other" else found


def _candidate(known: str, candidate: str, found: Comparison) -> Comparison:
    """The comparison, or that they may contradict one another if they take sides so."""
    opposed = may_contradict(known[:_MAX_CHARS], candidate[:_MAX_CHARS])
    reason = f"one is for and one against the same ({opposed})"
    return Comparison("contradicts", found.similarity, reason) if opposed else found


def _aligned_part(wording: Wording) -> Wording:
    """The wording with no more content words than are aligned."""
    return dataclasses.replace(wording, units=wording.units[:_MAX_UNITS])


def can_be_one(common: int, least: int) -> bool:
    """Whether two wordings that are not the same words may be related, if so many content words
    are common to both and the one with fewer has ``least``.

    >>> can_be_one(1, 1), can_be_one(2, 6), can_be_one(2, 7)
    (False, True, False)
    """
    return common >= max(2, _MIN_COMMON * least)


def is_near(known: str, candidate: str) -> bool:
    """Whether two statements have anything worth telling in common: two content words, or all."""
    a, b = wording_of(known), wording_of(candidate)
    return a.words == b.words or len(a.content & b.content) >= 2


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
    matcher = _matcher(short, long)
    pairs = _in_order(matcher, short, long)
    size = len(pairs) + len(_alike_in_gaps(matcher, short, long))
    copied, similarity = size / len(short.units), size / len(long.units)
    if copied < _MIN_COPIED or _has_moved(short, long, pairs):
        return None
    first, last = long.units.index(pairs[0][1]), long.units.index(pairs[-1][1])
    if against := contradiction(short, long.units[first : last + 1], long, pairs):
        return Comparison("contradicts", similarity, against)
    changed = _changed(matcher, short, long, pairs)
    for s, t in changed:
        if _tells_who_or_when(s, short, t, long):
            return Comparison("other", similarity, f"another name or figure ({s.stem}, {t.stem})")
    if len(changed) > len(short.units) // _WORDS_PER_CHANGE:
        return _with_changes(changed[0], similarity) if is_verbatim(pairs) else None
    reason = "nearly the same words" if similarity >= 0.7 else "one is part of the other"
    return Comparison("repeats", max(similarity, copied), reason)


def _matcher(short: Wording, long: Wording) -> SequenceMatcher[str]:
    a, b = [unit.word for unit in short.units], [unit.word for unit in long.units]
    return SequenceMatcher(None, a, b, autojunk=False)


def _in_order(
    matcher: SequenceMatcher[str], short: Wording, long: Wording
) -> list[tuple[Unit, Unit]]:
    """The words that stand in both in one order."""
    return [
        (short.units[block.a + i], long.units[block.b + i])
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    ]


def _with_changes(changed: tuple[Unit, Unit], similarity: float) -> Comparison:
    s, t = changed
    return Comparison("other", similarity, f"another word in its place ({s.stem}, {t.stem})")


def _has_moved(short: Wording, long: Wording, pairs: Pairs) -> bool:
    """Whether a word stands in both, but not in order with all others."""
    met_s = {s.position for s, _ in pairs}
    met_t = {t.position for _, t in pairs}
    rest_t = {t.word for t in long.units if t.position not in met_t}
    return any(s.word in rest_t for s in short.units if s.position not in met_s)


def _tells_who_or_when(s: Unit, short: Wording, t: Unit, long: Wording) -> bool:
    """Whether one word put for another is a name or figure, which no edit replaces."""
    return s.is_figure or t.is_figure or is_name(s, short) or is_name(t, long)


def _as_fragment(short: Wording, long: Wording) -> Comparison | None:
    """A fragment of few words, if it stands in the longer one as it is."""
    size = len(short.words)
    if size >= _MIN_UNITS and _stands_in(short.words, long.words):
        return Comparison("repeats", size / len(long.words), "a fragment of it")
    return None


def _as_quoted(text: str, other: Wording) -> Comparison | None:
    """The comparison if a text puts words of the other, as they are, into a sentence of the
    writer's own: 'What he got was "not a deal but a receipt"'.
    """
    quoted = _QUOTED.search(text)
    if quoted is None:
        return None
    whole, part = wording_of(text[:_MAX_CHARS]), wording_of(quoted[1][:_MAX_CHARS])
    is_most = len(part.content) >= _MIN_UNITS and 2 * len(part.content) >= len(whole.content)
    if is_most and whole.denials == part.denials and _stands_in(part.words, other.words):
        alike = len(part.words) / max(len(whole.words), len(other.words))
        return Comparison("repeats", alike, "the quoted words stand in it")
    return None


def _stands_in(run: Sequence[str], words: Sequence[str]) -> bool:
    size = len(run)
    return any(words[i : i + size] == run for i in range(len(words) - size + 1))


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
        if is_alike(s, t)
    ]


def _changed(
    matcher: SequenceMatcher[str], short: Wording, long: Wording, pairs: Pairs
) -> list[tuple[Unit, Unit]]:
    """The content words that stand in place of others, neither of them common."""
    met = {s.word for s, _ in pairs}
    in_place = [
        pair
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag == "replace"
        for pair in zip(short.units[i1:i2], long.units[j1:j2], strict=False)
    ]
    return [(s, t) for s, t in in_place if not is_alike(s, t) and met.isdisjoint((s.word, t.word))]


def _as_retelling(short: Wording, long: Wording) -> Comparison:
    """The comparison if one may be the other in other words."""
    pairs = pairs_of(short, long)
    matched = sum(weight_of(s) for s, _ in pairs)
    covered = matched / sum(map(weight_of, short.units))
    covered_long = matched / sum(map(weight_of, long.units))
    similarity = min(1.0, 0.8 * covered + 0.2 * covered_long)
    retold = _retold(pairs)
    least = max(_MIN_COMMON, _MIN_RETOLD - _LESS_PER_SYNONYM * retold)
    if similarity < least or matched + retold / 2 < _MIN_RETOLD_WEIGHT:
        reason = f"{len(pairs)} content words in common"
        return Comparison("other", similarity, reason, is_open=True)
    if against := contradiction(short, long.units, long, pairs):
        return Comparison("contradicts", similarity, against)
    in_form = is_verbatim(pairs)
    is_whole = min(covered, covered_long) >= _NEARLY_ALL
    if in_form and is_whole and is_reordered(short, long, pairs):
        return Comparison("contradicts", similarity, "words changed places")
    if in_form and ends_apart(short, long, pairs):
        return Comparison("other", similarity, "the same subject, and each goes on its own way")
    if replaced := other_object(short, long, pairs):
        return Comparison("other", similarity, f"another object ({', '.join(replaced)})")
    return Comparison("repeats", similarity, "the same in other words")


def _retold(pairs: Pairs) -> int:
    """How many telling words stand as synonyms."""
    return sum(weight_of(s) == 1 and is_synonym(s, t) and not takes_side(s.stem) for s, t in pairs)
