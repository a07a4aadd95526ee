"""The JSON of ``parley annotate`` and ``parley explain --json``."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, get_args

import jsonschema
import pytest

from connectors.formats.annotation_json import annotation_json, best_match, explanation_json
from schemas.annotation import Category
from schemas.dossier import Dossier, Match
from support import alerts

ENGINE = {"parley": "0.1.0", "model": "en_core_web_sm 3.8.0"}


def _object(**properties: Any) -> dict[str, Any]:
    """A JSON Schema object with exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string", "minLength": 1}
OPTIONAL_TEXT = {"type": ["string", "null"], "minLength": 1}
YES_NO = {"type": "boolean"}
SPAN = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
OPTIONAL_SPAN = {"anyOf": [SPAN, {"type": "null"}]}
CATEGORY = {"enum": list(get_args(Category))}
STATEMENT = _object(
    content={**_list(SPAN), "minItems": 1},
    text=TEXT,
    kind={"enum": ["direct", "indirect", "mixed"]},
    form={"enum": ["inline", "block", "unmarked", "authored"]},
    speaker=TEXT,
    speaker_span=OPTIONAL_SPAN,
    speaker_as_written={"type": "string"},
    named=YES_NO,
    cue=OPTIONAL_TEXT,
    cue_span=OPTIONAL_SPAN,
    role=OPTIONAL_TEXT,
    affiliation=OPTIONAL_TEXT,
    category=CATEGORY,
    told_to=OPTIONAL_TEXT,
    actors=_list(TEXT),
    topics=_list(TEXT),
    on_negotiation=YES_NO,
    alertworthy=YES_NO,
    matches=_list(
        _object(
            watch=TEXT,
            category=CATEGORY,
            on_negotiation=YES_NO,
            alertworthy=YES_NO,
            reasons=_list(_object(code=TEXT, text=TEXT, spans=_list(SPAN))),
        )
    ),
    rule=TEXT,
    confidence={"type": "number", "minimum": 0, "maximum": 1},
)
ANNOTATION = {
    "schema_version": {"const": 1},
    "doc_id": TEXT,
    "engine": _object(parley=TEXT, model=TEXT),
    "statements": _list(STATEMENT),
    "tags": _list(_object(id=TEXT, type={"enum": ["actor", "topic"]}, spans=_list(SPAN))),
}
ARTICLE = _object(
    url=TEXT,
    title=OPTIONAL_TEXT,
    author=OPTIONAL_TEXT,
    publisher=OPTIONAL_TEXT,
    published_at=TEXT,
    language=OPTIONAL_TEXT,
    text={"type": "string"},
    paragraphs=_list(
        _object(
            start={"type": "integer"},
            end={"type": "integer"},
            kind={"enum": ["p", "blockquote", "heading", "item"]},
        )
    ),
)


def _annotation(dossier: Dossier | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        json.dumps(annotation_json("doc-1", dossier or alerts.dossier(), ENGINE))
    )
    return found


def test_annotation_has_exactly_the_promised_fields() -> None:
    jsonschema.validate(_annotation(), _object(**ANNOTATION))


def test_explanation_adds_the_article() -> None:
    explained = explanation_json(alerts.dossier(), ENGINE)
    jsonschema.validate(explained, _object(**ANNOTATION, article=ARTICLE))
    assert explained["doc_id"] == explained["article"]["url"] == alerts.URL
    assert explained["article"]["published_at"] == "2025-11-22T11:00:00Z"
    kinds = [paragraph["kind"] for paragraph in explained["article"]["paragraphs"]]
    assert kinds == ["heading", "p", "p", "blockquote", "p"]


def test_an_article_with_nothing_in_it() -> None:
    empty = dataclasses.replace(alerts.dossier(), tags=(), commentaries=())
    found = _annotation(empty)
    jsonschema.validate(found, _object(**ANNOTATION))
    assert found["statements"] == found["tags"] == []


def test_spans_give_back_the_words() -> None:
    first = _annotation()["statements"][0]
    words = [alerts.TEXT[start:end] for start, end in first["content"]]
    assert words == ["A ceasefire without a guarantee is a pause,", "and both sides know it."]
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
