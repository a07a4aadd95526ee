"""What makes the same words say another thing: a denial, a figure, an opposite, another mood."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence

from transforms.core.judging.alignment import Pairs
from transforms.core.judging.wording import Unit, Wording, are_antonyms


def contradiction(short: Wording, window: Sequence[Unit], long: Wording, pairs: Pairs) -> str:
    """What makes the same words say another thing; "" if nothing does.

    ``window`` is the part of the longer one that the shorter is held against.
    """
    denied = [s.stem for s, t in pairs if _is_denied_once(s, t, short.units, window)]
    if denied and (len(denied) > 1 or short.denials != long.denials):
        return f"one denies what the other says ({denied[0]})"
    met_s = {s.position for s, _ in pairs}
    met_t = {t.position for _, t in pairs}
    rest_s = [u for u in short.units if u.position not in met_s]
    rest_t = [u for u in window if u.position not in met_t]
    if figures := _other_figures(rest_s, rest_t):
        return f"other figures ({', '.join(figures)})"
    if any((s.position in short.unreal) != (t.position in long.unreal) for s, t in pairs):
        return "one tells what would have been"
    if _limits(short.units, met_s) or _limits(long.units, met_t):
        return "one says only"
    for s in rest_s:
        for t in rest_t:
            if are_antonyms(s.stem, t.stem) and _stand_alike(s, t, short.units, window, pairs):
                return f"opposites ({s.stem}, {t.stem})"
    return ""


def _limits(units: Sequence[Unit], met: Collection[int]) -> bool:
    """Whether an "only" that is not common stands before a word that is."""
    return any(
        unit.word == "only" and unit.position not in met and following.position in met
        for unit, following in itertools.pairwise(units)
    )


def _other_figures(a: Sequence[Unit], b: Sequence[Unit]) -> tuple[str, str] | None:
    """A number, day or month of each, if both have some and none in common."""
    figures_a = [u.stem for u in a if u.is_figure]
    figures_b = [u.stem for u in b if u.is_figure]
    if figures_a and figures_b and not set(figures_a) & set(figures_b):
        return figures_a[0], figures_b[0]
    return None


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
