"""What Parley understood of one article as JSON: the lines of ``parley annotate``, and
``parley explain --json``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from connectors.formats.cloudevents import instant, rounded
from schemas.annotation import Category, Tag
from schemas.article import Article
from schemas.base import Span
from schemas.dossier import Commentary, Dossier, Match, Occurrence

#: Rises when a field changes its meaning or goes. ``schemas/annotation.schema.json`` is the form.
SCHEMA_VERSION = 1
#: What `--fields` names: a statement's fields, and the tags beside the statements.
FIELDS = (
    "content", "text", "kind", "form", "speaker", "speaker_span", "speaker_as_written", "named",
    "cue", "cue_span", "role", "affiliation", "category", "told_to", "actors", "topics",
    "on_negotiation", "alertworthy", "matches", "rule", "confidence", "tags",
)  # fmt: skip


def annotation_json(
    doc_id: str,
    dossier: Dossier,
    engine: Mapping[str, str],
    fields: Collection[str] = FIELDS,
) -> dict[str, Any]:
    """Every attributed statement, in text order, and every tag, with the ``fields`` asked for.

    ``engine`` names the versions of what found them. Spans are [start, end) in code points
    of the text. What the text does not give is null.
    """
    said = list(dossier.occurrences())
    said.sort(key=lambda pair: _place(pair[1]))
    statements = [_statement(dossier.article.text, *pair) for pair in said]
    annotation: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "doc_id": doc_id,
        "engine": dict(engine),
        "statements": [{k: v for k, v in row.items() if k in fields} for row in statements],
    }
    if "tags" in fields:
        annotation["tags"] = _tags(dossier.tags)
    return annotation


def read_fields(given: str) -> tuple[str, ...]:
    """The fields that ``given`` names, or all but those that it names with a minus.

    Raises:
        ValueError: with problem and remedy, parted by a semicolon.

    >>> read_fields("text, speaker"), "matches" in read_fields("-matches,-tags")
    (('text', 'speaker'), False)
    """
    names = [name.strip() for name in given.split(",") if name.strip()]
    fields = {name.removeprefix("-") for name in names}
    if unknown := sorted(fields.difference(FIELDS)):
        raise ValueError(f"{unknown[0][:40]!r} is no field; use {', '.join(FIELDS)}")
    if len({name.startswith("-") for name in names}) > 1:
        raise ValueError(f"{given!r} names and leaves out; either name fields, or -FIELD those")
    if given.strip(" ,").startswith("-") or not names:
        return tuple(field for field in FIELDS if field not in fields)
    return tuple(field for field in FIELDS if field in fields)


def explanation_json(dossier: Dossier, engine: Mapping[str, str]) -> dict[str, Any]:
    """The annotation of one article, known by its URL, together with the article."""
    annotation = annotation_json(dossier.article.url, dossier, engine)
    return {**annotation, "article": _article(dossier.article)}


def best_match(matches: Sequence[Match]) -> Match | None:
    """The match of the watch that the statement suits best; of equals, the first.

    An alert comes before a held one, that before being about the watch's negotiation at
    all, and that before an expert who speaks of something else.
    """
    return max(matches, key=_suitability, default=None)


def _suitability(match: Match) -> tuple[bool, bool, bool, bool]:
    sent = match.is_sent
    return sent, match.is_alertworthy, match.on_negotiation, match.category == "expert"


def _place(occurrence: Occurrence) -> int:
    return min((span.start for span in occurrence.attribution.quotation.spans), default=0)


def _statement(text: str, commentary: Commentary, occurrence: Occurrence) -> dict[str, Any]:
    attribution, speaker = occurrence.attribution, commentary.speaker
    beside_cue = attribution.speaker
    best = best_match(occurrence.matches)
    category: Category = best.category if best else speaker.category
    return {
        "content": spans_json(attribution.quotation.spans),
        "text": " … ".join(text[s.start : s.end] for s in attribution.quotation.spans),
        "kind": attribution.quotation.kind,
        "form": attribution.quotation.form,
        "speaker": speaker.name,
        "speaker_span": _span(beside_cue.span),
        "speaker_as_written": beside_cue.as_written,
        "named": speaker.named,
        "cue": attribution.cue.text if attribution.cue else None,
        "cue_span": _span(attribution.cue.span if attribution.cue else None),
        "role": speaker.role or beside_cue.role or None,
        "affiliation": speaker.affiliation or beside_cue.affiliation or None,
        "category": category,
        "told_to": attribution.told_to or None,
        "actors": list(occurrence.actors),
        "topics": list(occurrence.topics),
        "on_negotiation": best is not None and best.on_negotiation,
        "alertworthy": best is not None and best.is_alertworthy,
        "matches": [_match(match) for match in occurrence.matches],
        "rule": attribution.rule,
        "confidence": rounded(attribution.confidence),
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "watch": match.watch,
        "category": match.category,
        "on_negotiation": match.on_negotiation,
        "alertworthy": match.is_alertworthy,
        "reasons": [
            {"code": reason.code, "text": reason.text, "spans": spans_json(reason.spans)}
            for reason in match.reasons
        ],
    }


def _tags(tags: Iterable[Tag]) -> list[dict[str, Any]]:
    """One tag per type and id, with the places that any watch found, in text order."""
    places: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for tag in tags:
        found = places.setdefault((tag.type, tag.id), set())
        found.update((span.start, span.end) for span in tag.spans)
    return [
        {"id": id_, "type": type_, "spans": [list(place) for place in sorted(found)]}
        for (type_, id_), found in sorted(places.items())
    ]


def _article(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "title": article.title or None,
        "author": article.author,
        "publisher": article.publisher or None,
        "published_at": instant(article.published_at),
        "language": article.language or None,
        "text": article.text,
        "paragraphs": [
            {"start": paragraph.start, "end": paragraph.end, "kind": paragraph.kind}
            for paragraph in article.paragraphs
        ],
    }


def spans_json(spans: Iterable[Span]) -> list[list[int]]:
    """The spans as pairs of code point offsets."""
    return [[span.start, span.end] for span in spans]


def _span(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span is not None else None
