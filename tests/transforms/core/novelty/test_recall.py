"""A look into an index judges as a look at everything does."""

import dataclasses
from collections.abc import Sequence
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from schemas.statement import Statement
from support.judged import judged, quoting
from support.meanings import FakeMeaning
from support.said import DAY, HORIZON, NOON
from transforms.core.novelty import meaning
from transforms.core.novelty import recall as recall_module
from transforms.core.novelty.comparison import compare
from transforms.core.novelty.fingerprints import terms_of
from transforms.core.novelty.judge import judge_commentary
from transforms.core.novelty.recall import MAX_USES, StatementIndex, nearest_ids, recall
from transforms.core.people.names import name_key

KEY = name_key("Ana Ruiz")
NAMES = ["Ana Ruiz", "Ruiz", "Jose Ruiz"]
#: Few words, so that many sentences of them are alike.
WORDS = "the a port lake treaty thaw price sign hold not never 12 30 before wins winning"
SENTENCES = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=12).map(" ".join)
SAID = st.lists(
    st.tuples(SENTENCES, st.sampled_from(NAMES), st.integers(0, 200)), min_size=1, max_size=12
)


def remember(said: Sequence[tuple[str, str, int]]) -> tuple[list[Statement], StatementIndex]:
    """All that was said, each in an article of its own, as a list and as an index."""
    everything: list[Statement] = []
    for number, (words, name, day) in enumerate(said):
        one, where = quoting(words, name=name, at=day * DAY, url=str(number))
        everything += judged(everything, one, where)[1]
    return everything, StatementIndex(everything)


@given(SAID, st.lists(SENTENCES, min_size=1, max_size=3), st.sampled_from(NAMES))
def test_the_index_loses_nothing(
    said: list[tuple[str, str, int]], words: list[str], name: str
) -> None:
    everything, index = remember(said)
    for url in ("new", "0"):  # an article that is new, and one that was read before
        one, where = quoting(*words, name=name, at=100 * DAY, url=url)
        known = recall(index, one, where, horizon_seconds=HORIZON)
        brute = judge_commentary(everything, one, where, horizon_seconds=HORIZON)
        assert judge_commentary(known, one, where, horizon_seconds=HORIZON) == brute


@given(SAID, st.lists(SENTENCES, min_size=1, max_size=3), st.sampled_from(NAMES))
def test_nor_does_it_where_a_model_is_asked(
    said: list[tuple[str, str, int]], words: list[str], name: str
) -> None:
    model = FakeMeaning("port lake", "treaty price", "sign hold", "thaw wins")
    with (
        mock.patch.object(meaning, "MAX_ASKED", 2),
        mock.patch.object(recall_module, "MAX_ASKED", 2),
        mock.patch.object(meaning, "_MIN_TELLING", 1),
    ):
        everything, index = remember(said)
        for url in ("new", "0"):
            one, where = quoting(*words, name=name, at=100 * DAY, url=url)
            known = recall(index, one, where, horizon_seconds=HORIZON, asks_meaning=True)
            brute, found = (
                judge_commentary(memory, one, where, horizon_seconds=HORIZON, model=model)
                for memory in (everything, known)
            )
            assert found == brute


@given(SENTENCES, SENTENCES)
def test_what_is_related_shares_terms_enough(known: str, candidate: str) -> None:
    if compare(known, candidate).relation == "other":
        return
    a, b = terms_of(KEY, known), terms_of(KEY, candidate)
    assert nearest_ids({"known": (len({*a} & {*b}), len(a))}, len(b)) == ["known"]


def test_under_a_name_that_says_very_much_what_is_rare_is_still_found() -> None:
    one, where = quoting("the thaw will open the port")
    (rare,) = judged([], one, where)[1]
    index = StatementIndex([rare])
    for number in range(MAX_USES + 1):
        index.add(dataclasses.replace(
            rare, id=str(number), text=f"the port has {number} bells", said_at=NOON + 60 + number
        ))  # fmt: skip
    again, later = quoting("the thaw will open the port, surely", at=DAY, url="later")
    terms = terms_of(KEY, "the thaw will open the port")
    shared = index.sharing(terms, NOON, NOON + HORIZON)
    assert shared[rare.id][0] >= 2
    known = recall(index, again, later, horizon_seconds=HORIZON)
    assert len(known) < 20
    assert judged(known, again, later)[0] == ["repeated"]
