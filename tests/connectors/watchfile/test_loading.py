"""Watches from files: what a good one becomes, and how a bad one is told about."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.watchfile.loading import bundled_watches, load_watch, load_watches
from schemas.errors import ConfigurationError
from schemas.feed import Feed
from schemas.subscription import Subscription
from schemas.watch import Actor, AlertPolicy, ListedExpert, Topic

GOOD: dict[str, Any] = {
    "version": 1,
    "id": "harbour-talks",
    "title": "Harbour talks",
    "languages": ["en"],
    "horizon": "60d",
    "max_age": "12h",
    "alert_on": {"speakers": ["expert", "official"], "named": False, "min_confidence": 0.5},
    "feeds": [{"url": "https://courier.example/rss", "publisher": "The Courier"}],
    "actors": [
        {"id": "vell", "name": "Ada Vell", "role": "party", "side": "north", "aliases": ["Vell"]},
        {"id": "quay", "name": "Quay Council", "role": "official"},
    ],
    "topics": [
        {"id": "truce", "name": "Truce", "about": "negotiation", "phrases": ["truce"]},
        {"id": "tolls", "name": "Tolls", "phrases": ["toll", "harbour dues"]},
    ],
    "experts": {"always": [{"name": "Ida Roe", "affiliation": "Tidal Institute"}], "never": ["Bo"]},
    "subscriptions": [{"name": "desk", "to": "atom:alerts.xml"}],
}
MINIMAL = "version: 1\nid: w\ntitle: W\ntopics: [{id: t, name: T, phrases: [t]}]\n"


def write(folder: Path, text: str, name: str = "w.yaml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf8")
    return str(path)


def mistakes(reference: str, **options: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_watch(reference, **options)
    return caught.value.mistakes


def test_a_whole_watch_becomes_plain_schema_types(tmp_path: Path) -> None:
    watch = load_watch(write(tmp_path, yaml.safe_dump(GOOD)))
    assert (watch.id, watch.title, watch.languages) == ("harbour-talks", "Harbour talks", ("en",))
    assert (watch.horizon_seconds, watch.max_age_seconds) == (60 * 86400, 12 * 3600)
    assert watch.alert_on == AlertPolicy(("expert", "official"), False, 0.5)
    assert watch.feeds == (Feed("https://courier.example/rss", "The Courier"),)
    assert watch.actors == (
        Actor("vell", "Ada Vell", "party", "north", ("Vell",)),
        Actor("quay", "Quay Council", "official"),
    )
    assert watch.topics == (
        Topic("truce", "Truce", ("truce",), is_negotiation=True),
        Topic("tolls", "Tolls", ("toll", "harbour dues"), is_negotiation=False),
    )
    assert watch.always_experts == (ListedExpert("Ida Roe", "Tidal Institute"),)
    assert watch.never_experts == (ListedExpert("Bo"),)
    assert watch.subscriptions == (Subscription("desk", "atom:alerts.xml"),)


def test_a_minimal_watch_gets_the_documented_defaults(tmp_path: Path) -> None:
    watch = load_watch(write(tmp_path, MINIMAL + "feeds:\nactors:\n"))
    assert (watch.feeds, watch.actors, watch.subscriptions) == ((), (), ())
    assert (watch.horizon_seconds, watch.max_age_seconds) == (90 * 86400, 7 * 86400)
    assert watch.alert_on == AlertPolicy(("expert",), True, 0.8)


def test_all_sets_no_age_limit(tmp_path: Path) -> None:
    assert load_watch(write(tmp_path, MINIMAL + "max_age: all\n")).max_age_seconds is None


TEN_MISTAKES = """\
version: 2
id: Harbour Talks
title: Harbour talks
horizon: 7x
alert_on: {speakers: [expert, pundit], min_confidence: 1.7}
feeds:
  - {url: "courier.example/rss", publisher: Courier}
  - {opml: missing.opml}
actors:
  - {id: vell, name: Ada Vell, role: boss, alias: [Vell]}
  - {id: vell, role: party}
topics:
  - {id: truce, name: Truce, phrases: [truce]}
  - {id: talks, name: Talks, about: negotiations, phrases: []}
subscriptions:
  - {name: desk, to: "webhook:https://desk.example/", secret: harbour}
  - {name: birds, to: "pigeon:loft"}
title: Again
"""


def test_every_mistake_is_told_in_one_go_with_line_place_value_and_remedy(tmp_path: Path) -> None:
    reference = write(tmp_path, TEN_MISTAKES)
    told = [line.removeprefix(f"{reference}:") for line in mistakes(reference, environment={})]
    assert [line.split(": ")[:2] for line in told] == [
        ["1", "version"],
        ["2", "id"],
        ["4", "horizon"],
        ["5", "alert_on.speakers[1]"],
        ["5", "alert_on.min_confidence"],
        ["7", "feeds[0].url"],
        ["8", "feeds[1].opml"],
        ["10", "actors[0].role"],
        ["10", "actors[0].alias"],
        ["11", "actors[1].id"],
        ["11", "actors[1].name"],
        ["14", "topics[1].about"],
        ["14", "topics[1].phrases"],
        ["16", "subscriptions[0].secret"],
        ["17", "subscriptions[1].to"],
        ["18", "title"],
    ]
    assert all("; " in line or "?" in line for line in told)
    text = "\n".join(told)
    for value in (
        "2 is not",
        "'Harbour Talks'",
        "'7x'",
        "'pundit'",
        "1.7",
        "'courier.example/rss'",
    ):
        assert value in text
    for remedy in ("did you mean 'aliases'?", "did you mean 'negotiation'?", "use one of party"):
        assert remedy in text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("horizont: 9d", "horizont: unknown key; did you mean 'horizon'?"),
        ("horizon: 9", "horizon: 9 is not text"),
        ("horizon: 0d", "horizon: '0d' is out of range"),
        ("horizon: 99999999d", "horizon: '99999999d' is out of range"),
        ("languages: [english]", "languages[0]: 'english' does not fit"),
        ("alert_on: {named: yes}", "alert_on.named: 'yes' is not true or false"),
        ("alert_on: [expert]", "alert_on: ['expert'] is not a mapping"),
        ("feeds: [https://a.example]", "feeds[0]: 'https://a.example' is not a mapping"),
        ("feeds: [{publisher: X}]", "feeds[0]: a feed has a url or an opml file"),
        ("feeds: [{url: 'http://u:p@a.example/'}]", "is not a web address"),
        ("feeds: [{url: 'http://a.example/', x: 1}]", "feeds[0].x: unknown key"),
        ("experts: {ever: []}", "experts.ever: unknown key; did you mean 'never'?"),
        ("experts: {always: [3]}", "experts.always[0]: 3 is not a mapping"),
        (
            "subscriptions: [{name: a, to: 'atom:'}]",
            "the atom target is not whole; write atom:FILE",
        ),
        (
            "subscriptions: [{name: a, to: 'pubsub:x'}]",
            "to: the target is no Pub/Sub address; write pubsub:",
        ),
        (
            "subscriptions: [{name: a, to: 'pubsub:projects/p1/subscriptions/abc'}]",
            "names a subscription; write pubsub:projects/PROJECT/topics/TOPIC",
        ),
        ("subscriptions: [{name: a, to: 'mailto:a b@c.example'}]", "not one plain mail address"),
        (
            "subscriptions: [{name: a, to: 'webhook:ftp://a.example'}]",
            "the webhook's address: not an http",
        ),
        (
            "subscriptions: [{name: a, to: terminal, digest: {}}]",
            "digest is for messages to people",
        ),
        (
            "subscriptions: [{name: a, to: terminal, budget: 0}]",
            "0 is out of range; write 1 or more",
        ),
        ("subscriptions: [{name: a, to: terminal, budget: few}]", "'few' is not a whole number"),
        (
            "subscriptions: [{name: a, to: 'mailto:a@b.cc', quiet: {from: '7:00', to: '08:00'}}]",
            "quiet.from: '7:00' is no time of day; write hours and minutes",
        ),
        (
            "subscriptions: [{name: a, to: 'mailto:a@b.cc', quiet: {from: '07:00', to: '07:00'}}]",
            "quiet: begins and ends at 07:00; give two times",
        ),
        (
            "subscriptions: [{name: a, to: terminal, mute: {statements: [s-1]}}]",
            "mute.statements[0]: 's-1' does not fit; write an id of 32 digits and letters",
        ),
        (
            "subscriptions: [{name: a, to: 'mailto:a@b.example', digest: {at: '25:00'}}]",
            "digest.at: '25:00' is no time of day",
        ),
        (
            "subscriptions: [{name: a, to: 'mailto:a@b.example', digest: {}, group: 5m}]",
            "group stands beside digest; keep one of them",
        ),
        (
            "subscriptions: [{name: a, to: 'mailto:a@b.example', tz: Europe/Kyivv}]",
            "tz: 'Europe/Kyivv' is no time zone",
        ),
        (
            "subscriptions: [{name: a, to: terminal, only: {topics: [tulks]}}]",
            "only.topics[0]: 'tulks' is none of the watch's topics; ",
        ),
        (
            "subscriptions: [{name: a, to: terminal, only: {topic: [talks]}}]",
            "only.topic: unknown key; did you mean 'topics'?",
        ),
        ('title: "a\\ab"', "the key stands twice, first on line 3"),
        ('actors: [{id: a, name: "a\\eb", role: party}]', "holds control characters"),
    ],
)
def test_a_mistake_says_what_to_do(tmp_path: Path, line: str, told: str) -> None:
    found = mistakes(write(tmp_path, MINIMAL + line))
    assert len(found) == 1
    assert told in found[0]
    assert found[0].startswith(f"{tmp_path}/w.yaml:5: ")


def test_a_key_that_is_written_wrongly_is_not_told_as_missing_too(tmp_path: Path) -> None:
    (line,) = mistakes(write(tmp_path, MINIMAL.replace("topics:", "topcs:")))
    assert "topcs: unknown key; did you mean 'topics'?" in line


def test_names_that_two_actors_share_are_told(tmp_path: Path) -> None:
    data = copy.deepcopy(GOOD)
    data["actors"][1]["aliases"] = ["vell"]
    (line,) = mistakes(write(tmp_path, yaml.safe_dump(data)))
    assert "'vell' also names actors[0]; keep it at one of them" in line


def test_a_watch_without_topics_is_refused(tmp_path: Path) -> None:
    (line,) = mistakes(write(tmp_path, "version: 1\nid: w\ntitle: W\n"))
    assert line.endswith(":1: topics: is missing; add topics: …")


@pytest.mark.parametrize("text", ["", "- a\n", "just words\n", "~"])
def test_what_is_no_mapping_is_no_watch(tmp_path: Path, text: str) -> None:
    (line,) = mistakes(write(tmp_path, text))
    assert "this is not a watch" in line


class TestSecrets:
    def test_variables_are_replaced_from_the_environment(self, tmp_path: Path) -> None:
        text = MINIMAL + "subscriptions: [{name: a, to: 'atom:${OUT_DIR}/a.xml'}]\n"
        watch = load_watch(write(tmp_path, text), environment={"OUT_DIR": "/srv/out"})
        assert watch.subscriptions == (Subscription("a", "atom:/srv/out/a.xml"),)

    @pytest.mark.parametrize("environment", [{}, {"HOOK": ""}])
    def test_an_unset_variable_is_left_as_it_stands(
        self, tmp_path: Path, environment: dict[str, str]
    ) -> None:
        text = MINIMAL + "subscriptions: [{name: a, to: '${HOOK}', secret: ['${HOOK}']}]\n"
        (found,) = load_watch(write(tmp_path, text), environment=environment).subscriptions
        assert found == Subscription("a", "${HOOK}", ["${HOOK}"])

    @pytest.mark.parametrize("target", ["pigeon:${HOOK}", "terminal:${HOOK"])
    def test_an_unset_variable_hides_no_mistake_beside_it(
        self, tmp_path: Path, target: str
    ) -> None:
        text = MINIMAL + f"subscriptions: [{{name: a, to: '{target}'}}]\n"
        (line,) = mistakes(write(tmp_path, text), environment={})
        assert "subscriptions[0].to: the " in line

    @pytest.mark.parametrize(
        "subscription",
        [
            "{name: a, to: '${HOOK}'}",
            "{name: a, to: 'apprise:slack://s3cret-token', secret: x}",
            "{name: a, to: 'webhook:https://a.example/s3cret-token', digest: {}}",
            "{name: a, to: 'webhook:https://s3cret-token@a.example/'}",
            "{name: a, to: 'mailto:s3cret-token'}",
            "{name: a, to: 's3cret-token'}",
            "{name: a, to: ['s3cret-token']}",
            "{name: a, to: 'webhook:https://x.example', secret: s3cret-token}",
            "{name: a, to: 'webhook:https://x.example', secret: [s3cret-token]}",
            "{name: a, to: terminal, secret: '${HOOK}'}",
            "'webhook:https://x.example/s3cret-token'",
            "[{name: a, to: s3cret-token}]",
            "{name: a, to: {webhook: s3cret-token}}",
            "{name: a, webhook: s3cret-token, to: terminal}",
        ],
    )
    def test_no_mistake_shows_a_secret(self, tmp_path: Path, subscription: str) -> None:
        text = MINIMAL + f"subscriptions: [{subscription}]\n"
        lines = mistakes(write(tmp_path, text), environment={"HOOK": "webhook:s3cret-token"})
        assert lines
        assert not any("s3cret" in line for line in lines)

    def test_variables_elsewhere_are_left_alone(self, tmp_path: Path) -> None:
        text = MINIMAL.replace("title: W", "title: '${HOME}'")
        assert load_watch(write(tmp_path, text)).title == "${HOME}"


class TestOpml:
    def test_a_list_beside_the_watch_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "feeds.opml").write_text(
            '<opml><body><outline text="A" xmlUrl="https://a.example/rss"/>'
            '<outline text="B" xmlUrl="https://b.example/rss"/></body></opml>'
        )
        feeds = "feeds: [{url: 'https://a.example/rss', publisher: Mine}, {opml: feeds.opml}]\n"
        watch = load_watch(write(tmp_path, MINIMAL + feeds))
        assert watch.feeds == (
            Feed("https://a.example/rss", "Mine"),
            Feed("https://b.example/rss", "B"),
        )

    def test_each_mistake_in_it_is_told_with_both_places(self, tmp_path: Path) -> None:
        (tmp_path / "feeds.opml").write_text(
            '<opml>\n<outline xmlUrl="x"/>\n<outline xmlUrl="y"/></opml>'
        )
        lines = mistakes(write(tmp_path, MINIMAL + "feeds: [{opml: feeds.opml}]\n"))
        assert [line.split("w.yaml:")[1].split(" is not")[0] for line in lines] == [
            "5: feeds[0].opml: feeds.opml:2: 'x'",
            "5: feeds[0].opml: feeds.opml:3: 'y'",
        ]


class TestReferences:
    def test_a_bundled_name_stands_for_its_file(self, tmp_path: Path) -> None:
        write(tmp_path, MINIMAL, "harbour.yaml")
        single = tmp_path / "elsewhere"
        single.mkdir()
        write(single, MINIMAL.replace("id: w", "id: s"), "sample.yaml")
        bundled = [tmp_path, single / "sample.yaml"]
        assert list(bundled_watches(bundled)) == ["harbour", "sample"]
        assert [w.id for w in load_watches(["sample", "harbour"], bundled=bundled)] == ["s", "w"]

    def test_an_unknown_name_lists_the_known_ones(self, tmp_path: Path) -> None:
        write(tmp_path, MINIMAL, "harbour-talks.yaml")
        (line,) = mistakes("harbor-talks", bundled=[tmp_path])
        assert "did you mean 'harbour-talks'?" in line
        assert "(bundled: harbour-talks)" in line

    def test_a_missing_file_is_told_as_a_file(self, tmp_path: Path) -> None:
        (line,) = mistakes(f"{tmp_path}/gone.yaml", bundled=[tmp_path])
        assert line == f"{tmp_path}/gone.yaml: no such file; give a watch's file or name"

    def test_a_folder_is_no_watch(self, tmp_path: Path) -> None:
        (line,) = mistakes(str(tmp_path))
        assert "is a folder" in line

    def test_the_mistakes_of_all_watches_are_told(self, tmp_path: Path) -> None:
        references = [write(tmp_path, "a: 1\n", f"{name}.yaml") for name in ("one", "two")]
        with pytest.raises(ConfigurationError) as caught:
            load_watches(references)
        assert {line.split(":")[0] for line in caught.value.mistakes} == set(references)

    def test_one_id_twice_is_a_mistake(self, tmp_path: Path) -> None:
        references = [write(tmp_path, MINIMAL, name) for name in ("a.yaml", "b.yaml")]
        with pytest.raises(ConfigurationError, match="watch id 'w' is given twice"):
            load_watches(references)


def places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in nested data."""
    inner: list[tuple[Any, ...]] = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type]
    if isinstance(value, (dict, list)):
        for key, part in items:
            inner += (
                places(part, (*path, key)) if isinstance(part, (dict, list)) else [(*path, key)]
            )
    return inner


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(places(GOOD)), odd=ODD)
def test_any_value_anywhere_loads_or_is_told_with_its_line(
    tmp_path: Path, place: tuple[Any, ...], odd: object
) -> None:
    data = copy.deepcopy(GOOD)
    holder: Any = data
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = odd
    reference = write(tmp_path, yaml.safe_dump(data, allow_unicode=True))
    told = ["no mistake"]
    try:
        load_watch(reference, environment={})
    except ConfigurationError as error:
        told = [line.removeprefix(f"{reference}:") for line in error.mistakes]
    assert told
    assert all(line == "no mistake" or line[0].isdigit() for line in told)
    assert all(line.isprintable() for line in told)
