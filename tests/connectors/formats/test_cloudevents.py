"""Alert events: the CloudEvents form, and the schema that is published for it."""

from __future__ import annotations

import copy
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas
from connectors.formats.cloudevents import (
    DATA_SCHEMA,
    event_of,
    instant,
    json_line,
    write_json_line,
)
from schemas.base import Instant
from support import alerts

SCHEMA: dict[str, Any] = json.loads(
    (Path(schemas.__file__).parent / "alert.schema.json").read_text(encoding="utf8")
)

#: The fields that were promised, by the object that holds them.
PROMISED = {
    "": "specversion id source type subject time datacontenttype dataschema data",
    "data": "watch revision follows priority bundle speaker article statements reasons timing",
    "bundle": "id others",
    "speaker": "id name role affiliation category evidence first_seen new_voice",
    "article": "url title publisher published_at is_dated language told_to is_copy copy_of",
    "statement": "id text kind form verdict confidence context_before context_after attribution "
    "actors topics about nearby link occurrences nearest",
    "nearest": "id text url said_at relation similarity reason",
    "reason": "code text",
    "timing": "published_at seen_at fetched_at alerted_at sent_at",
}


def _validate(event: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(event)


def _objects(event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    data = event["data"]
    statement = data["statements"][0]
    return {
        "": event,
        "data": data,
        "statement": statement,
        "nearest": statement["nearest"],
        "reason": data["reasons"][0],
        **{name: data[name] for name in ("bundle", "speaker", "article", "timing")},
    }


def test_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == DATA_SCHEMA
    assert DATA_SCHEMA.endswith("/alert.schema.json")


@pytest.mark.parametrize("name", PROMISED)
def test_schema_event_and_promise_name_the_same_fields(name: str) -> None:
    part = SCHEMA["$defs"][name] if name else SCHEMA
    promised = PROMISED[name].split()
    assert sorted(part["properties"]) == sorted(part["required"]) == sorted(promised)
    assert part["additionalProperties"] is False
    assert list(_objects(event_of(alerts.alert()))[name]) == promised


@pytest.mark.parametrize(
    "alert",
    [
        alerts.alert(),
        alerts.okafor(),
        alerts.bare_alert(),
        alerts.hostile_alert(),
        alerts.alert(type="updated", revision=2, priority="high"),
        alerts.alert(type="withdrawn", follows="alert-older"),
    ],
)
def test_events_satisfy_the_schema(alert: alerts.Alert) -> None:
    _validate(json.loads(json_line(event_of(alert))))


def test_envelope() -> None:
    event = event_of(alerts.alert(type="updated"))
    assert {k: v for k, v in event.items() if k != "data"} == {
        "specversion": "1.0",
        "id": "alert-mirren",
        "source": "parley/riverside-talks",
        "type": "parley.commentary.updated",
        "subject": "k-mirren",
        "time": "2025-11-22T12:00:00Z",
        "datacontenttype": "application/json",
        "dataschema": DATA_SCHEMA,
    }


def test_what_an_article_does_not_give_is_null() -> None:
    data = event_of(alerts.bare_alert())["data"]
    speaker = data["speaker"]
    assert [speaker[k] for k in ("role", "affiliation", "evidence", "first_seen")] == [None] * 4
    article = data["article"]
    nulls = [article[k] for k in ("title", "publisher", "language", "told_to", "copy_of")]
    assert nulls == [None] * 5
    assert article["is_copy"] is False
    statement = data["statements"][0]
    assert [statement[k] for k in ("context_before", "context_after", "nearest")] == [None] * 3
    assert statement["actors"] == statement["topics"] == data["bundle"]["others"] == []


def test_a_copy_names_its_original() -> None:
    article = alerts.dataclasses.replace(alerts.ARTICLE, copy_of="https://wire.example/1")
    data = event_of(alerts.alert(article=article))["data"]["article"]
    assert (data["is_copy"], data["copy_of"]) == (True, "https://wire.example/1")


def test_values_reach_the_event() -> None:
    data = event_of(alerts.alert())["data"]
    assert data["bundle"] == {"id": "bundle-1", "others": ["Tom Okafor"]}
    assert data["statements"][0]["confidence"] == 0.9346
    assert data["statements"][0]["nearest"]["similarity"] == 0.3142
    assert [s["verdict"] for s in data["statements"]] == ["new", "repeated"]
    assert data["reasons"][1] == {"code": "names_topic", "text": "speaks of ceasefire"}
    assert data["timing"] == {
        "published_at": "2025-11-22T11:00:00Z",
        "seen_at": "2025-11-22T11:30:00Z",
        "fetched_at": "2025-11-22T11:31:40Z",
        "alerted_at": "2025-11-22T12:00:00Z",
        "sent_at": None,
    }


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("type",), "parley.commentary.maybe"),
        (("time",), "2025-11-22T12:00:00+01:00"),
        (("surprise",), 1),
        (("data", "speaker", "shoe_size"), 44),
        (("data", "speaker", "category"), "sage"),
        (("data", "statements"), []),
        (("data", "article", "publisher"), ""),
        (("data", "article", "is_copy"), None),
        (("data", "revision"), 0),
    ],
)
def test_schema_refuses_what_is_not_promised(path: tuple[str, ...], value: Any) -> None:
    event = copy.deepcopy(event_of(alerts.alert()))
    part = event
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        _validate(event)


@pytest.mark.parametrize("name", [name for name in PROMISED if name])
def test_schema_refuses_a_field_left_out(name: str) -> None:
    for field in PROMISED[name].split():
        event = copy.deepcopy(event_of(alerts.alert()))
        del _objects(event)[name][field]
        with pytest.raises(jsonschema.ValidationError):
            _validate(event)


def test_fractions_of_a_second_are_kept() -> None:
    assert instant(Instant(micros=1_500_000)) == "1970-01-01T00:00:01.500000Z"


@given(st.text())
def test_a_line_of_json_is_one_line_and_gives_its_words_back(words: str) -> None:
    line = json_line({"words": words})
    assert len(line.decode("utf8").splitlines()) == 1
    assert json.loads(line) == {"words": words}


def test_a_line_of_json_cannot_act_on_a_terminal() -> None:
    shown = json_line({"words": alerts.HOSTILE}).decode("utf8")
    assert shown.rstrip("\n").isprintable()
    assert json.loads(shown) == {"words": alerts.HOSTILE}


def test_write_json_line() -> None:
    stream = io.BytesIO()
    write_json_line(stream, {"a": 1})
    write_json_line(stream, {"b": "„"})
    assert stream.getvalue().decode("utf8") == '{"a": 1}\n{"b": "„"}\n'
