"""Is it new? A statement against what the same person said before.

``judge`` is pure: all it knows is the memory it is given. A wrong merge swallows news, a
wrong split only repeats it; so what is doubtful is new.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from schemas.article import Article
from schemas.base import Instant
from schemas.dossier import Commentary, Occurrence
from schemas.ids import hash_of
from schemas.statement import Nearest, Novelty, Statement, Verdict
from transforms.core.novelty.comparison import Comparison, compare, is_near
from transforms.core.novelty.fingerprints import terms_of
from transforms.core.novelty.meaning import compare_meaning, nearest_in_time
from transforms.core.novelty.wording import wording_of
from transforms.core.people.names import same_person

if TYPE_CHECKING:
    from transforms.core.ports import MeaningModel

#: A lead ends so many characters into the first paragraph, however long that is.
_MAX_LEAD_CHARS = 300
#: A lead that stands over several quotations tells the one it is nearest to, if so near.
_MIN_LEAD_SIMILARITY = 0.3

#: What each relation to the nearest earlier statement makes of a statement. A known one with
#: words added is as much the same as one repeated.
_NOVELTY: dict[str, Novelty] = {"repeats": "repeated", "extends": "extended"}

#: The statements of one article that each later one of the same speaker is compared with: a speech
#: of a thousand sentences costs no more for each of them than an interview.
_MOST_COMPARED = 50


def statement_of(commentary: Commentary, occurrence: Occurrence, article: Article) -> Statement:
    """The statement that the occurrence would be if it were the first of its kind."""
    words = " ".join(wording_of(occurrence.text).words)
    return Statement(
        id=hash_of(commentary.name_key, words),
        name_key=commentary.name_key,
        speaker=commentary.speaker.name,
        text=occurrence.text,
        article_id=article.id,
        article_url=article.url,
        publisher=article.publisher,
        said_at=article.published_at,
        position=occurrence.attribution.quotation.spans[0].start,
    )


def judge(
    memory: Sequence[Statement],
    candidate: Statement,
    *,
    horizon_seconds: int,
    model: MeaningModel | None = None,
) -> Verdict:
    """Whether the candidate was said before by the same person, and what comes nearest.

    Only what stands under the candidate's name key can bear on it; callers look up no more.
    The horizon is a distance between publication times, either way. A ``model`` is asked only
    about what the words leave open.

    >>> def said(text, at):
    ...     return Statement(text, "k", "Ana Ruiz", text, "a", "u", "", Instant(at))
    >>> memory = [said("Nobody will sign before the snow melts, whatever they say.", 0)]
    >>> again = "nobody will sign before the snow melts"
    >>> [judge(memory, said(again, at), horizon_seconds=3600).novelty for at in (60, 7200)]
    ['repeated', 'new']
    """
    best = _nearest_in_words(memory, candidate, horizon_seconds)
    if model is not None and (best is None or best[0].relation not in _NOVELTY):
        best = _in_other_words(memory, candidate, horizon_seconds, model) or best
    if best is None:
        return Verdict("new", candidate.id)
    comparison, known = best
    novelty = _NOVELTY.get(comparison.relation, "new")
    known_id = candidate.id if novelty == "new" else known.id
    return Verdict(novelty, known_id, _nearest(known, comparison))


def _nearest_in_words(
    memory: Sequence[Statement], candidate: Statement, horizon_seconds: int
) -> tuple[Comparison, Statement] | None:
    """What was said before that the candidate's words come nearest to."""
    theirs = (known for known in memory if _is_theirs(known, candidate, horizon_seconds))
    near = (known for known in theirs if is_near(known.text, candidate.text))
    found = ((compare(known.text, candidate.text), known) for known in near)
    return min(found, key=_order, default=None)


def _in_other_words(
    memory: Sequence[Statement], candidate: Statement, horizon_seconds: int, model: MeaningModel
) -> tuple[Comparison, Statement] | None:
    """What the candidate means the same as, of what was said nearest to it in time."""
    asked = (
        known
        for known in nearest_in_time(memory, candidate)
        if _is_theirs(known, candidate, horizon_seconds)
        and compare(known.text, candidate.text).is_open
    )
    found = ((compare_meaning(known.text, candidate.text, model), known) for known in asked)
    return min(((c, known) for c, known in found if c), key=_order, default=None)


def _order(found: tuple[Comparison, Statement]) -> tuple[int, float, int, str, int]:
    """What comes nearest first; of what is equally near, the oldest."""
    comparison, known = found
    rank = {"repeats": 0, "extends": 0, "contradicts": 1}.get(comparison.relation, 2)
    said_at = known.said_at.micros
    return rank, -comparison.similarity, said_at, known.article_url, known.position


def _is_theirs(known: Statement, candidate: Statement, horizon_seconds: int) -> bool:
    """Whether the known statement is the same person's and within the horizon."""
    if known.name_key != candidate.name_key:
        return False
    if abs(known.said_at.micros - candidate.said_at.micros) > horizon_seconds * 1_000_000:
        return False
    return _are_one(known.name_key, known.speaker, candidate.speaker)


def _are_one(name_key: str, a: str, b: str) -> bool:
    """Whether two speakers of one key are one; without a name the key tells."""
    return name_key.startswith("unnamed:") or same_person(a, b)


def _nearest(known: Statement, comparison: Comparison) -> Nearest:
    return Nearest(
        statement_id=known.id,
        text=known.text,
        url=known.article_url,
        said_at=known.said_at,
        relation=comparison.relation,
        similarity=round(comparison.similarity, 3),
        reason=comparison.reason,
    )


def judge_commentary(
    memory: Sequence[Statement],
    commentary: Commentary,
    article: Article,
    *,
    horizon_seconds: int,
    model: MeaningModel | None = None,
) -> tuple[Commentary, tuple[Statement, ...]]:
    """The commentary with a verdict on each statement, and the statements to remember.

    The speaker's own words are judged before what is told of them, so that a lead that
    retells a quotation further down repeats it. What memory holds of this very article was
    new when it was first judged, and is so again: judging an article twice gives the same
    verdicts and remembers nothing more.
    """
    judge_one = functools.partial(judge, horizon_seconds=horizon_seconds, model=model)
    bench = _Bench(memory, article, judge_one)
    occurrences = commentary.occurrences
    verdicts: dict[int, Verdict] = {}
    for index in sorted(range(len(occurrences)), key=lambda i: (_is_told(occurrences[i]), i)):
        candidate = bench.with_own_id(statement_of(commentary, occurrences[index], article))
        is_lead = _is_lead(occurrences[index], article)
        verdicts[index] = bench.verdict(candidate, is_lead=is_lead)
    judged = [
        _judged(o, verdicts[i], article, commentary.name_key) for i, o in enumerate(occurrences)
    ]
    first_seen = _first_seen(memory, commentary, article)
    return (
        dataclasses.replace(commentary, occurrences=judged, first_seen=first_seen),
        bench.to_remember(),
    )


class _Bench:
    """Judges one speaker's statements in one article, against memory and one another."""

    def __init__(
        self,
        memory: Sequence[Statement],
        article: Article,
        judge_one: Callable[[Sequence[Statement], Statement], Verdict],
    ) -> None:
        self.elsewhere = [known for known in memory if known.article_id != article.id]
        self._ids_elsewhere = frozenset(known.id for known in self.elsewhere)
        #: What memory holds of this article and has not been met again.
        self._unmet = {known.id: known for known in memory if known.article_id == article.id}
        self._known_ids = frozenset(known.id for known in memory)
        self._judge = judge_one
        self._here: list[Statement] = []

    def with_own_id(self, candidate: Statement) -> Statement:
        """The candidate under an id that no statement of another article has.

        The same words under one name key are another statement when another person of that
        last name says them, or when they were said longer ago than the horizon.
        """
        if candidate.id not in self._ids_elsewhere:
            return candidate
        return dataclasses.replace(candidate, id=hash_of(candidate.id, candidate.article_id))

    def verdict(self, candidate: Statement, *, is_lead: bool) -> Verdict:
        """The verdict; what is new is known from now on."""
        verdict = self._judge([*self.elsewhere, *self._here[-_MOST_COMPARED:]], candidate)
        own_id = self._own_id(candidate, verdict)
        if own_id is not None:
            verdict = dataclasses.replace(verdict, novelty="new", statement_id=own_id)
        elif verdict.novelty == "new" and is_lead:
            verdict = self._as_lead(candidate) or verdict
        if verdict.novelty == "new":
            self._here.append(self._unmet.pop(verdict.statement_id, candidate))
        return verdict

    def to_remember(self) -> tuple[Statement, ...]:
        """The new statements that memory does not hold."""
        return tuple(known for known in self._here if known.id not in self._known_ids)

    def _own_id(self, candidate: Statement, verdict: Verdict) -> str | None:
        """The id under which memory holds the candidate as this article's own, if it does."""
        if candidate.id in self._unmet:
            return candidate.id
        if verdict.novelty != "new" or not self._unmet:
            return None
        own = self._judge(list(self._unmet.values()), candidate)
        return own.statement_id if own.novelty != "new" else None

    def _as_lead(self, candidate: Statement) -> Verdict | None:
        """The verdict on a lead that tells one of the quotations below it, if it does.

        A lead sums up in the writer's words, so it need share none with the only quotation.
        Within one article a wrong merge loses nothing, the quotation itself being new.
        """
        below = [known for known in self._here if known.position > candidate.position]
        below = below[:_MOST_COMPARED]
        found = [(compare(known.text, candidate.text), known) for known in below]
        found = [(c, known) for c, known in found if c.relation == "other"]
        if not found:
            return None
        comparison, known = max(found, key=lambda f: f[0].similarity)
        if len(below) > 1 and comparison.similarity < _MIN_LEAD_SIMILARITY:
            return None
        told = Comparison("repeats", comparison.similarity, "the lead tells what is quoted below")
        return Verdict("repeated", known.id, _nearest(known, told))


def _is_told(occurrence: Occurrence) -> bool:
    """Whether the words are the writer's."""
    return occurrence.attribution.quotation.kind == "indirect"


def _is_lead(occurrence: Occurrence, article: Article) -> bool:
    """Whether the occurrence tells something in the article's first sentences."""
    first = next((p for p in article.paragraphs if p.kind == "p"), None)
    start = occurrence.attribution.quotation.spans[0].start
    end = min(first.end, first.start + _MAX_LEAD_CHARS) if first else _MAX_LEAD_CHARS
    return _is_told(occurrence) and start < end


def _judged(
    occurrence: Occurrence, verdict: Verdict, article: Article, name_key: str
) -> Occurrence:
    spans = occurrence.attribution.quotation.spans
    place = f"{spans[0].start}:{spans[-1].end}"
    return dataclasses.replace(
        occurrence,
        id=hash_of(article.id, place, verdict.statement_id),
        verdict=verdict,
        terms=terms_of(name_key, occurrence.text),
    )


def _first_seen(
    memory: Iterable[Statement], commentary: Commentary, article: Article
) -> Instant | None:
    """When memory first heard the speaker, if not in this article."""
    key, name = commentary.name_key, commentary.speaker.name
    heard = [
        known for known in memory if known.name_key == key and _are_one(key, known.speaker, name)
    ]
    first = min(heard, key=lambda known: known.said_at, default=None)
    return None if first is None or first.article_id == article.id else first.said_at
