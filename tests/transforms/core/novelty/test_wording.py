import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.core.languages.en.numerals import joined_numbers
from transforms.core.novelty.wording import are_antonyms, wording_of


def denied(text: str) -> list[str]:
    return [unit.stem for unit in wording_of(text).units if unit.is_denied]


def test_house_style_makes_no_difference() -> None:
    a = wording_of("It's the Arden government's “last” offer — 50 per cent, they won't raise it!")
    b = wording_of("It is the Arden government “last” offer: fifty percent; they will not raise it")
    assert a.words == b.words


def test_negation_reaches_to_the_end_of_its_clause() -> None:
    assert denied("They will not sign the treaty, they will read it") == ["sign", "treaty"]
    assert denied("not a bridge but a ferry") == ["bridg"]
    assert denied("The truce costs the fleet nothing") == ["truc", "cost", "fleet"]
    assert denied("no longer small") == ["small"]
    assert denied("not " + 10 * "the " + "bridge") == ["bridg"]
    assert denied("not " + 20 * "the " + "bridge") == []  # a text of nothing else costs no square


def test_two_negations_are_none() -> None:
    assert denied("They will not never sign") == []


def test_month_of_may_is_no_modal() -> None:
    assert "maymonth" in wording_of("They met in May again").content
    assert "maymonth" not in wording_of("May they meet? They may meet").content


def test_synonyms_are_one_word() -> None:
    assert wording_of("the troops withdraw").content & wording_of("a soldier").content


def test_antonyms_hold_both_ways() -> None:
    assert are_antonyms("weaken", "strengthen")
    assert are_antonyms("strengthen", "weaken")
    assert are_antonyms("willing", "unwilling")
    assert not are_antonyms("sign", "design")


def test_number_words_are_figures() -> None:
    def numbers(text: str) -> list[str]:
        return list(joined_numbers(text.split()))

    assert numbers("two hundred and fifty thousand men") == ["250000", "men"]
    assert numbers("a thousand and one nights") == ["a", "1001", "nights"]
    assert numbers("ten and twenty") == ["10", "and", "20"]
    assert numbers("one by one") == ["one", "by", "one"]
    assert numbers("3.5 million and more") == ["3.5", "1000000", "and", "more"]
    assert numbers("in 2025 twelve envoys") == ["in", "2025", "12", "envoys"]
    assert numbers("hundred") == ["100"]
    assert numbers("² " + "9" * 5000) == ["²", "9" * 5000]


NUMERALS = ["one", "twenty", "two", "hundred", "and", "million", "7", "2025", "by", "3.5"]


@given(st.lists(st.sampled_from(NUMERALS)))
def test_any_run_of_number_words_is_read(words: list[str]) -> None:
    assert all(joined_numbers(words))


@given(st.text(max_size=200))
def test_any_text_has_a_wording(text: str) -> None:
    wording = wording_of(text)
    assert all(0 <= unit.position < len(wording.words) for unit in wording.units)


@pytest.mark.parametrize("unit", ["one hundred and ", "million ", "two thousand ", "seventy "])
def test_a_run_of_number_words_without_end_is_no_number(unit: str) -> None:
    assert len(wording_of(unit * 4_000).words) >= 4_000
