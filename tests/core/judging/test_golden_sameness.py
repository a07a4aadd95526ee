"""Golden pairs of statements: how many of each relation the judge must get right."""

from collections import Counter

import pytest

from tests.support.golden_pairs import golden_pairs

PAIRS = {name: list(golden_pairs(name)) for name in ("sameness", "sameness_unseen")}
#: What it gets right by words alone: of the pairs that rules were made with, and of those written
#: after. A wrong merge swallows news: there are two, each of which says another thing of the same
#: subject, in the words of the first.
FLOORS = {
    "verbatim": (4, 2),
    "truncated": (8, 5),
    "edited": (8, 5),
    "name_variant": (3, 2),
    "retranslated": (3, 1),
    "indirect": (6, 5),
    "lead": (5, 3),
    "contrary": (11, 7),
    "reversed": (26, 0),
    "different_day": (8, 6),
    "other_speaker": (4, 2),
    "different_claim": (11, 7),
    "different_aspect": (9, 7),
}


@pytest.mark.parametrize(("name", "least"), [("sameness", 90), ("sameness_unseen", 60)])
def test_there_are_pairs_of_every_relation(name: str, least: int) -> None:
    sizes = Counter(pair.relation for pair in PAIRS[name])
    assert set(sizes) == {relation for relation, n in FLOORS.items() if n[name != "sameness"]}
    assert min(sizes.values()) >= 2
    assert len(PAIRS[name]) >= least


@pytest.mark.parametrize("number", range(2))
@pytest.mark.parametrize("relation", FLOORS)
def test_pairs_are_told_apart_or_kept_together(relation: str, number: int) -> None:
    of_it = [pair for pair in [*PAIRS.values()][number] if pair.relation == relation]
    missed = [f"{pair.a} | {pair.b}" for pair in of_it if not pair.is_found()]
    assert len(of_it) - len(missed) >= FLOORS[relation][number], missed
