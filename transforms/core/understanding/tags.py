"""Where a text names the actors and topics of the watches.

One scan over all terms of all watches, by Aho–Corasick: its cost hardly depends on how many
there are. This module knows spelling, word boundaries and nesting; it does not know grammar,
and never sees a parse, so that it can decide whether one is worth its price.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from ahocorasick_rs import AhoCorasick

from schemas.annotation import Tag, TagType
from schemas.base import Span
from schemas.watch import Actor, Topic, Watch

#: How the text must write a term: "exact" for acronyms (US is not us), "capital" for names
#: (Turkey is not turkey), "any" for phrases.
Casing = Literal["any", "capital", "exact"]

#: One character each, so that offsets stay those of the text.
_PLAIN = {
    ord("’"): "'", ord("‘"): "'", ord("ʼ"): "'", ord("‐"): "-", ord("‑"): "-", ord("–"): "-",
    ord("\u00a0"): " ", ord("\u202f"): " ", ord("\n"): " ", ord("\t"): " ",
}  # fmt: skip


def _base_letters() -> Iterator[tuple[int, str]]:
    """Accented Latin letters with their plain ones: Latin-1 to Latin Extended Additional."""
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            yield code, base.lower()


_FOLD = {**dict(_base_letters()), **_PLAIN}


def fold(text: str) -> str:
    """The text in lower case and without Latin accents, character for character.

    The length never changes, so that an offset in one is an offset in the other; that is why
    this is neither ``str.casefold`` nor NFKD.

    >>> fold("Żółć in İzmir’s Straße")
    "zołc in izmir's straße"
    """
    if not text.isascii():
        text = text.translate(_FOLD)
    elif "\n" in text or "\t" in text:
        text = text.translate(_PLAIN)
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@dataclasses.dataclass(frozen=True)
class Term:
    """One spelling of an actor or topic, and how a text must write it."""

    spelling: str  #: folded
    written: str  #: as the watch has it
    casing: Casing
    watch: str
    type: TagType
    id: str


def _casing(written: str, type_: TagType) -> Casing:
    """Acronyms stand as they are written; names keep their capital.

    >>> _casing("US", "actor"), _casing("Turkey", "actor"), _casing("Peace talks", "topic")
    ('exact', 'capital', 'any')
    """
    letters = [c for c in written if c.isalpha()]
    if len(letters) <= 5 and len(letters) > 1 and all(c.isupper() for c in letters):
        return "exact"
    return "capital" if type_ == "actor" and written[:1].isupper() else "any"


def _inflected(spelling: str) -> Iterator[str]:
    """The spelling, its regular plural, and its hyphens as spaces.

    >>> list(_inflected("cease-fire")), list(_inflected("peace treaty"))
    (['cease-fire', 'cease-fires', 'cease fire', 'cease fires'], ['peace treaty', 'peace treaties'])
    """
    for form in dict.fromkeys((spelling, spelling.replace("-", " "))):
        yield form
        if form.endswith(("s", "x", "ch", "sh")) or not form[-1:].isalpha():
            continue
        if form.endswith("y") and form[-2:-1] not in "aeiou":
            yield form[:-1] + "ies"
        else:
            yield form + "s"


def _terms(watch: Watch) -> Iterator[Term]:
    for actor in watch.actors:
        for written in dict.fromkeys((actor.name, *actor.aliases)):
            if spelling := " ".join(fold(written).split()):
                yield Term(
                    spelling, written, _casing(written, "actor"), watch.id, "actor", actor.id
                )
    for topic in watch.topics:
        for written in dict.fromkeys(topic.phrases):
            casing = _casing(written, "topic")
            spelling = " ".join(fold(written).split())
            forms = [spelling] if casing == "exact" else _inflected(spelling)
            for form in forms:
                if form:
                    yield Term(form, written, casing, watch.id, "topic", topic.id)


@dataclasses.dataclass(frozen=True)
class _Hit:
    start: int
    end: int
    term: Term


class Lexicon:
    """All terms of all watches, ready to scan with. Build it once per process."""

    def __init__(self, watches: Sequence[Watch]) -> None:
        self.watches = tuple(watches)
        self.terms = tuple(term for watch in self.watches for term in _terms(watch))
        self._actors = {(w.id, a.id): a for w in self.watches for a in w.actors}
        self._topics = {(w.id, t.id): t for w in self.watches for t in w.topics}
        by_spelling: dict[str, list[Term]] = defaultdict(list)
        for term in self.terms:
            by_spelling[term.spelling].append(term)
        self._groups = list(by_spelling.values())
        self._scan = AhoCorasick(list(by_spelling))

    def actor(self, watch: str, id: str) -> Actor:
        """The actor that a tag stands for."""
        return self._actors[watch, id]

    def topic(self, watch: str, id: str) -> Topic:
        """The topic that a tag stands for."""
        return self._topics[watch, id]

    def find(self, text: str) -> tuple[Tag, ...]:
        """The tags of the text, in order of their first spans.

        Where terms of one watch overlap, the leftmost and longest wins: in "White House
        Russia adviser", that actor, not the White House, if the watch has both.

        >>> from schemas.watch import Actor, Topic, Watch
        >>> house = Actor("white-house", "White House", "party")
        >>> talks = Topic("talks", "Talks", ["peace talk"])
        >>> lexicon = Lexicon([Watch("w", "W", [], [house], [talks])])
        >>> [(tag.id, tag.spans) for tag in lexicon.find("White House hails peace talks.")]
        [('white-house', (Span(start=0, end=11),)), ('talks', (Span(start=18, end=29),))]
        """
        spans: dict[tuple[str, TagType, str], list[Span]] = {}
        for hit in self._hits(text):
            term = hit.term
            spans.setdefault((term.watch, term.type, term.id), []).append(Span(hit.start, hit.end))
        tags = (Tag(watch, id, type_, found) for (watch, type_, id), found in spans.items())
        return tuple(sorted(tags, key=lambda tag: (tag.spans[0].start, tag.watch, tag.id)))

    def names_all(self, text: str) -> bool:
        """Whether the text names an actor and a negotiation topic of one watch."""
        found: set[tuple[str, str]] = set()
        for hit in self._hits(text):
            term = hit.term
            if term.type == "topic" and not self._topics[term.watch, term.id].is_negotiation:
                continue
            found.add((term.watch, term.type))
            if (term.watch, "actor") in found and (term.watch, "topic") in found:
                return True
        return False

    def _hits(self, text: str) -> Iterator[_Hit]:
        """The hits that stand, per watch leftmost and longest, in text order."""
        folded = fold(text)
        matches = self._scan.find_matches_as_indexes(folded, overlapping=True)
        whole = [m for m in matches if _is_whole(folded, m[1], m[2])]
        whole.sort(key=lambda m: (m[1], -m[2]))
        reach: dict[str, tuple[int, int]] = {}
        for group, start, end in whole:
            for term in self._groups[group]:
                last = reach.get(term.watch, (-1, -1))
                if (start >= last[1] or (start, end) == last) and _is_cased(text, start, end, term):
                    reach[term.watch] = (start, end)
                    yield _Hit(start, end, term)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether the range is bounded by no letter or digit."""
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _is_cased(text: str, start: int, end: int, term: Term) -> bool:
    if term.casing == "any":
        return True
    if term.casing == "exact":
        return text[start:end] == term.written
    return text[start].isupper() or not text[start].isalpha()


def spans_within(spans: Iterable[Span], start: int, end: int) -> bool:
    """Whether one of the spans lies inside the range.

    >>> spans_within([Span(3, 5)], 0, 5), spans_within([Span(3, 6)], 0, 5)
    (True, False)
    """
    return any(start <= span.start and span.end <= end for span in spans)
