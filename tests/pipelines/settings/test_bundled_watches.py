"""The bundled watches: valid, large enough, and with terms that a scan can find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import pipelines
from connectors.watchfile.fields import read_duration
from connectors.watchfile.loading import bundled_watches, load_watch
from connectors.watchfile.watch_models import (
    ActorItem,
    AlertOnItem,
    ExpertItem,
    ExpertsItem,
    TopicItem,
    WatchedFeed,
    WatchItem,
)
from pipelines.settings.run_config import BUNDLED
from schemas.watch import AlertPolicy, Watch
from transforms.core.text.tags import Lexicon

WATCHES = Path(pipelines.__file__).parent / "watches"
TEMPLATE = Path(pipelines.__file__).parent / "sample" / "template.yaml"
NAMES = list(bundled_watches([WATCHES]))

#: actors, topics, feeds: at least.
SIZES = {"ukraine-peace-talks": (60, 25, 25)}
OTHERS = (30, 15, 10)


@pytest.fixture(params=NAMES)
def watch(request: pytest.FixtureRequest) -> Watch:
    return load_watch(request.param, bundled=[WATCHES], environment={})


def test_there_is_the_watch_that_parley_was_made_for() -> None:
    assert "ukraine-peace-talks" in NAMES


def test_a_watch_is_called_as_its_file(watch: Watch) -> None:
    assert watch.id in NAMES
    assert watch == load_watch(watch.id, bundled=[WATCHES], environment={})


def test_a_watch_is_large_enough(watch: Watch) -> None:
    actors, topics, feeds = SIZES.get(watch.id, OTHERS)
    assert len(watch.actors) >= actors
    assert len(watch.topics) >= topics
    assert len(watch.feeds) >= feeds


def test_a_watch_asks_for_sure_named_experts_and_delivers_to_the_terminal(watch: Watch) -> None:
    assert watch.alert_on.categories == ("expert",)
    assert watch.alert_on.named_only
    assert [s.to for s in watch.subscriptions] == ["terminal"]
    assert (watch.always_experts, watch.never_experts) == ((), ())


def test_every_party_has_a_side_and_there_are_two_sides_at_least(watch: Watch) -> None:
    sides = {actor.side for actor in watch.actors if actor.role == "party"}
    assert "" not in sides
    assert len(sides) >= 2


def test_every_feed_says_where_its_address_is_from(watch: Watch) -> None:
    text = (WATCHES / f"{watch.id}.yaml").read_text(encoding="utf8")
    assert "could NOT be tried" in text
    for feed in watch.feeds:
        (line,) = [line for line in text.splitlines() if f'"{feed.url}"' in line]
        assert "# [" in line.partition("}")[2], feed.url
        assert feed.publisher


def test_every_term_is_found_where_it_stands_alone(watch: Watch) -> None:
    lexicon = Lexicon([watch])
    for actor in watch.actors:
        for name in (actor.name, *actor.aliases):
            found = {tag.id for tag in lexicon.find(f"Then {name} spoke.")}
            assert actor.id in found, name
    for topic in watch.topics:
        for phrase in topic.phrases:
            found = {tag.id for tag in lexicon.find(f"It was about {phrase}, they said.")}
            assert topic.id in found, phrase


def test_the_template_is_valid_and_shows_every_key() -> None:
    watch = load_watch(str(TEMPLATE), environment={})
    assert watch.id == "template"
    text = TEMPLATE.read_text(encoding="utf8")
    items = (WatchItem, AlertOnItem, ActorItem, TopicItem, WatchedFeed, ExpertsItem, ExpertItem)
    for item in items:
        keys = {field.alias or name for name, field in item.model_fields.items()} - {"$schema"}
        for key in keys:
            assert f"{key}:" in text, key


def test_the_template_shows_the_defaults() -> None:
    shown, left_out = load_watch(str(TEMPLATE)), WatchItem.model_fields
    assert shown.languages == tuple(left_out["languages"].default)
    assert shown.horizon_seconds == read_duration(left_out["horizon"].default)
    assert shown.max_age_seconds == read_duration(left_out["max_age"].default)
    assert shown.alert_on == AlertPolicy()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Zelenskyy and Zelenskiy and Zelensky", ["zelensky"]),
        ("Steve Whitkoff met Kirill Dmitriyev.", ["dmitriev", "witkoff"]),
        ("Erdogan and Erdoğan spoke to Orban.", ["erdogan", "orban"]),
        ("The Black Sea Fleet left; a Black Sea truce holds.", ["black-sea", "black-sea-deal"]),
        ("Let us talk. The US agreed.", ["united-states"]),
        ("Cease-fires and truces", ["ceasefire"]),
        (
            "The Zaporizhzhia nuclear plant near Zaporizhzhia",
            ["southern-regions", "zaporizhzhia-plant"],
        ),
        ("The White House said so.", ["white-house"]),
        ("They ate turkey in china dishes.", []),
    ],
)
def test_ukraine_peace_talks_tags(text: str, ids: list[str]) -> None:
    lexicon = Lexicon([load_watch("ukraine-peace-talks", bundled=[WATCHES])])
    assert sorted(tag.id for tag in lexicon.find(text)) == ids


def test_help_names_them_all(parley: Any) -> None:
    shown = parley("check", "--help").out
    assert [name for name in bundled_watches(BUNDLED) if name not in shown] == []
