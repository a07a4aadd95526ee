"""Pairs of one invented person's words, by what was done to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.core.novelty import comparison as sameness
from transforms.core.novelty.comparison import compare
from transforms.core.novelty.wording import Unit, Wording

SAME = {
    "verbatim": (
        "Nobody signs a treaty in the rain.",
        "“Nobody signs a treaty in the rain”",
    ),
    "cut short": (
        "The envoys will meet again, because neither capital dares to be the first to stay away",
        "neither capital dares to be the first to stay away",
    ),
    "cut in the middle": (
        "Arden may open the port, repair the bridge and free the sailors, but it will never haul"
        " down the flag",
        "Arden will never haul down the flag",
    ),
    "fragment": (
        "In the end it was a bridge with no river under it, and everyone on both banks knew",
        "a bridge with no river under it",
    ),
    "British spelling": (
        "They organised a programme of visits and cancelled the one that would have mattered",
        "They organized a program of visits and canceled the one that would have mattered",
    ),
    "figures": (
        "Forty-five days and two hundred monitors will not cover a border of 1,200 kilometres",
        "45 days and 200 monitors won't cover a border of 1200 kilometres",
    ),
    "contractions": (
        "It isn't a plan, it's a wish, and they've known that since March",
        "It is not a plan, it is a wish, and they have known that since March",
    ),
    "brackets and ellipses": (
        "They will keep the ferry running because the ferry is all they have left to trade",
        "[The Ardenese] will keep the ferry running … because the ferry is all they have to trade",
    ),
    "told indirectly": (
        "My guess is that the harbour will be returned and the lighthouse will not",
        "the harbour would be returned but the lighthouse would not",
    ),
    "translated back": (
        "The soldiers will leave the valley before the snow, and the farmers will come home",
        "Before the snow comes, troops are to withdraw from the valley and farmers return",
    ),
    "put into a sentence of the writer's": (
        "They got a bell, a rope and a boat. It was no treaty, but please do not call it theft",
        "What Arden and Brevia had in Solm was “no treaty, but please do not call it theft",
    ),
    "acronym spelled out": (
        "The guild will vote to leave the JLC, and the regent will lose the paper in his desk",
        "the fire would push the guild to a vote on leaving the Joint Lake Commission",
    ),
    "if not, by itself": (
        "If both crews can stop for an hour, they can for a day, and if they cannot, then there's"
        " nothing to talk about",
        "If both crews can stop for an hour they can for a day; [if not] there is nothing to talk"
        " about",
    ),
    "possible, in two ways": (
        "The regent may open the lock for the timber boats this winter",
        "The regent might open the lock for the timber boats this winter",
    ),
    "only, told as nothing except": (
        "When they put down the phone, nothing except the hour will be different in the valley",
        "When they put down the phone, only the hour will be different in the valley",
    ),
}
DIFFERENT = {
    "denied": (
        "The harbour commission will publish the map before the vote",
        "The harbour commission will not publish the map before the vote",
    ),
    "denied twice": (
        "Arden will open the lock because it has been paid for the water",
        "Arden will not open the lock because it has not been paid for the water",
    ),
    "opposite": (
        "The loan strengthens the hand of Brevia at the table for another two winters",
        "The loan weakens the hand of Brevia at the table for another two winters",
    ),
    "opposite by prefix": (
        "A vote on the lake is legally possible while the guns are quiet",
        "A vote on the lake is legally impossible while the guns are quiet",
    ),
    "one word put for another": (
        "The plan of the two regents for the lake is probably finished",
        "The plan of the two regents for the lake is probably ripe",
    ),
    "changed places": (
        "Arden needs the ferry more than Brevia does, whatever its ministers say",
        "Brevia needs the ferry more than Arden does, whatever its ministers say",
    ),
    "changed places around a word": (
        "The pilots expect the fishermen to free the sailors before the thaw",
        "The fishermen expect the pilots to free the sailors before the thaw",
    ),
    "changed places, and forms": (
        "Brevia should pay for the repair of the lighthouse with Ardenian timber",
        "Arden should pay for the repair of the lighthouse with Brevian timber",
    ),
    "done, and done to": (
        "The pilots were cheated by the fishermen in the harbour last night",
        "The pilots cheated the fishermen in the harbour last night",
    ),
    "only of another": (
        "Only the regent can stop the quarrel by selling the island",
        "The regent can only stop the quarrel by selling the island",
    ),
    "denied by a verb": (
        "The commission denies having sold the keys of the lock to the pilots",
        "The commission sold the keys of the lock to the pilots",
    ),
    "certain, and possible": (
        "The regent will open the lock for the timber boats this winter",
        "The regent may open the lock for the timber boats this winter",
    ),
    "all, and some": (
        "All of the guilds support the toll on the western lock",
        "Some of the guilds support the toll on the western lock",
    ),
    "other numbers": (
        "They will settle for a toll of about 12 crowns before the first boat sails",
        "They will settle for a toll of about 30 crowns before the first boat sails",
    ),
    "other months": (
        "A first text could be initialled by June, since the lawyers have drafted most of it",
        "A first text could be initialled by October, since the lawyers have drafted most of it",
    ),
    "same subject, another claim": (
        "The joint patrol on the lake costs Brevia its last friend in the guild of fishermen",
        "The joint patrol on the lake lets Arden count every boat that leaves the harbour",
    ),
    "same story, other words": (
        "Nobody in the guild believes the regent will come",
        "The lighthouse was never the point; the cable under it was",
    ),
}


@pytest.mark.parametrize("done", SAME)
def test_the_same_is_kept_together(done: str) -> None:
    a, b = SAME[done]
    for known, candidate in ((a, b), (b, a)):
        found = compare(known, candidate)
        assert found.relation in ("repeats", "extends"), (done, found)


@pytest.mark.parametrize("done", DIFFERENT)
def test_what_differs_is_kept_apart(done: str) -> None:
    a, b = DIFFERENT[done]
    for known, candidate in ((a, b), (b, a)):
        found = compare(known, candidate)
        assert found.relation in ("contradicts", "other"), (done, found)
        assert found.reason


def test_words_added_extend_and_words_left_out_repeat() -> None:
    short = "Nobody signs a treaty in the rain"
    long = f"{short}, and nobody reads one before the harvest money has been counted"
    assert compare(short, long).relation == "extends"
    assert compare(long, short).relation == "repeats"


def test_too_little_in_common_tells_nothing() -> None:
    assert compare("No deal.", "A deal, perhaps, by spring").relation == "other"
    assert compare("", "Nobody signs").relation == "other"


def test_reasons_name_what_tells_them_apart() -> None:
    assert compare(*DIFFERENT["opposite"]).reason == "opposites (strengthen, weaken)"
    assert compare(*DIFFERENT["other numbers"]).reason == "other figures (12, 30)"
    assert compare(*DIFFERENT["denied"]).reason.startswith("one denies what the other says")


def test_a_long_text_is_aligned_by_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    aligned = sameness.pairs_of

    def counted(short: Wording, long: Wording) -> list[tuple[Unit, Unit]]:
        sizes.append((len(short.units), len(long.units)))
        return aligned(short, long)

    monkeypatch.setattr(sameness, "pairs_of", counted)
    words = [f"{a}{b}x" for a in "bcdfghjklmnp" for b in ("al", "em", "ir", "on", "ur") * 20]
    compare(" ".join(words), " ".join(reversed(words)))
    assert sizes == [(150, 150)]


VOCABULARY = [
    "Arden", "will", "not", "open", "the ferry", "before June", "because nobody", "trusts",
    "12 monitors", ",", "and no", "toll", "is paid",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)


@given(WORDS)
def test_a_statement_repeats_itself(text: str) -> None:
    assert compare(text, text).relation == "repeats"


@given(WORDS, WORDS)
def test_being_the_same_does_not_hang_on_which_came_first(a: str, b: str) -> None:
    same = ("repeats", "extends")
    assert (compare(a, b).relation in same) == (compare(b, a).relation in same)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_compare(a: str, b: str) -> None:
    assert 0 <= compare(a, b).similarity <= 1
