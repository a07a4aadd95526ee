"""Golden pairs of statements: how many of each relation the judge must get right."""

from collections import Counter

import pytest

from tests.support.golden_pairs import golden_pairs

PAIRS = list(golden_pairs())
#: What it gets right by words alone. A wrong merge swallows news: there are two, each of which says
#: another thing of the same subject, in the words of the first.
FLOORS = {
    "verbatim": 4,
    "truncated": 8,
    "edited": 8,
    "name_variant": 3,
    "retranslated": 2,
    "indirect": 8,
    "lead": 5,
    "contrary": 11,
    "different_day": 8,
    "other_speaker": 4,
    "different_claim": 11,
    "different_aspect": 9,
}


def test_there_are_pairs_of_every_relation() -> None:
    sizes = Counter(pair.relation for pair in PAIRS)
    assert set(sizes) == set(FLOORS)
    assert min(sizes.values()) >= 3
    assert len(PAIRS) >= 90


@pytest.mark.parametrize("relation", FLOORS)
def test_pairs_are_told_apart_or_kept_together(relation: str) -> None:
    of_it = [pair for pair in PAIRS if pair.relation == relation]
    missed = [f"{pair.a} | {pair.b}" for pair in of_it if not pair.is_found]
    assert len(of_it) - len(missed) >= FLOORS[relation], missed
