"""What makes the same words say another thing: a denial, a figure, an opposite, another mood."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Collection, Sequence

from transforms.core.languages.en.word_lists import word_set
from transforms.core.novelty.alignment import Pairs, is_verbatim, weight_of, word_weight
from transforms.core.novelty.frames import frame_of, is_general
from transforms.core.novelty.wording import (
    Unit,
    Wording,
    are_antonyms,
    degrees_of,
    is_empty,
    links_of,
)

#: Two that part after their last common word for so much weight say different things.
_MAX_TAILS_WEIGHT = 3.0
#: Two statements answer one question if the words that they are for and against weigh so much; or
#: so much where one of them is first in either; or if one that tells is first in both. Chosen on
#: half of a public benchmark of political statements (arXiv 2505.19191).
_MIN_OPPOSED = 2.0
_MIN_OPPOSED_IN_FOCUS = 1.4
#: A word that is named on any question tells so much of which it is.
_GENERAL_WEIGHT = 0.4
_ARTICLES = word_set("articles")


@dataclasses.dataclass(frozen=True)
class _Held:
    """Two wordings held against each other."""

    short: Wording
    window: Sequence[Unit]
    long: Wording
    pairs: Pairs
    in_form: bool  #: what is common is common in its form
    met_s: Collection[int]  #: where the common words stand in the shorter one
    rest_s: Sequence[Unit]  #: what is not common of the shorter one
    met_t: Collection[int]
    rest_t: Sequence[Unit]


def contradiction(short: Wording, window: Sequence[Unit], long: Wording, pairs: Pairs) -> str:
    """What makes the same words say another thing; "" if nothing does.

    ``window`` is the part of the longer one that the shorter is held against.
    """
    met_s, met_t = {s.position for s, _ in pairs}, {t.position for _, t in pairs}
    rest_s = [unit for unit in short.units if unit.position not in met_s]
    rest_t = [unit for unit in window if unit.position not in met_t]
    in_form = is_verbatim(pairs)
    held = _Held(short, window, long, pairs, in_form, met_s, rest_s, met_t, rest_t)
    return next(filter(None, (check(held) for check in _CHECKS)), "")


def _denials(held: _Held) -> str:
    short, long = held.short, held.long
    if (short.denials, short.denied_first) == (long.denials, long.denied_first):
        return ""
    denied = [s.stem for s, t in held.pairs if _is_denied_once(s, t, short.units, held.window)]
    if len(denied) > 1 or (denied and not _is_moved(held)):
        return f"one denies what the other says ({denied[0]})"
    return ""


def _figures(held: _Held) -> str:
    """Numbers, days or months, if both have some that are not common, and none alike."""
    a = [unit.stem for unit in held.rest_s if unit.is_figure]
    b = [unit.stem for unit in held.rest_t if unit.is_figure]
    return f"other figures ({a[0]}, {b[0]})" if a and b and set(a).isdisjoint(b) else ""


def _conditions(held: _Held) -> str:
    words = _led_apart(held, links_of)
    return f"another condition ({words})" if words else ""


def _degrees(held: _Held) -> str:
    words = _led_apart(held, degrees_of)
    return f"another degree ({words})" if words else ""


def _agents(held: _Held) -> str:
    agent = _agent_of_one(held.short, held.long, held.pairs)
    return f"one says by whom ({agent})" if agent else ""


def _moods(held: _Held) -> str:
    one, other = held.short.unreal, held.long.unreal
    is_apart = any((s.position in one) != (t.position in other) for s, t in held.pairs)
    return "one tells what would have been" if is_apart else ""


def _limits(held: _Held) -> str:
    sides = ((held.short.units, held.met_s), (held.long.units, held.met_t))
    return "one says only" if held.in_form and any(_is_limited(*side) for side in sides) else ""


def _opposites(held: _Held) -> str:
    for s, t in itertools.product(held.rest_s, held.rest_t):
        if are_antonyms(s.stem, t.stem) and _stand_alike(
            s, t, held.short.units, held.window, held.pairs
        ):
            return f"opposites ({s.stem}, {t.stem})"
    return ""


#: What is looked for, in this order; each says what it finds, or "".
_CHECKS: tuple[Callable[[_Held], str], ...] = (
    _denials,
    _figures,
    _conditions,
    _degrees,
    _agents,
    _moods,
    _limits,
    _opposites,
)


def takes_other_side(a: str, b: str) -> str:
    """A word for which one statement is, and the other against; "" if there is none.

    What no side is taken on is held to be for it, so that of two that share nearly all else none
    hides the other; what is only denied is for ``contradiction`` to compare.

    >>> takes_other_side("Arden should raise the toll", "Arden should give up the toll")
    'toll'
    """
    one, other = frame_of(a), frame_of(b)
    common = (one.named & other.named) - one.denied - other.denied
    both_taken = one.taken & other.taken
    for words in (common, common & both_taken):
        products = {word: one.sides.get(word, 1) * other.sides.get(word, 1) for word in words}
        opposed = sorted(word for word, product in products.items() if product < 0)
        if len(opposed) > sum(product > 0 for product in products.values()):
            return opposed[0]
    return ""


def may_contradict(a: str, b: str) -> str:
    """What one statement is for and the other against, if that may make them contradict one
    another; "" if not. A candidate for a person to confirm: no sentence is parsed.

    >>> may_contradict("The ferry toll is necessary", "We call for the removal of the ferry toll")
    'ferry, toll'
    >>> may_contradict("The ferry toll is necessary", "We oppose night trains")
    ''
    """
    one, other = frame_of(a), frame_of(b)
    opposed, agreed = set[str](), set[str]()
    for word in (one.taken | one.asked) & (other.taken | other.asked):
        product = one.sides[word] * other.sides[word]
        if product:
            (opposed if product < 0 else agreed).add(word)
    weight = sum(map(_weight_on_question, opposed))
    in_focus = [word for word in opposed if word in one.focus and word in other.focus]
    in_either = one.focus | other.focus
    is_one_question = (
        weight >= _MIN_OPPOSED
        or (weight >= _MIN_OPPOSED_IN_FOCUS and not opposed.isdisjoint(in_either))
        or sum(map(_weight_on_question, in_focus)) >= 1
    )
    is_told = is_one_question and sum(map(_weight_on_question, agreed)) <= weight / 2
    return ", ".join(sorted(opposed)) if is_told else ""


def _weight_on_question(word: str) -> float:
    """What a common word tells of whether two statements answer one question."""
    return _GENERAL_WEIGHT if is_general(word) else word_weight(word)


def other_object(short: Wording, long: Wording, pairs: Pairs) -> tuple[str, str] | None:
    """A word of each that stands between the same two words, with nothing else between: joint
    rescue vessels, joint attack vessels.
    """
    partner = {s.position: t.position for s, t in pairs}
    met = set(partner.values())
    others = {t.position: t for t in long.units if t.position not in met}
    for before, s, after in zip(short.units, short.units[1:], short.units[2:], strict=False):
        is_between = after.position == before.position + 2 and s.position not in partner
        place = partner.get(before.position, -2) + 1
        if is_between and place in others and partner.get(after.position) == place + 1:
            return s.stem, others[place].stem
    return None


def _is_moved(held: _Held) -> bool:
    """Whether the one denial of each may be the same one though it reaches another word."""
    both = any(s.is_denied and t.is_denied for s, t in held.pairs)
    return held.short.denials == held.long.denials and (both or not held.in_form)


def _led_apart(held: _Held, kinds_of: Callable[[str], Collection[int]]) -> str:
    """A word of each that leads the same common words, to another end: before, since."""
    for s, t in held.pairs if held.in_form else ():
        led_s, led_t = _leading(held.short, s, kinds_of), _leading(held.long, t, kinds_of)
        if led_s and led_t and set(kinds_of(led_s)).isdisjoint(kinds_of(led_t)):
            return f"{led_s}, {led_t}"
    return ""


def _leading(wording: Wording, unit: Unit, kinds_of: Callable[[str], Collection[int]]) -> str:
    """The word of such a kind that a content word follows, with none between; "" if none."""
    for word in reversed(wording.words[: unit.position]):
        if kinds_of(word):
            return word
        if not is_empty(word):
            return ""
    return ""


def _agent_of_one(short: Wording, long: Wording, pairs: Pairs) -> str:
    """What does in one what is done to it in the other: attacked by the army, attacked the army."""
    in_order = sorted(pairs, key=lambda pair: pair[0].position)
    for (s, t), (s_next, t_next) in itertools.pairwise(in_order):
        between = [
            {*short.words[s.position + 1 : s_next.position]} - _ARTICLES,
            {*long.words[t.position + 1 : t_next.position]} - _ARTICLES,
        ]
        if t.position < t_next.position and set() in between and {"by"} in between:
            return s_next.stem
    return ""


def _is_limited(units: Sequence[Unit], met: Collection[int]) -> bool:
    """Whether an "only" that is not common stands before a word that is."""
    return any(
        unit.word == "only" and unit.position not in met and following.position in met
        for unit, following in itertools.pairwise(units)
    )


def _is_denied_once(s: Unit, t: Unit, short: Sequence[Unit], long: Sequence[Unit]) -> bool:
    """Whether a common word is denied in one only, wherever it stands there."""
    if s.is_denied == t.is_denied:
        return False
    ways_s = {u.is_denied for u in short if u.word == s.word}
    ways_t = {u.is_denied for u in long if u.word == t.word}
    return not ways_s & ways_t


def _stand_alike(
    s: Unit,
    t: Unit,
    short: Sequence[Unit],
    long: Sequence[Unit],
    pairs: Pairs,
) -> bool:
    """Whether two words have a common word as their neighbour on the same side."""
    met = {(a.position, b.position) for a, b in pairs}
    i = next(n for n, u in enumerate(short) if u.position == s.position)
    j = next(n for n, u in enumerate(long) if u.position == t.position)
    return any(
        0 <= i + step < len(short)
        and 0 <= j + step < len(long)
        and (short[i + step].position, long[j + step].position) in met
        for step in (-1, 1)
    )


def ends_apart(short: Wording, long: Wording, pairs: Pairs) -> bool:
    """Whether both go on, each its own way, after their last common word: English puts the
    subject first and what is said of it last.
    """
    last_s = max(s.position for s, _ in pairs)
    last_t = max(t.position for _, t in pairs)
    tail_s = sum(weight_of(u) for u in short.units if u.position > last_s)
    tail_t = sum(weight_of(u) for u in long.units if u.position > last_t)
    return min(tail_s, tail_t) >= 1 and tail_s + tail_t >= _MAX_TAILS_WEIGHT
