"""Whether a statement is about a negotiation, and which words say so.

Decided on the statement first, then on its surroundings: a statement that names no talks
may still be about them ("He has no intention of stopping") when the paragraphs round it are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from schemas.annotation import Annotation, Attribution, Tag
from schemas.base import Span
from schemas.watch import Topic, Watch


@dataclasses.dataclass(frozen=True)
class Subject:
    """What a watch finds in and around one statement."""

    on_negotiation: bool
    reason: str  #: for people
    sureness: float  #: 0 to 1


def surroundings(annotation: Annotation, attribution: Attribution) -> Span:
    """The paragraphs that hold the quotation, and one neighbour on each side."""
    spans = attribution.quotation.spans
    start, end = spans[0].start, spans[-1].end
    paragraphs = annotation.article.paragraphs
    held = [i for i, p in enumerate(paragraphs) if p.start < end and start < p.end]
    if not held:
        return Span(start, end)
    first, last = max(0, held[0] - 1), min(len(paragraphs) - 1, held[-1] + 1)
    return Span(min(start, paragraphs[first].start), max(end, paragraphs[last].end))


def tags_within(tags: Sequence[Tag], places: Sequence[Span]) -> list[Tag]:
    """The tags with a span inside one of the places."""
    return [
        tag
        for tag in tags
        if any(p.start <= s.start and s.end <= p.end for s in tag.spans for p in places)
    ]


def subject_of(annotation: Annotation, attribution: Attribution, watch: Watch) -> Subject:
    """Whether the statement is about the watch's negotiation, with the reason."""
    tags = [tag for tag in annotation.tags if tag.watch == watch.id]
    inside = tags_within(tags, attribution.quotation.spans)
    around = tags_within(tags, [surroundings(annotation, attribution)])
    topics = {topic.id: topic for topic in watch.topics if topic.is_negotiation}
    if named := _topics(inside, topics):
        return Subject(True, f"mentions {_list(named)}", 0.95)
    parties = sorted({tag.id for tag in inside if tag.type == "actor"})
    if (near := _topics(around, topics)) and parties:
        return Subject(True, f"names {_list(parties)}; near {_list(near)}", 0.85)
    if near:
        return Subject(True, f"stands near {_list(near)}", 0.75)
    return Subject(False, "neither it nor its surroundings name a negotiation topic", 0.9)


def _topics(tags: Sequence[Tag], topics: dict[str, Topic]) -> list[str]:
    names = [topics[tag.id].name for tag in tags if tag.type == "topic" and tag.id in topics]
    return list(dict.fromkeys(names))


def _list(names: Sequence[str]) -> str:
    """At most three names, for a reason."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
