"""The published schemas of watch and subscription files agree with the reader."""

import copy
import json
from pathlib import Path

import jsonschema
import pytest

from connectors.watchfile.loading import load_subscriptions, load_watch
from connectors.watchfile.located_yaml import read_located
from pipelines.settings.run_config import SAMPLE, WATCHES
from schemas.errors import ConfigurationError

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "schemas" / "watch.schema.json").read_text(encoding="utf8"))
SUBSCRIPTIONS = json.loads((ROOT / "schemas" / "subscriptions.schema.json").read_text("utf8"))
FILES = [*sorted(WATCHES.glob("*.yaml")), SAMPLE / "sample.yaml", SAMPLE / "template.yaml"]

#: A watch that uses every key.
WHOLE = {
    "$schema": "watch.schema.json",
    "version": 1,
    "id": "river",
    "title": "River talks",
    "contact": "desk@river.example",
    "languages": ["en"],
    "horizon": "30d",
    "max_age": "all",
    "alert_on": {"speakers": ["expert", "official"], "named": False, "min_confidence": 0.5},
    "feeds": [{"url": "https://river.example/rss", "publisher": "River Post"}],
    "actors": [
        {"id": "upper", "name": "Upperland", "role": "party", "side": "upper", "aliases": None},
        {"id": "un", "name": "United Nations", "role": "official", "aliases": ["UN"]},
    ],
    "topics": [
        {"id": "talks", "name": "Talks", "about": "negotiation", "phrases": ["river talks"]}
    ],
    "experts": {
        "always": ["Ida Roe", {"name": "Bo Lind", "affiliation": "Tidal Institute"}],
        "never": None,
        "institutions": ["Tidal Institute"],
    },
    "subscriptions": [
        {
            "name": "desk",
            "to": "webhook:https://desk.example/in",
            "secret": "${RIVER_SECRET}",
            "only": {"topics": "talks", "actors": ["upper"], "priority": "high"},
        },
        {
            "name": "morning",
            "to": "mailto:${RIVER_LIST}",
            "mute": {"speakers": "Bo Lind", "statements": ["0" * 32]},
            "digest": {"every": "monday", "at": "07:00"},
            "quiet": {"from": "22:00", "to": "06:30"},
            "budget": 5,
            "tz": "Europe/Kyiv",
            "unsubscribe": "https://desk.example/out",
        },
        {"name": "screen", "to": "terminal", "watches": "river"},
        {"name": "bursts", "to": "apprise:${RIVER_CHAT}", "group": "5m"},
    ],
}


def is_right(data: object, schema: dict = SCHEMA) -> bool:
    return jsonschema.Draft202012Validator(schema).is_valid(data)


def is_read(data: object, folder: Path) -> bool:
    path = folder / "watch.yaml"
    path.write_text(json.dumps(data), encoding="utf8")
    try:
        load_watch(str(path), environment={})
    except ConfigurationError:
        return False
    return True


def properties(part: object) -> list[dict]:
    if isinstance(part, list):
        return [found for each in part for found in properties(each)]
    if not isinstance(part, dict):
        return []
    named = list(part.get("properties", {}).values())
    return named + [found for each in part.values() for found in properties(each)]


@pytest.mark.parametrize("schema", [SCHEMA, SUBSCRIPTIONS], ids=["watch", "subscriptions"])
def test_a_schema_is_one_and_describes_every_property(schema: dict) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"].startswith("urn:parley:schemas/1/")
    assert len(properties(schema)) > 25
    assert [each for each in properties(schema) if not each.get("description")] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_bundled_watches_fit_and_name_the_schema(path: Path) -> None:
    assert is_right(read_located(path.read_bytes(), path.name).value)
    first = path.read_text(encoding="utf8").partition("\n")[0]
    assert first.startswith("# yaml-language-server: $schema=")
    named = (path.parent / first.partition("=")[2]).resolve()
    assert named == ROOT / "schemas" / "watch.schema.json"


def test_a_watch_with_every_key_fits_and_is_read(tmp_path: Path) -> None:
    assert is_right(WHOLE)
    assert is_read(WHOLE, tmp_path)


def changed(*path: object, to: object) -> dict:
    data = copy.deepcopy(WHOLE)
    holder: object = data
    for step in path[:-1]:
        holder = holder[step]  # type: ignore[index]
    holder[path[-1]] = to  # type: ignore[index]
    return data


@pytest.mark.parametrize(
    "wrong",
    [
        changed("version", to=2),
        changed("topcis", to=[]),
        changed("horizon", to="90 days"),
        changed("max_age", to="ever"),
        changed("languages", to=["english"]),
        changed("alert_on", "min_confidence", to=1.5),
        changed("alert_on", "speakers", to=["experts"]),
        changed("feeds", 0, to={"url": "river.example/rss"}),
        changed("feeds", 0, to={"url": "https://river.example/rss", "opml": "feeds.opml"}),
        changed("actors", 0, "role", to="mediator"),
        changed("actors", 0, "id", to="Upper Land"),
        changed("topics", 0, "about", to="talks"),
        changed("topics", 0, "phrases", to=[]),
        changed("topics", 0, "phrases", to="river talks"),
        changed("experts", "always", to=[{"affiliation": "Tidal Institute"}]),
        changed("subscriptions", 0, "to", to="maito:ann@desk.example"),
        changed("subscriptions", 0, "secret", to="whsec_MDEyMzQ1Njc4OQ=="),
        changed("subscriptions", 1, "digest", "at", to="7 am"),
        changed("subscriptions", 1, "budget", to=0),
        changed("contact", to="the desk"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses_too(wrong: dict, tmp_path: Path) -> None:
    assert not is_right(wrong)
    assert not is_read(wrong, tmp_path)


def test_a_file_of_subscriptions_may_name_its_schema(tmp_path: Path) -> None:
    data = {
        "$schema": "subscriptions.schema.json",
        "version": 1,
        "subscriptions": [{"name": "desk", "to": "atom:alerts.xml"}],
    }
    assert is_right(data, SUBSCRIPTIONS)
    path = tmp_path / "people.yaml"
    path.write_text(json.dumps(data), encoding="utf8")
    assert [each.name for each in load_subscriptions(path)] == ["desk"]
