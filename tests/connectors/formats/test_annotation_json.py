"""The JSON of ``parley annotate`` and ``parley explain --json``."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

import schemas
from connectors.formats.annotation_json import (
    FIELDS,
    annotation_json,
    best_match,
    explanation_json,
    read_fields,
)
from schemas.annotation import Category
from schemas.dossier import Dossier, Match
from support import alerts

ENGINE = {"parley": "0.1.0", "model": "en_core_web_sm 3.8.0"}


SCHEMA = json.loads(
    (Path(schemas.__file__).parent / "annotation.schema.json").read_text(encoding="utf8")
)


def validate(row: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(row)


def _annotation(dossier: Dossier | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        json.dumps(annotation_json("doc-1", dossier or alerts.dossier(), ENGINE))
    )
    return found


def test_the_published_schema_describes_every_field() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    parts = SCHEMA["$defs"].values()
    described = [each for part in parts for each in part.get("properties", {}).values()]
    assert len(described) > 40
    assert [each for each in described if not each.get("description")] == []
    assert SCHEMA["$defs"]["statement"]["properties"]["category"]["enum"] == list(
        get_args(Category)
    )


def test_annotation_has_exactly_the_promised_fields() -> None:
    annotation = _annotation()
    validate(annotation)
    properties = SCHEMA["$defs"]["statement"]["properties"]
    assert {*annotation["statements"][0]} == {*properties} == {*FIELDS} - {"tags"}


def test_only_the_fields_that_are_asked_for_are_given() -> None:
    found = annotation_json("doc-1", alerts.dossier(), ENGINE, read_fields("speaker,content"))
    validate(found)
    assert {*found["statements"][0]} == {"speaker", "content"}
    assert "tags" not in found
    less = annotation_json("doc-1", alerts.dossier(), ENGINE, read_fields("-matches"))
    assert {*_annotation()["statements"][0]} - {*less["statements"][0]} == {"matches"}
    assert less["tags"]


@pytest.mark.parametrize("given", ["", " ", ","])
def test_no_fields_are_all(given: str) -> None:
    assert read_fields(given) == FIELDS


@pytest.mark.parametrize("given", ["matchs", "-matchs", "text,-matches", "text;speaker", "-", "--"])
def test_wrong_fields_are_told(given: str) -> None:
    with pytest.raises(ValueError, match="; "):
        read_fields(given)


def test_explanation_adds_the_article() -> None:
    explained = explanation_json(alerts.dossier(), ENGINE)
    validate(explained)
    assert explained["doc_id"] == explained["article"]["url"] == alerts.URL
    assert explained["article"]["published_at"] == "2025-11-22T11:00:00Z"
    kinds = [paragraph["kind"] for paragraph in explained["article"]["paragraphs"]]
    assert kinds == ["heading", "p", "p", "blockquote", "p"]


def test_an_article_with_nothing_in_it() -> None:
    empty = dataclasses.replace(alerts.dossier(), tags=(), commentaries=())
    found = _annotation(empty)
    validate(found)
    assert found["statements"] == found["tags"] == []


def test_spans_give_back_the_words() -> None:
    first = _annotation()["statements"][0]
    words = [alerts.TEXT[start:end] for start, end in first["content"]]
    assert words == ["A ceasefire without a guarantee is a pause,", "and both sides know it."]
    assert first["text"] == " … ".join(words)
    assert alerts.TEXT[slice(*first["speaker_span"])] == first["speaker_as_written"]
    assert alerts.TEXT[slice(*first["cue_span"])] == first["cue"] == "said"


def test_statements_stand_in_text_order_across_speakers() -> None:
    reversed_ = dataclasses.replace(
        alerts.dossier(), commentaries=tuple(reversed(alerts.dossier().commentaries))
    )
    speakers = [statement["speaker"] for statement in _annotation(reversed_)["statements"]]
    assert speakers == ["Ada Mirren", "Analysts", "Tom Okafor"]


def test_the_best_matching_watch_decides() -> None:
    first, second, third = _annotation()["statements"]
    assert (first["on_negotiation"], first["alertworthy"]) == (True, True)
    assert (second["on_negotiation"], second["alertworthy"]) == (False, False)
    assert second["named"] is False
    assert (third["alertworthy"], third["cue"], third["cue_span"]) == (True, None, None)
    assert [match["watch"] for match in first["matches"]] == ["grain-talks", "riverside-talks"]


def test_without_a_watch_the_article_alone_decides() -> None:
    dossier = alerts.dossier()
    (commentary, *_) = dossier.commentaries
    bare = dataclasses.replace(commentary.occurrences[0], matches=())
    alone = dataclasses.replace(
        dossier, commentaries=(dataclasses.replace(commentary, occurrences=(bare,)),)
    )
    (statement,) = _annotation(alone)["statements"]
    assert statement["category"] == "expert"
    assert statement["alertworthy"] is statement["on_negotiation"] is False


def _match(watch: str, *, category: str = "expert", about: bool, due: bool, held: bool) -> Match:
    return Match(watch, category, "", about, due, held)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        (
            _match("a", about=True, due=True, held=True),
            _match("b", about=True, due=True, held=False),
        ),
        (
            _match("a", about=True, due=False, held=False),
            _match("b", about=True, due=True, held=True),
        ),
        (
            _match("a", about=False, due=False, held=False),
            _match("b", category="party", about=True, due=False, held=False),
        ),
        (
            _match("a", category="official", about=False, due=False, held=False),
            _match("b", about=False, due=False, held=False),
        ),
    ],
)
def test_best_match(worse: Match, better: Match) -> None:
    assert best_match([worse, better]) is better
    assert best_match([better, worse]) is better
    assert best_match([better, dataclasses.replace(better, watch="c")]) is better
    assert best_match([]) is None


def test_tags_are_merged_over_watches() -> None:
    ceasefire, truce = alerts.span("ceasefire"), alerts.span("truce")
    kremlin = alerts.span("The Kremlin")
    assert _annotation()["tags"] == [
        {"id": "kremlin", "type": "actor", "spans": [[kremlin.start, kremlin.end]]},
        {
            "id": "ceasefire",
            "type": "topic",
            "spans": [[ceasefire.start, ceasefire.end], [truce.start, truce.end]],
        },
    ]
