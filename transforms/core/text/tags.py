"""Where a text names the actors and topics of the watches.

This module knows spelling and nesting; it does not know grammar and never sees a parse, so
that it can decide whether one is worth its price.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence

from schemas.annotation import Tag, TagType
from schemas.base import Span
from schemas.watch import Actor, Topic, Watch
from transforms.core.text.phrases import (
    Casing,
    Hit,
    Phrase,
    PhraseScan,
    fold,
    inflected,
    is_acronym,
    leftmost_longest,
    read_sections,
    spelling_of,
)

__all__ = ["Lexicon", "Term", "fold"]

#: Countries and towns that people are named after.
_FIRST_NAMES = frozenset({"georgia", "jordan", "chad", "kenya", "sydney", "paris", "florence"})
_SURNAME = re.compile(r" (?!President|Prime|Foreign|Defen[cs]e)[A-Z][a-z]+(?!\w)")


@dataclasses.dataclass(frozen=True)
class Term:
    """What a phrase of a watch stands for."""

    watch: str
    type: TagType
    id: str
    spelling: str  #: folded
    is_negotiation: bool = False  #: whether naming it means that talks are the subject
    side: str = ""  #: a party's


class Lexicon:
    """All terms of all watches, ready to scan with. Build it once per process."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self.watches = tuple(watches)
        phrases: list[Phrase[Term | None]] = []
        for watch in self.watches:
            phrases += _phrases(watch)
        self.terms = tuple(p.value for p in phrases if p.value is not None)
        self._actors = {(w.id, a.id): a for w in self.watches for a in w.actors}
        self._topics = {(w.id, t.id): t for w in self.watches for t in w.topics}
        self._scan: PhraseScan[Term | None] = PhraseScan([*phrases, *_masks()])

    def actor(self, watch: str, id: str) -> Actor:
        """The actor that a tag stands for."""
        return self._actors[watch, id]

    def topic(self, watch: str, id: str) -> Topic:
        """The topic that a tag stands for."""
        return self._topics[watch, id]

    def find(self, text: str) -> tuple[Tag, ...]:
        """The tags of the text, in order of their first spans.

        Where terms of one watch overlap, the leftmost and longest wins: in "White House
        Russia adviser", that actor, not the White House, if the watch has both. Names inside
        the names of media and institutes are not taken.

        >>> from schemas.watch import Actor, Topic, Watch
        >>> house = Actor("white-house", "White House", "party", aliases=["Washington"])
        >>> talks = Topic("talks", "Talks", ["peace talk"])
        >>> lexicon = Lexicon([Watch("w", "W", [], [house], [talks])])
        >>> text = "White House hails peace talks, writes the Washington Post."
        >>> [(tag.id, tag.spans) for tag in lexicon.find(text)]
        [('white-house', (Span(start=0, end=11),)), ('talks', (Span(start=18, end=29),))]
        """
        spans: dict[tuple[str, TagType, str], list[Span]] = {}
        for hit in self._hits(text):
            term = hit.value
            spans.setdefault((term.watch, term.type, term.id), []).append(Span(hit.start, hit.end))
        tags = (
            Tag(watch, id, type_, list(dict.fromkeys(found)))
            for (watch, type_, id), found in spans.items()
        )
        return tuple(sorted(tags, key=lambda tag: (tag.spans[0].start, tag.watch, tag.id)))

    def terms_in(self, text: str) -> Iterator[Term]:
        """The terms that stand in the text, watch by watch, as often as they do."""
        return (hit.value for hit in self._hits(text))

    def _hits(self, text: str) -> Iterator[Hit[Term]]:
        """The hits that stand, watch by watch, each watch's in text order."""
        by_watch: dict[str, list[Hit[Term | None]]] = {watch.id: [] for watch in self.watches}
        for hit in self._scan.hits(text):
            if hit.value is None:
                for hits in by_watch.values():
                    hits.append(hit)
            elif not _is_first_name(hit.value, text, hit.end):
                by_watch[hit.value.watch].append(hit)
        for hits in by_watch.values():
            yield from _standing(hits)


def _is_first_name(term: Term, text: str, end: int) -> bool:
    """Whether a country's name stands as a person's: "Georgia Moe", not "Georgia"."""
    return term.spelling in _FIRST_NAMES and _SURNAME.match(text, end) is not None


def _standing(hits: Sequence[Hit[Term | None]]) -> Iterator[Hit[Term]]:
    """One watch's hits that stand: an actor inside a topic ("call with Putin") does, a topic
    inside an actor's name or a mask does not.
    """
    names = [hit for hit in hits if hit.value is None or hit.value.type == "actor"]
    for hit in leftmost_longest(names):
        if hit.value is not None:
            yield Hit(hit.start, hit.end, hit.value)
    for hit in leftmost_longest(hits):
        if hit.value is not None and hit.value.type == "topic":
            yield Hit(hit.start, hit.end, hit.value)


def _phrases(watch: Watch) -> Iterator[Phrase[Term | None]]:
    for actor in watch.actors:
        for written in (actor.name, *actor.aliases):
            if spelling := spelling_of(written):
                side = actor.side if actor.role == "party" else ""
                term = Term(watch.id, "actor", actor.id, spelling, side=side)
                yield Phrase(spelling, written, _name_casing(written), term)
    for topic in watch.topics:
        for written in topic.phrases:
            for spelling in _topic_forms(written):
                term = Term(watch.id, "topic", topic.id, spelling, topic.is_negotiation)
                yield Phrase(spelling, written, _word_casing(written), term)


def _topic_forms(written: str) -> list[str]:
    spelling = spelling_of(written)
    if not spelling or is_acronym(written):
        return [spelling] if spelling else []
    return list(inflected(spelling))


def _name_casing(written: str) -> Casing:
    """A name keeps its capital, so that Turkey is not turkey."""
    if is_acronym(written):
        return "exact"
    return "capital" if written[:1].isupper() else "any"


def _word_casing(written: str) -> Casing:
    """A topic's phrase may be written with a capital in the watch and without in the text."""
    return "exact" if is_acronym(written) else "any"


def _masks() -> Iterator[Phrase[Term | None]]:
    """Names of media and institutes, which hold names of places that they are not about."""
    sections = read_sections("institutions.txt")
    for section in ("research", "media", "masks"):
        for line in sections.get(section, ()):
            for written in line.split("|"):
                spelling = spelling_of(written)
                if " " in spelling:
                    casing: Casing = "any" if written.strip()[0].islower() else "capital"
                    yield Phrase(spelling, written.strip(), casing, None)
