"""Whether a statement is about a watch's negotiation, and which words say so.

Theory of operation. First the article: it must name the watch's talks and at least two of
their sides, and not speak more of somebody else. Then the statement: one that names
battlefields or markets and neither talks nor what negotiators do (pressure, terms, patience)
is about something else. Of any other a fitted model weighs what it names, how far talks are
named from it, and how much the article speaks of each. Its probability is how sure the decision
is; what merely stands beside talks is not sure.

Alternatives rejected: deciding by the article alone flags every battlefield analysis beside
talks; deciding by the statement alone loses one in three, which refer back by pronoun; steps
set by hand found 97 of 100 experts' statements on outlets that they were not made for, and
were right in 78 (the model: 92 and 90); its words as features, beside these, gain nothing.
"""

from __future__ import annotations

import dataclasses
import functools
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from schemas.annotation import Annotation, Attribution, Tag
from schemas.base import Span
from schemas.watch import Topic, Watch
from transforms.core.logistic import Features
from transforms.core.relevance.subject_model import (
    MIN_PROBABILITY,
    Places,
    features_of,
    probability,
)
from transforms.core.text.phrases import (
    Hit,
    Phrase,
    PhraseScan,
    inflected,
    is_acronym,
    leftmost_longest,
    read_sections,
    spelling_of,
)

#: Surroundings end so many characters from the quotation, however long the paragraphs.
_MAX_AROUND_CHARS = 400
#: Talks are near when named within so many characters of the quotation.
_NEAR_CHARS = 700
#: Talks are an article's subject when named at least twice, once in a brief, and so often per 1,000
#: characters. On annotated negotiation news the articles on talks have 0.7 to 8, the others
#: 0 to 0.5.
_MIN_TALKS_PER_1000_CHARS = 0.6
_BRIEF_CHARS = 1000
#: The second side is named at least so often for each time that the first is.
_MIN_SIDE_SHARE = 0.15
#: Another state may be named so often in passing, however rarely the second side is.
_MAX_ASIDES = 3
#: How sure it is that a statement which names battlefields or markets, and neither talks nor moves,
#: is about something else: 30 of 32 of experts' on annotated negotiation news.
_OTHER_SURENESS = 0.94
#: A reason names and points at so many words.
_MAX_LISTED = 3


@dataclasses.dataclass(frozen=True)
class Subject:
    """What a watch finds in and around one statement."""

    on_negotiation: bool
    code: str
    reason: str  #: for people
    sureness: float  #: 0 to 1
    spans: Sequence[Span] = ()  #: of the words that decided


#: The id of the watch that takes any negotiation.
ANY_NEGOTIATION = "any-negotiation"


@functools.lru_cache(maxsize=1)
def any_negotiation(watches: Sequence[Watch] = ()) -> Watch:
    """A watch to which any negotiation between states is a subject.

    Its actors are those of ``watches``: who negotiates in one of them is nobody's expert. It
    tells no sides apart, so that talks with one of theirs, or none, count too.
    """
    phrases = read_sections("negotiation.txt")["talks"]
    actors = {
        actor.id: dataclasses.replace(actor, side="") for watch in watches for actor in watch.actors
    }
    return Watch(
        id=ANY_NEGOTIATION,
        title="Any negotiation",
        feeds=(),
        actors=tuple(actors.values()),
        topics=[Topic("negotiation", "Negotiation", phrases, is_negotiation=True)],
    )


def surroundings(annotation: Annotation, attribution: Attribution) -> Span:
    """The paragraphs that hold the quotation and one neighbour on each side, bounded."""
    spans = attribution.quotation.spans
    start, end = spans[0].start, spans[-1].end
    paragraphs = annotation.article.paragraphs
    first = bisect_right(paragraphs, start, key=lambda p: p.end)
    last = bisect_left(paragraphs, end, key=lambda p: p.start) - 1
    if first > last:
        return Span(start, end)
    first, last = max(0, first - 1), min(len(paragraphs) - 1, last + 1)
    return Span(
        min(start, max(paragraphs[first].start, start - _MAX_AROUND_CHARS)),
        max(end, min(paragraphs[last].end, end + _MAX_AROUND_CHARS)),
    )


def tags_within(tags: Iterable[Tag], places: Sequence[Span]) -> list[Tag]:
    """The tags with a span inside one of the places."""
    return [
        tag
        for tag in tags
        if any(p.start <= s.start and s.end <= p.end for s in tag.spans for p in places)
    ]


class ArticleSubject:
    """What one article speaks of, for the subjects of its statements."""

    def __init__(self, annotation: Annotation) -> None:
        article = annotation.article
        self._annotation = annotation
        self._text_chars = max(1, len(article.text))
        self._talks = _starts(_scan("talks"), article.text)
        self._moves = list(leftmost_longest(_scan("moves").hits(article.text)))
        self._other = list(leftmost_longest(_scan("other subjects").hits(article.text)))
        self._states = Counter(hit.value for hit in _states().hits(article.text))
        self._by_watch: dict[str, _Talks] = {}

    def of(self, attribution: Attribution, watch: Watch) -> Subject:
        """Whether the statement is about the watch's negotiation, with the reason."""
        if (settled := self._settled(attribution, watch)) is not None:
            return settled
        spans, talks = attribution.quotation.spans, self._talks_of(watch)
        likely = probability(self.features(attribution, watch))
        if likely >= MIN_PROBABILITY:
            return self._about(spans, talks, round(likely, 2))
        return self._off(spans, talks, round(1 - likely, 2))

    def is_settled(self, attribution: Attribution, watch: Watch) -> bool:
        """Whether the statement is judged without the fitted model."""
        return self._settled(attribution, watch) is not None

    def _settled(self, attribution: Attribution, watch: Watch) -> Subject | None:
        talks, spans = self._talks_of(watch), attribution.quotation.spans
        if talks.against:
            return Subject(False, "off_topic", talks.against, 0.9)
        if attribution.quotation.form == "authored":
            return _of_piece(talks, spans)
        other = [hit for hit in self._other if _is_in(hit, spans)]
        if other and not any(_is_in(hit, spans) for hit in (*talks.hits, *self._moves)):
            text = "speaks of {}, not of talks"
            return _subject(False, "other_subject", text, _OTHER_SURENESS, other)
        return None

    def features(self, attribution: Attribution, watch: Watch) -> Features:
        """What the fitted model sees of the statement."""
        spans, paragraphs = attribution.quotation.spans, self._annotation.article.paragraphs
        number = max(0, bisect_right(paragraphs, spans[0].start, key=lambda p: p.start) - 1)
        paragraph = paragraphs[number] if paragraphs else spans[0]
        within = Span(paragraph.start, paragraph.end)
        return features_of(spans, within, self._talks_of(watch).places)

    def _about(self, spans: Sequence[Span], talks: _Talks, sureness: float) -> Subject:
        if named := [hit for hit in talks.hits if _is_in(hit, spans)]:
            return _subject(True, "names_talks", "mentions {}", sureness, named)
        is_near = talks.in_title or _is_near(talks.hits, spans)
        where = "close to a mention of talks" if is_near else "in an article about talks"
        code = "near_talks" if is_near else "in_article_on_talks"
        if moves := [hit for hit in self._moves if _is_in(hit, spans)]:
            return self._by_words(True, code, f"uses {{}} {where}", sureness, moves)
        return Subject(True, code, f"stands {where}", sureness)

    def _off(self, spans: Sequence[Span], talks: _Talks, sureness: float) -> Subject:
        if not talks.are_subject and not _is_near(talks.hits, spans):
            return Subject(False, "off_topic", "talks are not named near it", sureness)
        return Subject(False, "off_topic", "little in it or beside it speaks of talks", sureness)

    def _by_words(
        self, on_negotiation: bool, code: str, text: str, sureness: float, hits: Sequence[Hit[str]]
    ) -> Subject:
        """The subject by the words of the hits, quoted as they stand in the article."""
        article = self._annotation.article.text
        words = [" ".join(article[hit.start : hit.end].split()) for hit in hits]
        quoted = [Hit(h.start, h.end, f"“{said}”") for h, said in zip(hits, words, strict=True)]
        return _subject(on_negotiation, code, text, sureness, quoted)

    def _talks_of(self, watch: Watch) -> _Talks:
        if watch.id not in self._by_watch:
            self._by_watch[watch.id] = self._read(watch)
        return self._by_watch[watch.id]

    def _read(self, watch: Watch) -> _Talks:
        tags = [tag for tag in self._annotation.tags if tag.watch == watch.id]
        own = _talks_named(tags, watch)
        title = self._annotation.article.title
        in_title = next(_topic_scan(tuple(watch.topics)).hits(title), None) is not None
        if not own and not in_title:
            return _unasked("the article names none of the watch's talks")
        if against := self._foreign(watch, tags):
            return _unasked(against)
        by_start = {hit.start: hit for hit in [*self._talks, *own]}
        hits = [by_start[start] for start in sorted(by_start)]
        are_subject = in_title or self._are_subject(len(hits))
        places = Places(
            talks=_places(hits),
            moves=_places(self._moves),
            others=_places(self._other),
            chars=self._text_chars,
            talks_in_title=in_title,
            talks_are_subject=are_subject,
        )
        return _Talks(hits, are_subject, in_title, "", places)

    def _are_subject(self, talks: int) -> bool:
        """Whether talks that are named so often are what the article is about."""
        are_many = talks > 1 or self._text_chars < _BRIEF_CHARS
        return are_many and 1000 * talks / self._text_chars >= _MIN_TALKS_PER_1000_CHARS

    def _foreign(self, watch: Watch, tags: Sequence[Tag]) -> str:
        """Why the article is about others than the watch's sides; "" if it is not."""
        sides = sides_of(watch)
        if len(set(sides.values())) < 2:
            return ""
        named: Counter[str] = Counter()
        for tag in tags:
            if tag.type == "actor" and tag.id in sides:
                named[sides[tag.id]] += len(tag.spans)
        if len(named) < 2:
            return "the article names fewer than two sides of the watch"
        first, second = (count for _, count in named.most_common(2))
        if second < _MIN_SIDE_SHARE * first:
            return "the article says little about a second side of the watch"
        state, count = self._rival(watch)
        if count > first or count > max(second, _MAX_ASIDES):
            return f"the article speaks more of {state} than of the watch's sides"
        return ""

    def _rival(self, watch: Watch) -> tuple[str, int]:
        """The state that the article names most of those that are no side, and how often."""
        own = own_states(watch)
        rivals = Counter({s: n for s, n in self._states.items() if s not in own})
        return next(iter(rivals.most_common(1)), ("", 0))


@dataclasses.dataclass(frozen=True)
class _Talks:
    """How one article speaks of one watch's talks."""

    hits: Sequence[Hit[str]]  #: by start
    are_subject: bool
    in_title: bool
    against: str  #: why it does not; "" if it does
    places: Places


def _unasked(against: str) -> _Talks:
    return _Talks([], False, False, against, Places())


def _talks_named(tags: Iterable[Tag], watch: Watch) -> list[Hit[str]]:
    """Where the article names topics of the watch that are talks."""
    topics = {topic.id: topic.name for topic in watch.topics if topic.is_negotiation}
    named = (tag for tag in tags if tag.type == "topic" and tag.id in topics)
    return [Hit(span.start, span.end, topics[tag.id]) for tag in named for span in tag.spans]


def _of_piece(talks: _Talks, spans: Sequence[Span]) -> Subject:
    """Whether a piece is about talks: its title and lead stand for all of it."""
    named = [hit for hit in talks.hits if _is_in(hit, spans)]
    if talks.are_subject and named:
        return _subject(True, "names_talks", "a piece on {}", 0.95, named)
    if talks.are_subject:
        return Subject(True, "in_article_on_talks", "a piece that speaks of talks throughout", 0.8)
    return Subject(False, "off_topic", "a piece on something else", 0.85)


def sides_of(watch: Watch) -> dict[str, str]:
    """The side of each party that has one, by the actor's id."""
    return {a.id: a.side for a in watch.actors if a.role == "party" and a.side}


def _places(hits: Sequence[Hit[str]]) -> list[Span]:
    return [Span(hit.start, hit.end) for hit in hits]


def _starts(scan: PhraseScan[str], text: str) -> list[Hit[str]]:
    return list(leftmost_longest(scan.hits(text)))


def _is_in(hit: Hit[str], spans: Sequence[Span]) -> bool:
    return any(span.start <= hit.start and hit.end <= span.end for span in spans)


def _is_near(hits: Sequence[Hit[str]], spans: Sequence[Span]) -> bool:
    start, end = spans[0].start - _NEAR_CHARS, spans[-1].end + _NEAR_CHARS
    return any(start <= hit.start and hit.end <= end for hit in hits)


def _subject(
    on_negotiation: bool, code: str, text: str, sureness: float, hits: Sequence[Hit[str]]
) -> Subject:
    """The subject that the hits decide; ``text`` has a place for what they name."""
    spans = [Span(hit.start, hit.end) for hit in hits[:_MAX_LISTED]]
    reason = text.format(_list([hit.value for hit in hits]))
    return Subject(on_negotiation, code, reason, sureness, spans)


def _list(names: Sequence[str]) -> str:
    """At most ``_MAX_LISTED`` names, each once, for a reason."""
    once = list(dict.fromkeys(names))
    shown = once[:_MAX_LISTED]
    last = f"{len(once) - _MAX_LISTED} more" if len(once) > _MAX_LISTED else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last


@functools.lru_cache(maxsize=4)
def _scan(section: str) -> PhraseScan[str]:
    return PhraseScan(
        Phrase(form, written, "any", written)
        for written in read_sections("negotiation.txt")[section]
        for form in inflected(spelling_of(written))
    )


@functools.lru_cache(maxsize=16)
def _topic_scan(topics: tuple[Topic, ...]) -> PhraseScan[str]:
    return PhraseScan(
        Phrase(form, written, "exact" if is_acronym(written) else "any", topic.name)
        for topic in topics
        if topic.is_negotiation
        for written in topic.phrases
        for form in inflected(spelling_of(written))
    )


@functools.lru_cache(maxsize=1)
def _states() -> PhraseScan[str]:
    """States and their like, by their first name."""
    return PhraseScan(
        Phrase(spelling_of(w), w, "exact" if is_acronym(w) else "capital", names[0])
        for line in read_sections("institutions.txt")["states"]
        for names in [[name.strip() for name in line.split("|")]]
        for w in names
    )


@functools.lru_cache(maxsize=16)
def own_states(watch: Watch) -> frozenset[str]:
    """The states that the watch's actors are."""
    names = "\n\n".join(name for actor in watch.actors for name in (actor.name, *actor.aliases))
    return frozenset(hit.value for hit in _states().hits(names))
