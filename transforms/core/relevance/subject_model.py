"""How likely a statement is about a negotiation: a logistic regression over what it and its
surroundings name.

The weights in ``languages/en/data/subject_model.json`` were fitted by
``tests/bench/train_subjects.py``; the file says on what, how much of it and when. No feature is a
word: all count or place the phrases of ``negotiation.txt`` ("talks" name a negotiation, "moves" are
what negotiators do, "other subjects" are battlefields and markets), so that new talks are judged
like those of the pages that it was fitted on.
"""

from __future__ import annotations

import functools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from schemas.base import Span
from transforms.core.logistic import Features, Logistic, load_model

#: From this probability a statement counts as being about the negotiation: of 0.3, 0.35, 0.4 and
#: 0.5 the one with the best F1 of experts' statements on outlets left out of the fit.
MIN_PROBABILITY = 0.3
#: Talks count as near when named within so many characters; one feature for each.
_NEAR_CHARS = (100, 300, 700, 1500)
#: "Before" and "after" reach so far.
_BESIDE_CHARS = 400
#: An article's lead ends after so many characters.
_LEAD_CHARS = 700
#: Counts end there: a fourth mention says no more than a third.
_MOST = 3
_MOST_PER_1000_CHARS = 6


@dataclass(frozen=True)
class Places:
    """Where an article names what the model counts: spans that do not overlap, in text order."""

    talks: Sequence[Span] = ()
    moves: Sequence[Span] = ()
    others: Sequence[Span] = ()
    chars: int = 1  #: of the article
    talks_in_title: bool = False
    talks_are_subject: bool = False


def features_of(spans: Sequence[Span], paragraph: Span, places: Places) -> dict[str, float]:
    """What the model sees of a statement that stands at ``spans`` in a paragraph.

    >>> truce = Places([Span(4, 9)], chars=60, talks_are_subject=True)
    >>> found = features_of([Span(0, 20)], Span(0, 60), truce)
    >>> [name for name, value in found.items() if value == 1]
    ['names talks', 'talks within 100', 'talks within 300', 'talks within 700', \
'talks within 1500', 'talks are the subject']
    """
    start, end = spans[0].start, spans[-1].end
    kinds = {"talks": places.talks, "moves": places.moves, "others": places.others}
    own = {name: sum(_within(hits, span) for span in spans) for name, hits in kinds.items()}
    distance = _distance(places.talks, start, end)
    near = {f"talks within {chars}": float(distance <= chars) for chars in _NEAR_CHARS}
    beside = {
        f"{name} in its paragraph": float(_within(hits, paragraph) > own[name])
        for name, hits in kinds.items()
    }
    per_1000 = 1000 / max(1, places.chars)
    return {
        "names talks": float(own["talks"] > 0),
        "names talks often": _few(own["talks"]),
        "names moves": float(own["moves"] > 0),
        "names moves often": _few(own["moves"]),
        "names others": float(own["others"] > 0),
        "names others often": _few(own["others"]),
        **near,
        **beside,
        "talks before it": _few(_starting(places.talks, start - _BESIDE_CHARS, start)),
        "talks after it": _few(_starting(places.talks, end, end + _BESIDE_CHARS)),
        "talks in the lead": _few(_starting(places.talks, 0, _LEAD_CHARS)),
        "talks in the title": float(places.talks_in_title),
        "talks are the subject": float(places.talks_are_subject),
        "moves often": min(1.0, len(places.moves) * per_1000 / _MOST_PER_1000_CHARS),
        "others often": min(1.0, len(places.others) * per_1000 / _MOST_PER_1000_CHARS),
    }


def _within(hits: Sequence[Span], place: Span) -> int:
    """How many of the hits stand in the place as a whole."""
    first = bisect_left(hits, place.start, key=_start_of)
    last = bisect_right(hits, place.end, key=_end_of)
    return max(0, last - first)


def _distance(hits: Sequence[Span], start: int, end: int) -> float:
    """Characters from the statement to the nearest hit; infinite if there is none."""
    after = bisect_left(hits, start, key=_start_of)
    beside = hits[max(0, after - 1) : after + 1]
    return min((max(start - h.end, h.start - end, 0) for h in beside), default=math.inf)


def _starting(hits: Sequence[Span], start: int, end: int) -> int:
    return bisect_left(hits, end, key=_start_of) - bisect_left(hits, start, key=_start_of)


_start_of, _end_of = attrgetter("start"), attrgetter("end")


def _few(count: int) -> float:
    return min(count, _MOST) / _MOST


@functools.lru_cache(maxsize=1)
def load_subject_model() -> Logistic:
    """The model that ships with Parley, read once a process."""
    return load_model("transforms.core.languages.en", "subject_model")


def probability(features: Features) -> float:
    """How likely, 0 to 1, a statement with these features is about the negotiation."""
    return load_subject_model().probability(features)
