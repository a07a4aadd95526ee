from hypothesis import given
from hypothesis import strategies as st

from schemas.watch import Actor, Topic, Watch
from transforms.core.text.tags import Lexicon

WATCH = Watch(
    "w",
    "W",
    [],
    [
        Actor("white-house", "White House", "party", "us"),
        Actor("adviser", "White House Russia adviser", "party", "us"),
        Actor("us", "United States", "party", "us", ["US", "U.S.", "Washington"]),
        Actor("turkey", "Turkey", "official"),
        Actor("putin", "Vladimir Putin", "party", "russia", ["Putin"]),
        Actor("fleet", "Black Sea Fleet", "party", "russia"),
    ],
    [
        Topic("ceasefire", "Ceasefire", ["ceasefire", "cease-fire"], True),
        Topic("call", "Call", ["call with Putin"], True),
        Topic("black-sea", "Black Sea", ["Black Sea"]),
        Topic("crimea", "Crimea", ["Crimea", "Crimean"]),
        Topic("bridge", "Bridge", ["Crimean Bridge"]),
    ],
)
LEXICON = Lexicon([WATCH])


def found(text: str) -> dict[str, list[str]]:
    return {
        tag.id: [text[span.start : span.end] for span in tag.spans] for tag in LEXICON.find(text)
    }


def test_longest_name_wins() -> None:
    assert found("The White House Russia adviser left the White House.") == {
        "adviser": ["White House Russia adviser"],
        "white-house": ["White House"],
    }
    assert found("the Crimean Bridge in Crimea") == {
        "bridge": ["Crimean Bridge"],
        "crimea": ["Crimea"],
    }


def test_topic_inside_a_name_is_not_taken_but_an_actor_inside_a_topic_is() -> None:
    assert found("The Black Sea Fleet sailed.") == {"fleet": ["Black Sea Fleet"]}
    assert found("After his call with Putin") == {"call": ["call with Putin"], "putin": ["Putin"]}


def test_case_tells_names_from_words() -> None:
    assert found("US troops told us: turkey is served in Turkey.") == {
        "us": ["US"],
        "turkey": ["Turkey"],
    }
    assert found("CEASEFIRE! A Cease-fire, ceasefires") == {
        "ceasefire": ["CEASEFIRE", "Cease-fire", "ceasefires"]
    }


def test_possessives_and_dots() -> None:
    assert found("Putin’s U.S. visit; the U.S.") == {"putin": ["Putin"], "us": ["U.S", "U.S"]}


def test_names_of_media_and_institutes_are_not_places() -> None:
    assert found("wrote the Washington Post") == {}
    assert found("at the Washington Institute for Near East Policy") == {}
    assert found("in Washington, Post said") == {"us": ["Washington"]}


def test_names_used_otherwise_are_not_taken() -> None:
    watch = Watch(
        "v",
        "V",
        [],
        [Actor("georgia", "Georgia", "party", "g"), Actor("us", "Washington", "party", "us")],
        [Topic("truce", "Truce", ["truce"], True)],
    )
    lexicon = Lexicon([watch])
    for text in (
        "Georgia Moe sang in Atlanta, Georgia.",
        "Denzel Washington spoke of an Olympic truce.",
        "Georgia Republicans met in Washington state.",
    ):
        assert lexicon.find(text) == (), text
    text = "Georgia and Washington asked Georgia President Moe for a truce."
    assert {t.id: len(t.spans) for t in lexicon.find(text)} == {"georgia": 2, "us": 1, "truce": 1}


def test_watches_do_not_disturb_one_another() -> None:
    other = Watch("v", "V", [], [Actor("house", "House", "party")], [])
    tags = Lexicon([WATCH, other]).find("White House")
    assert {(tag.watch, tag.id) for tag in tags} == {("w", "white-house"), ("v", "house")}


def test_actor_and_topic_can_be_looked_up() -> None:
    assert LEXICON.actor("w", "putin").name == "Vladimir Putin"
    assert LEXICON.topic("w", "call").name == "Call"


@given(st.text(alphabet="WhiteHousPn .’’\nİß—é", max_size=60))
def test_spans_lie_in_the_text_in_order(text: str) -> None:
    for tag in LEXICON.find(text):
        assert list(tag.spans) == sorted(tag.spans, key=lambda s: s.start)
        assert all(s.end <= len(text) for s in tag.spans)


@given(st.text(), st.text())
def test_what_surrounds_a_name_as_its_own_word_changes_nothing(before: str, after: str) -> None:
    text = f"{before} | Vladimir Putin | {after}"
    (tag,) = [t for t in LEXICON.find(text) if t.id == "putin" and t.watch == "w"]
    assert any(text[s.start : s.end] == "Vladimir Putin" for s in tag.spans)
