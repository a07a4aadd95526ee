"""Is it new? A statement against what the same person said before.

``judge`` is pure: all it knows is the memory it is given. A wrong merge swallows news, a
wrong split only repeats it; so what is doubtful is new.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from schemas.article import Article
from schemas.base import Timestamp
from schemas.commentary import Commentary, Nearest, Occurrence, Relation, Statement, Verdict
from transforms.core.ids import hash_of
from transforms.core.judging.sameness import Comparison, compare
from transforms.core.judging.wording import wording_of
from transforms.core.understanding.names import same_person

_RANK: dict[Relation, int] = {"repeats": 3, "extends": 2, "contradicts": 1, "other": 0}


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


def judge(memory: Sequence[Statement], candidate: Statement, *, horizon_seconds: int) -> Verdict:
    """Whether the candidate was said before by the same person, and what comes nearest.

    The horizon is a distance between publication times, either way.
    """
    best: tuple[tuple[int, float], Statement, Comparison] | None = None
    for known in memory:
        if not _is_theirs(known, candidate, horizon_seconds):
            continue
        found = compare(known.text, candidate.text)
        rank = (_RANK[found.relation] if found.relation != "extends" else 3, found.similarity)
        if best is None or rank > best[0]:
            best = rank, known, found
    if best is None:
        return Verdict("new", candidate.id)
    _, known, found = best
    nearest = Nearest(
        known.id, known.text, known.article_url, known.said_at,
        found.relation, round(found.similarity, 3), found.reason,
    )  # fmt: skip
    if found.relation == "repeats":
        return Verdict("repeated", known.id, nearest)
    if found.relation == "extends":
        return Verdict("extended", known.id, nearest)
    return Verdict("new", candidate.id, nearest)


def _is_theirs(known: Statement, candidate: Statement, horizon_seconds: int) -> bool:
    """Whether the known statement is the same person's and within the horizon."""
    if known.name_key != candidate.name_key:
        return False
    if abs(float(known.said_at) - float(candidate.said_at)) > horizon_seconds:
        return False
    return candidate.name_key.startswith("unnamed:") or same_person(
        known.speaker, candidate.speaker
    )


def judge_commentary(
    memory: Sequence[Statement], commentary: Commentary, article: Article, *, horizon_seconds: int
) -> tuple[Commentary, tuple[Statement, ...]]:
    """The commentary with a verdict on each statement, and the statements to remember.

    What memory holds of this very article was new when it was first judged, and is so again:
    judging an article twice gives the same verdicts.
    """
    own = {known.id: known for known in memory if known.article_id == article.id}
    others = [known for known in memory if known.article_id != article.id]
    said_here: list[Statement] = []
    judged: list[Occurrence] = []
    for occurrence in commentary.occurrences:
        candidate = statement_of(commentary, occurrence, article)
        verdict = _verdict(others, own, said_here, candidate, horizon_seconds)
        if verdict.novelty == "new":
            said_here.append(own.pop(verdict.statement_id, candidate))
        judged.append(_judged(occurrence, verdict, article))
    known_ids = {known.id for known in memory}
    return (
        dataclasses.replace(
            commentary,
            occurrences=judged,
            first_seen=_first_seen(others, commentary),
        ),
        tuple(statement for statement in said_here if statement.id not in known_ids),
    )


def _verdict(
    others: Sequence[Statement],
    own: dict[str, Statement],
    said_here: Sequence[Statement],
    candidate: Statement,
    horizon_seconds: int,
) -> Verdict:
    """The verdict, ``own`` being what is remembered of this article and not yet met again."""
    before = judge([*others, *said_here], candidate, horizon_seconds=horizon_seconds)
    if candidate.id in own:
        return Verdict("new", candidate.id, before.nearest)
    if before.novelty != "new" or not own:
        return before
    again = judge(list(own.values()), candidate, horizon_seconds=horizon_seconds)
    if again.novelty == "new":
        return before
    return Verdict("new", again.statement_id, before.nearest)


def _judged(occurrence: Occurrence, verdict: Verdict, article: Article) -> Occurrence:
    spans = occurrence.attribution.quotation.spans
    place = f"{spans[0].start}:{spans[-1].end}"
    return dataclasses.replace(
        occurrence, id=hash_of(article.id, place, verdict.statement_id), verdict=verdict
    )


def _first_seen(others: Sequence[Statement], commentary: Commentary) -> Timestamp | None:
    """When memory first heard the speaker, this article left out."""
    heard = [
        known.said_at
        for known in others
        if known.name_key == commentary.name_key
        and same_person(known.speaker, commentary.speaker.name)
    ]
    return min(heard, default=None)
