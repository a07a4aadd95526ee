"""Whether two statements mean the same though their words differ, as a model of meaning has it.

Theory of operation. A sentence embedding finds "signed in June" and "never signed" alike, and two
claims on one subject, too. So the model is asked last, about what the words leave open, and never
about a pair that differs in a denial, a figure, a length of time, an opposite, a name or the side
that it takes. And it is
asked word by word: each content word of either statement must have its like in the other one, as
both stand in their sentences, above all those that have it least. What two claims on one subject
have in common is the subject; the words that make the claim stay alone.

It is asked only about the few statements that were said nearest in time: retellings come within
days, and what is said in other words after weeks is an update.

Known exceptions: a figure of speech retold by what it means stays new. A name that begins a
sentence is not known to be one, unless it is a state's.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from schemas.base import Instant
from schemas.statement import Statement
from transforms.core.novelty.alignment import Pairs, is_name, pairs_of, weight_of
from transforms.core.novelty.comparison import Comparison
from transforms.core.novelty.contradictions import takes_other_side
from transforms.core.novelty.wording import Unit, Wording, are_antonyms, is_time_noun, wording_of

if TYPE_CHECKING:
    from transforms.core.ports import MeaningModel

#: The model is asked about so many statements of other articles, those said nearest in time,
#: and as many of the same article.
MAX_ASKED = 12
#: All were said within a fortnight, either way.
ASKED_WITHIN_SECONDS = 14 * 86400
_ASKED_WITHIN_MICROS = ASKED_WITHIN_SECONDS * 1_000_000
#: With fewer words that tell, too little is said to be retold; with more words, too much.
_MIN_TELLING = 4
_MAX_WORDS = 150
#: So alike, -1 to 1, is that part of the words of either which has the least alike in the other.
#: Chosen with all-MiniLM-L6-v2 on tests/golden/sameness.yaml and on a day's news: below it, every
#: other pair that the model found the same was not.
_MIN_LIKENESS = 0.32
_LEAST_ALIKE = 0.25


def no_model() -> None:
    """Where words alone decide: what loads no model."""


def nearest_in_time(memory: Iterable[Statement], candidate: Statement) -> list[Statement]:
    """What the model may be asked about: those under the candidate's name key that were said
    nearest to it, its own article's first.
    """
    near = [
        known
        for known in memory
        if known.name_key == candidate.name_key
        and abs(known.said_at.micros - candidate.said_at.micros) <= _ASKED_WITHIN_MICROS
    ]
    near.sort(key=functools.partial(by_nearness, candidate.said_at))
    here = [known for known in near if known.article_id == candidate.article_id]
    elsewhere = [known for known in near if known.article_id != candidate.article_id]
    return [*here[:MAX_ASKED], *elsewhere[:MAX_ASKED]]


def by_nearness(at: Instant, statement: Statement) -> tuple[int, str, int, str]:
    """What statements are sorted by, those said nearest to then first; ties by place and id."""
    distance = abs(statement.said_at.micros - at.micros)
    return distance, statement.article_url, statement.position, statement.id


def compare_meaning(known: str, candidate: str, model: MeaningModel) -> Comparison | None:
    """That the candidate repeats the known statement in other words, if the model says so."""
    a, b = wording_of(known), wording_of(candidate)
    telling_a, telling_b = _telling(a), _telling(b)
    if min(len(telling_a), len(telling_b)) < _MIN_TELLING:
        return None
    pairs = pairs_of(a, b)
    if _says_another_thing(a, b, pairs) or takes_other_side(known, candidate):
        return None
    likeness = model.likeness(a.words, b.words)
    one = {(s.position, t.position) for s, t in pairs}
    alike = [[1.0 if (i, j) in one else likeness[i][j] for j in telling_b] for i in telling_a]
    best = [max(row) for row in alike], [max(column) for column in zip(*alike, strict=True)]
    least = fmean(map(_least, best))
    if not least >= _MIN_LIKENESS:  # nor where it is not a number
        return None
    reason = f"the same in meaning, as {model.name} has it ({least:.2f})"
    return Comparison("repeats", max(0.0, min(1.0, fmean(map(fmean, best)))), reason)


def _least(values: Sequence[float]) -> float:
    """The mean of those words that have the least alike."""
    return fmean(sorted(values)[: max(1, math.floor(_LEAST_ALIKE * len(values)))])


def _telling(wording: Wording) -> list[int]:
    """The positions of the words that tell most; none of what is too long to be a statement."""
    if len(wording.words) > _MAX_WORDS:
        return []
    return [unit.position for unit in wording.units if weight_of(unit) == 1]


def _says_another_thing(a: Wording, b: Wording, pairs: Pairs) -> bool:
    """Whether they differ in what no likeness makes up for."""
    is_turned = any(_is_turned(a, s, b, t) for s, t in pairs)
    both_compare = "than" in a.words and "than" in b.words  # no likeness tells more from less
    if is_turned or both_compare or _claims(a) != _claims(b):
        return True
    rest_a, rest_b = _rest(a, (s for s, _ in pairs)), _rest(b, (t for _, t in pairs))
    has_times = _has_length_of_time(rest_a) and _has_length_of_time(rest_b)
    has_names = _has_name(rest_a, a) and _has_name(rest_b, b)
    return has_times or has_names or _have_opposites(rest_a, rest_b)


def _have_opposites(a: Iterable[Unit], b: Iterable[Unit]) -> bool:
    return any(are_antonyms(s.stem, t.stem) for s, t in itertools.product(a, b))


def _claims(wording: Wording) -> tuple[object, ...]:
    """How often it denies, its numbers, days and months, and whether it asks."""
    figures = {unit.word for unit in wording.units if unit.is_figure}
    return wording.denials, figures, "whether" in wording.words


def _is_turned(a: Wording, s: Unit, b: Wording, t: Unit) -> bool:
    """Whether a common word is denied, or only imagined, in one of the two."""
    return s.is_denied != t.is_denied or (s.position in a.unreal) != (t.position in b.unreal)


def _rest(wording: Wording, met: Iterable[Unit]) -> list[Unit]:
    positions = {unit.position for unit in met}
    return [unit for unit in wording.units if unit.position not in positions]


def _has_length_of_time(units: Iterable[Unit]) -> bool:
    return any(is_time_noun(unit.word) for unit in units)


def _has_name(units: Iterable[Unit], wording: Wording) -> bool:
    return any(is_name(unit, wording) for unit in units)
