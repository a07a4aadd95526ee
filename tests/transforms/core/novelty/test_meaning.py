"""A model of meaning is asked last, about little, and overrules nothing."""

from __future__ import annotations

import pytest

from schemas.statement import Statement
from support.meanings import AllAlike, FakeMeaning
from support.said import DAY, HORIZON, NOON
from transforms.core.novelty.judge import judge
from transforms.core.novelty.meaning import MAX_ASKED, compare_meaning, nearest_in_time

KNOWN = "The fishermen fear that the regent sold the harbour to strangers"
RETOLD = "Crews on the quay worry their port has been handed by the ruler to outsiders"
ALIKE = FakeMeaning(
    "fishermen crews", "fear worry", "regent ruler", "sold handed", "strangers outsiders quay"
)
#: Pairs that differ in what no likeness of words makes up for.
OTHER = {
    "denial": ("Merchants will quickly repair the broken bell", "No bell is mended by traders"),
    "number": ("Eleven merchants will mend the bell quickly", "Twelve traders repair a chime"),
    "one number only": ("Merchants will quickly mend the bell", "Twelve traders repair a chime"),
    "month": ("Merchants will mend the bell by March", "In August traders repair a chime"),
    "day": ("Merchants quickly mend the bell on Monday", "Traders repair their chime by Friday"),
    "length of time": ("Merchants mend the bell in a week", "Traders take years to repair chimes"),
    "opposite": ("Merchants strengthen the old bell tower", "Traders weaken their ancient belfry"),
    "reward": ("Merchants punish the old bell ringer", "Traders reward their ancient chimer"),
    "price": ("Merchants sell the bell at higher rates", "Traders hawk cheaper chimes to rooks"),
    "stock": ("Merchants replenish the old bell tower", "Traders deplete their ancient belfry"),
    "loss": ("Merchants surrender the old bell tower", "Traders recover their ancient belfry"),
    "more or less": ("Merchants love bells more than rain", "Traders prize hail less than chimes"),
    "side": ("Old merchants support the bell tower", "Traders urge shutdown of bell sites"),
    "name": ("Now the merchants of Solm mend the bell", "In Tarn traders repair some chime"),
    "state": ("Merchants mend the bell for Israel", "Traders repair a chime for Egypt"),
}  # fmt: skip


def said(text: str, at: float = 0, *, name: str = "Ana Ruiz", article: str = "") -> Statement:
    """A statement in an article of its own, unless one is named."""
    article = article or f"{text} {at}"
    return Statement(f"{text} {at}", "ruiz", name, text, article, article, "", NOON + at)


def test_a_retelling_is_found_by_meaning_and_its_verdict_says_so() -> None:
    known = said(KNOWN)
    assert judge([known], said(RETOLD, DAY), horizon_seconds=HORIZON).novelty == "new"
    verdict = judge([known], said(RETOLD, DAY), horizon_seconds=HORIZON, model=ALIKE)
    assert (verdict.novelty, verdict.statement_id) == ("repeated", known.id)
    assert verdict.nearest
    assert verdict.nearest.reason == "the same in meaning, as fake has it (1.00)"
    assert verdict.nearest.similarity == 1


@pytest.mark.parametrize("differs_in", OTHER)
def test_a_model_that_finds_all_alike_overrules_nothing(differs_in: str) -> None:
    a, b = OTHER[differs_in]
    assert compare_meaning(a, b, AllAlike()) is None
    assert compare_meaning(b, a, AllAlike()) is None


def test_it_would_find_these_the_same_but_for_that() -> None:
    a, b = "Merchants will quickly mend the bell", "Traders repair a broken chime"
    assert compare_meaning(a, b, AllAlike())


def test_anothers_words_are_never_the_same() -> None:
    other = said(KNOWN, name="Jose Ruiz")
    verdict = judge([other], said(RETOLD, DAY), horizon_seconds=HORIZON, model=AllAlike())
    assert verdict.novelty == "new"


def test_it_is_not_asked_what_the_words_decide() -> None:
    model = AllAlike()
    for words in (KNOWN, KNOWN.replace("fear", "do not fear"), KNOWN.replace("regent", "abbot")):
        judge([said(KNOWN)], said(words, DAY), horizon_seconds=HORIZON, model=model)
    assert model.asked == []


def test_it_is_asked_about_few_that_were_said_nearest_in_time() -> None:
    candidate = said(RETOLD, 10 * DAY, article="here")
    memory = [said(KNOWN, 600 * n) for n in range(3 * MAX_ASKED)]
    memory += [said(KNOWN, 10 * DAY, article="here"), said(KNOWN, 25 * DAY), said(KNOWN, -5 * DAY)]
    asked = nearest_in_time(memory, candidate)
    assert asked[0].article_id == "here"
    assert asked[1:] == memory[3 * MAX_ASKED - 1 : 2 * MAX_ASKED - 1 : -1]
    model = FakeMeaning()
    judge(memory, candidate, horizon_seconds=HORIZON, model=model)
    assert len(model.asked) == 1 + MAX_ASKED


def test_too_little_or_too_much_is_no_retelling() -> None:
    assert compare_meaning("The regent fears", "A ruler worries", AllAlike()) is None
    assert compare_meaning(KNOWN, " ".join([RETOLD] * 12), AllAlike()) is None


def test_a_model_that_gives_no_numbers_decides_nothing() -> None:
    class Broken(FakeMeaning):
        def likeness(self, a: object, b: object) -> list[list[float]]:
            return [[float("nan")] * 99] * 99

    assert compare_meaning(KNOWN, RETOLD, Broken()) is None
