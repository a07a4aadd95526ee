"""Names, genders, roles and the people behind pronouns."""

from __future__ import annotations

import itertools

import pytest

from transforms.core.people import named_people as people
from transforms.core.people.named_people import People
from transforms.core.people.roles import affiliation_in, clean, role_after
from transforms.core.quotes.antecedents import Antecedents, Candidate
from transforms.core.quotes.marks import Quoted, QuotedParts
from transforms.core.quotes.mentions import Mention
from transforms.core.quotes.resolution import Speakers

TEXT = "Lena Qvist met Bill Moss and his wife, Hannah Moss. Mr. Moss left. Qvist stayed."


def speakers_of(text: str, *quotes: Quoted) -> Speakers:
    return Speakers(People(text), Antecedents(text, QuotedParts(quotes), ()))


def mention_of(text: str, words: str, kind: str = "name", **more: object) -> Mention:
    start = text.rindex(words)
    return Mention(kind, words, start, start + len(words), **more)  # type: ignore[arg-type]


def test_a_last_name_stands_for_the_full_name() -> None:
    assert People(TEXT).full_name("Qvist", TEXT.index("Qvist stayed")) == "Lena Qvist"


def test_of_many_last_names_that_are_spelled_alike_only_some_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else an article of nothing but such names would cost a square."""
    compared: list[str] = []

    def counted(a: str, b: str) -> bool:
        compared.append(b)
        return False

    monkeypatch.setattr(people, "same_person", counted)
    alike = ["Hanit" + "".join(ends) + "m" for ends in itertools.product("iy", repeat=6)]
    text = ". ".join(f"Analyst Ann {last} spoke" for last in alike) + ". Mr Kanitim said no."
    assert People(text).full_name("Kanitim", len(text) - 20) == "Kanitim"
    assert 0 < len(set(compared)) <= 20


def test_of_two_people_with_one_last_name_the_courtesy_title_chooses() -> None:
    at = TEXT.index("Moss left")
    assert People(TEXT).full_name("Moss", at) == "Bill Moss"
    assert People(TEXT.replace("Mr. Moss", "Mrs. Moss")).full_name("Moss", at + 1) == "Hannah Moss"


def test_another_first_name_is_another_person() -> None:
    assert People(TEXT).full_name("Oskar Qvist", 60) == "Oskar Qvist"


def test_the_first_word_of_a_sentence_is_no_first_name() -> None:
    text = "Jane Doe came. Frankly Doe was late."
    assert People(text).full_name("Doe", len(text)) == "Jane Doe"


@pytest.mark.parametrize(
    ("name", "text", "gender"),
    [
        ("Lena Qvist", "Lena Qvist left.", "f"),
        ("Oyku Tan", "Ms. Oyku Tan left.", "f"),
        ("Tan", "Mr. Tan left.", "m"),
        ("Oyku Tan", "Oyku Tan left.", ""),
    ],
)
def test_gender_is_told_by_title_or_first_name(name: str, text: str, gender: str) -> None:
    assert People(text).gender(name) == gender


def test_a_pronoun_goes_by_gender() -> None:
    text = "Lena Qvist met Bill Moss. Then she left."
    resolved = speakers_of(text).resolve(mention_of(text, "she", "pronoun"), 0)
    assert resolved is not None
    assert (resolved.speaker.name, resolved.how) == ("Lena Qvist", "pronoun")


def test_a_pronoun_with_nobody_before_it_is_nobody() -> None:
    text = "He left before Bill Moss came."
    mention = Mention("pronoun", "He", 0, 2)
    assert speakers_of(text).resolve(mention, 0) is None


def test_who_is_named_inside_a_quotation_is_a_worse_candidate() -> None:
    text = "Bill Moss spoke. “Carl Voss lied. He lied,” he said."
    quoted = Quoted(text.index("Carl"), text.index("”"), text.index("“"), text.index("”") + 1, 0)
    at = text.rindex("he said")
    antecedents = Antecedents(text, QuotedParts([quoted]), ())
    antecedents.add(Candidate("moss", 0, "m"))
    antecedents.add(Candidate("voss", text.index("Carl"), "m"))
    assert [key for _, key in antecedents.rank(at, "pronoun", gender="m")] == ["moss", "voss"]


def test_candidates_after_the_pronoun_do_not_count() -> None:
    antecedents = Antecedents("x" * 50, QuotedParts([]), ())
    antecedents.add(Candidate("late", 40))
    antecedents.add(Candidate("early", 10))
    assert [c.key for c in antecedents.before(30)] == ["early"]


def test_a_description_stands_for_whom_the_role_fits() -> None:
    text = "Lena Qvist, a hydrologist, met Bill Moss, a broker. The hydrologist left."
    mention = mention_of(
        text, "The hydrologist", "description", head="hydrologist", is_definite=True
    )
    resolved = speakers_of(text).resolve(mention, 0)
    assert resolved is not None
    assert (resolved.speaker.name, resolved.how) == ("Lena Qvist", "description")


def test_a_description_of_nobody_in_particular_stays_unnamed() -> None:
    text = "Lena Qvist left. A hydrologist stayed."
    mention = mention_of(text, "A hydrologist", "description", head="hydrologist")
    resolved = speakers_of(text).resolve(mention, 0)
    assert resolved is not None
    assert not resolved.speaker.named
    assert resolved.speaker.name == "A hydrologist"


def test_two_near_candidates_make_a_doubtful_pronoun() -> None:
    text = "Carl Voss met Bill Moss. He left."
    resolved = speakers_of(text).resolve(mention_of(text, "He", "pronoun"), 0)
    assert resolved is not None
    assert not resolved.is_clear


@pytest.mark.parametrize(
    ("after", "role"),
    [
        (", a senior fellow at the Elbe Institute, said", "a senior fellow at the Elbe Institute"),
        (", who heads the river programme, said", "who heads the river programme"),
        (" is the director of the Harbour Centre.", "the director of the Harbour Centre"),
        (", director of studies at Sund University. He", "director of studies at Sund University"),
        (", speaking in Bonn, said", ""),
        (", a day later, said", ""),
        (" said", ""),
        (",\nDirector of nothing", ""),
    ],
)
def test_a_role_is_read_off_what_follows_the_name(after: str, role: str) -> None:
    assert role_after("Ann Lee" + after, len("Ann Lee")) == role


@pytest.mark.parametrize(
    ("role", "affiliation"),
    [
        ("a senior fellow at the Elbe Institute", "Elbe Institute"),
        ("the director of the Harbour Centre for Trade", "Harbour Centre for Trade"),
        ("head of Russia and Eurasia at Sund House", "Sund House"),
        ("an adviser to the president", ""),
        ("a professor of hydrology", ""),
    ],
)
def test_an_affiliation_is_the_body_that_the_role_names(role: str, affiliation: str) -> None:
    assert affiliation_in(role) == affiliation


def test_words_that_only_join_a_role_to_its_sentence_are_left_out() -> None:
    assert clean("While President") == "President"
    assert clean("who pledged to end the war in one day") == ""


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        (
            "The Tarn Herald met Walid Osk, a former envoy to Brevia.\nOsk laughed.",
            "Osk",
            "a former envoy to Brevia",
        ),
        (
            "Suvra Osk, lead grain analyst at Lake Bank, waited.\nOsk laughed.",
            "Osk",
            "lead grain analyst at Lake Bank",
        ),
        (
            "Alex De Osk, head of the Lake Institute, came.\nDe Osk and De Osk left. De Osk sang.",
            "De Osk",
            "head of the Lake Institute",
        ),
        (
            "“No,” said Suvra Osk of\u00a0the Lake\u00a0Institute.",
            "Suvra Osk",
            "of the Lake Institute",
        ),
    ],
)
def test_a_role_is_read_from_anywhere_in_the_article(text: str, name: str, role: str) -> None:
    resolved = speakers_of(text).resolve(mention_of(text, name), 0)
    assert resolved is not None
    assert resolved.speaker.role == role
