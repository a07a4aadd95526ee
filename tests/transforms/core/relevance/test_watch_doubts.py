"""What is allowed in a watch and yet keeps it silent."""

from dataclasses import replace

import pytest

from connectors.watchfile.loading import bundled_watches, load_watch
from pipelines.settings.run_config import BUNDLED
from schemas.watch import Actor, Topic, Watch
from transforms.core.relevance.watch_doubts import watch_doubts

ACTORS = (
    Actor("sudan", "Sudan", "party", "army", ("Sudanese", "Khartoum")),
    Actor("rsf", "Rapid Support Forces", "party", "rsf", ("RSF", "Hemedti")),
    Actor("saudi", "Saudi Arabia", "official", "", ("Riyadh",)),
)
WATCH = Watch("w", "W", (), ACTORS, [Topic("talks", "Talks", ["Jeddah talks", "truce"], True)])


def doubts(*actors: Actor, topics: tuple[Topic, ...] = ()) -> list[str]:
    return list(
        watch_doubts(replace(WATCH, actors=actors or ACTORS, topics=topics or WATCH.topics))
    )


def phrase(text: str) -> list[str]:
    return doubts(topics=(Topic("talks", "Talks", ["truce", text], True),))


@pytest.mark.parametrize("name", bundled_watches(BUNDLED))
def test_no_bundled_watch_is_doubted(name: str) -> None:
    assert list(watch_doubts(load_watch(name, bundled=BUNDLED))) == []


@pytest.mark.parametrize("text", ["the", "of", "said", "and the", "he said", "a", "7", "2025", "I"])
def test_phrases_of_every_article_are_told(text: str) -> None:
    (doubt,) = phrase(text)
    assert doubt.startswith(f"topics[talks]: phrase {text!r} stands in every article; ")


@pytest.mark.parametrize(
    "text", ["US", "UN", "the Hague", "talks of peace", "up-river talks", "G7"]
)
def test_other_phrases_are_not(text: str) -> None:
    assert phrase(text) == []


@pytest.mark.parametrize("text", ["*", "—", "...", "??"])
def test_phrases_without_letters_are_told(text: str) -> None:
    (doubt,) = phrase(text)
    assert "has no letter" in doubt


@pytest.mark.parametrize("text", ["cease*", "truce|ceasefire", "talks?", "(peace) talks", "[a-z]+"])
def test_patterns_are_told(text: str) -> None:
    (doubt,) = phrase(text)
    assert "is taken as it stands" in doubt


def test_no_topic_about_negotiation_is_told() -> None:
    (doubt,) = doubts(topics=(Topic("river", "River", ["Nile"]),))
    assert "no topic is `about: negotiation`" in doubt


def test_a_side_that_is_known_by_one_name_is_told() -> None:
    rsf = replace(ACTORS[1], aliases=())
    (doubt,) = doubts(ACTORS[0], rsf, ACTORS[2])
    assert doubt.startswith("side 'rsf' is known only as 'Rapid Support Forces'; add aliases")
    chief = Actor("dagalo", "Mohamed Dagalo", "party", "rsf", ("Hemedti",))
    assert doubts(ACTORS[0], rsf, chief, ACTORS[2]) == []


def test_a_party_without_a_side_is_told_where_others_have_one() -> None:
    (doubt,) = doubts(*ACTORS, Actor("splm", "SPLM-North", "party", "", ("Hilu",)))
    assert doubt.startswith("actors[splm]: a party without a side")
    assert doubts(*(replace(actor, side="") for actor in ACTORS)) == []


def test_sides_without_a_mediator_are_told_that_others_outweigh_them() -> None:
    (doubt,) = doubts(*ACTORS[:2])
    assert doubts(*ACTORS[:2], Actor("un", "United Nations", "official", "", ("UN",))) == [doubt]
    assert "no state that mediates or hosts" in doubt
    assert "role: official" in doubt


def test_sides_that_are_no_states_are_told_that_their_country_outweighs_them() -> None:
    army = Actor("burhan", "Abdel Fattah al-Burhan", "party", "army", ("Burhan",))
    (doubt,) = doubts(army, ACTORS[1])
    assert doubt.startswith("no actor is a state")
    assert doubts(army, ACTORS[1], Actor("sudan", "Sudan", "official")) == []


def test_an_alias_that_is_every_word_is_told() -> None:
    (doubt,) = doubts(replace(ACTORS[0], aliases=("They",)), *ACTORS[1:])
    assert doubt.startswith("actors[sudan]: 'They' stands in every article")
