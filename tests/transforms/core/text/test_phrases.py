from hypothesis import given
from hypothesis import strategies as st

from transforms.core.text.phrases import (
    Hit,
    Phrase,
    PhraseScan,
    fold,
    inflected,
    leftmost_longest,
    plain,
    read_sections,
    spelling_of,
)


def scan(*written: str) -> PhraseScan[str]:
    return PhraseScan(Phrase(spelling_of(w), w, "any", w) for w in written)


@given(st.text())
def test_folding_never_moves_a_character(text: str) -> None:
    assert len(fold(text)) == len(text) == len(plain(text))


@given(st.text())
def test_plain_text_is_letters_digits_and_spaces(text: str) -> None:
    assert all(c == " " or c.isalnum() for c in plain(text))


@given(
    st.lists(st.sampled_from(["İzmir", "trüce", "peace talks", "U.S.", "ß", "€", "…"])),
    st.sampled_from([" ", ", ", "\n\n", " — "]),
)
def test_hits_slice_to_what_was_looked_for(words: list[str], gap: str) -> None:
    text = gap.join(words)
    for hit in scan("Izmir", "truce", "peace talk", "peace talks").hits(text):
        assert spelling_of(text[hit.start : hit.end]) == spelling_of(hit.value)


def test_words_are_found_whole_and_across_styles() -> None:
    found = scan("cease-fire", "talk")
    assert [h.value for h in found.hits("Cease‑fire? A cease fire; small-talk.")] == [
        "cease-fire",
        "cease-fire",
        "talk",
    ]
    assert not list(found.hits("ceasefires talked"))


def test_longest_hit_wins_and_equals_are_kept() -> None:
    hits = [Hit(0, 12, "a"), Hit(0, 5, "b"), Hit(6, 12, "c"), Hit(13, 20, "d"), Hit(13, 20, "e")]
    assert [h.value for h in leftmost_longest(hits)] == ["a", "d", "e"]


def test_plurals() -> None:
    assert [list(inflected(w))[-1] for w in ("talk", "treaty", "spokesman", "sanctions")] == [
        "talks",
        "treaties",
        "spokesmen",
        "sanctions",
    ]


def test_every_lexicon_can_be_read() -> None:
    for file in ("roles", "institutions", "names", "negotiation", "wording"):
        sections = read_sections(f"{file}.txt")
        assert sections
        assert all(sections.values()), file
