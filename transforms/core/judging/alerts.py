"""Which alerts an article raises: one per expert and watch that says anything new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from schemas.alert import (
    Alert,
    AlertArticle,
    AlertNearest,
    AlertReason,
    AlertSpeaker,
    AlertStatement,
    Priority,
)
from schemas.annotation import Attribution
from schemas.article import Article
from schemas.base import Timestamp
from schemas.commentary import Commentary, Match, Nearest, Occurrence, Reading
from schemas.watch import Watch
from transforms.core.ids import hash_of
from transforms.core.judging.links import text_link
from transforms.core.judging.withdrawals import vanished

#: How much of the neighbouring text goes along with a statement, in characters.
_CONTEXT_CHARS = 200
#: From this confidence on, a new direct quotation is worth interrupting somebody for. The
#: finder's rules for a quotation with its speaker's name beside it lie above, those that
#: resolve a pronoun or carry a speaker over lie below.
_HIGH_CONFIDENCE = 0.9


#: The watches that a statement was told to, or was too old to be told to, by its id.
Told = Mapping[str, Collection[str]]


def decide(
    reading: Reading,
    watches: Sequence[Watch],
    earlier: Sequence[Alert],
    told: Told,
    alerted_at: Timestamp,
) -> tuple[Alert, ...]:
    """The alerts that a judged reading raises, by watch, then in order of first words.

    An alert needs a statement that is alertworthy, not held, never ``told`` to the watch, and
    in none of the ``earlier`` alerts on this article; and an article no older than the watch
    allows when it was first seen. What is new by its verdict was never told; what is repeated
    may not have been, if its speaker was not known to be an expert where it stood before, or
    something was unsure. Given what it raised before, it raises nothing again.

    What earlier alerts told and the article no longer holds is taken back, before anything else.
    """
    gone = vanished(reading, {watch.id for watch in watches}, earlier, alerted_at)
    known = [*earlier, *gone]
    raised = (
        alert for watch in watches for alert in _alerts(reading, watch, known, told, alerted_at)
    )
    return (*gone, *raised)


def told_by(reading: Reading) -> dict[str, set[str]]:
    """The watches to which each statement of the reading was told, as ``decide`` asks for it:
    those for which some occurrence was alertworthy and sure.
    """
    told: dict[str, set[str]] = {}
    for commentary in reading.commentaries:
        for occurrence in commentary.occurrences:
            sure = {m.watch for m in occurrence.matches if m.is_alertworthy and not m.is_held}
            if sure and occurrence.verdict is not None:
                told.setdefault(occurrence.verdict.statement_id, set()).update(sure)
    return told


def _alerts(
    reading: Reading, watch: Watch, earlier: Sequence[Alert], told: Told, alerted_at: Timestamp
) -> list[Alert]:
    if is_too_old(reading.article, watch):
        return []
    due = [
        (commentary, new)
        for commentary in reading.commentaries
        if (new := _new_statements(commentary, watch, earlier, told))
    ]
    names = [commentary.speaker.name for commentary, _ in due]
    return [
        _alert(reading, commentary, watch, new, earlier, names, alerted_at)
        for commentary, new in due
    ]


def is_too_old(article: Article, watch: Watch) -> bool:
    """Whether the article was too old for the watch's alerts when it was first seen."""
    if watch.max_age_seconds is None:
        return False
    return float(article.seen_at) - float(article.published_at) > watch.max_age_seconds


def match_of(occurrence: Occurrence, watch: Watch) -> Match | None:
    """How the occurrence meets the watch."""
    return next((match for match in occurrence.matches if match.watch == watch.id), None)


def _is_due(occurrence: Occurrence, watch: Watch) -> bool:
    match = match_of(occurrence, watch)
    return match is not None and match.is_alertworthy and not match.is_held


def _new_statements(
    commentary: Commentary, watch: Watch, earlier: Sequence[Alert], told: Told
) -> tuple[str, ...]:
    """The ids of the statements that are due, new to the watch's readers, and not alerted on
    yet, sorted.
    """
    known = {
        statement.id for alert in earlier if alert.watch == watch.id
        for statement in alert.statements
    }  # fmt: skip
    return tuple(
        sorted(
            {
                occurrence.verdict.statement_id
                for occurrence in commentary.occurrences
                if occurrence.verdict is not None
                and _is_due(occurrence, watch)
                and watch.id not in told.get(occurrence.verdict.statement_id, ())
            }
            - known
        )
    )


def _alert(
    reading: Reading,
    commentary: Commentary,
    watch: Watch,
    new: tuple[str, ...],
    earlier: Sequence[Alert],
    names: Sequence[str],
    alerted_at: Timestamp,
) -> Alert:
    article = reading.article
    due = [o for o in commentary.occurrences if _is_due(o, watch)]
    statements = _statements(article, due, new)
    speaker = _speaker(commentary, match_of(due[0], watch))
    same = [a for a in earlier if a.watch == watch.id and a.speaker.id == speaker.id]
    name = commentary.speaker.name
    return Alert(
        id=hash_of(watch.id, commentary.name_key, article.url, *new),
        type="updated" if same else "new",
        watch=watch.id,
        bundle_id=hash_of(watch.id, article.url),
        revision=1 + len(same),
        priority=_priority(statements),
        speaker=speaker,
        article=_article(reading, due),
        statements=statements,
        reasons=_reasons(due, watch, len(new)),
        others=[other for other in names if other != name],
        seen_at=article.seen_at,
        fetched_at=article.fetched_at,
        alerted_at=alerted_at,
        follows=same[0].id if same else None,
    )


def _statements(
    article: Article, due: Sequence[Occurrence], new: tuple[str, ...]
) -> list[AlertStatement]:
    """One per occurrence that is due, new ones first, each group in text order."""
    met: set[str] = set()
    here = Counter(o.verdict.statement_id for o in due if o.verdict is not None)
    fresh: list[AlertStatement] = []
    known: list[AlertStatement] = []
    for occurrence in due:
        verdict = occurrence.verdict
        if verdict is None:
            continue
        is_new = verdict.statement_id in new and verdict.statement_id not in met
        met.add(verdict.statement_id)
        stands = occurrence.elsewhere + here[verdict.statement_id]
        statement = _statement(article, occurrence, stands, is_new=is_new)
        (fresh if is_new else known).append(statement)
    return fresh + known


def _statement(
    article: Article, occurrence: Occurrence, stands: int, *, is_new: bool
) -> AlertStatement:
    attribution, verdict = occurrence.attribution, occurrence.verdict
    assert verdict is not None  # noqa: S101 -- callers leave out what was not judged
    spans = attribution.quotation.spans
    before, after = _context(article, spans[0].start, spans[-1].end)
    return AlertStatement(
        id=verdict.statement_id,
        text=occurrence.text,
        kind=attribution.quotation.kind,
        form=attribution.quotation.form,
        verdict="new" if is_new else "repeated" if verdict.novelty == "new" else verdict.novelty,
        confidence=attribution.confidence,
        attribution=_attribution(attribution),
        link=text_link(article.url, article.text[spans[0].start : spans[0].end]),
        context_before=before,
        context_after=after,
        actors=occurrence.actors,
        topics=occurrence.topics,
        occurrences=stands,
        nearest=None if verdict.nearest is None else _nearest(verdict.nearest),
    )


def _nearest(nearest: Nearest) -> AlertNearest:
    return AlertNearest(
        id=nearest.statement_id,
        text=nearest.text,
        url=nearest.url,
        said_at=nearest.said_at,
        relation=nearest.relation,
        similarity=nearest.similarity,
        reason=nearest.reason,
    )


def _attribution(attribution: Attribution) -> str:
    """How the speaker was found, for people: "she → Ana Ruiz", "carried over → Ana Ruiz"."""
    as_written, name = attribution.speaker.as_written, attribution.speaker.name
    if attribution.quotation.form == "authored":
        return f"written by {name}"
    return name if as_written == name else f"{as_written or 'carried over'} → {name}"


def _context(article: Article, start: int, end: int) -> tuple[str, str]:
    """What stands before and after, cut at words, at most ``_CONTEXT_CHARS`` each."""
    before = article.text[max(0, start - _CONTEXT_CHARS) : start]
    after = article.text[end : end + _CONTEXT_CHARS]
    if start > _CONTEXT_CHARS:
        before = "… " + before.partition(" ")[2]
    if end + _CONTEXT_CHARS < len(article.text):
        after = after.rpartition(" ")[0] + " …"
    return " ".join(before.split()), " ".join(after.split())


def _speaker(commentary: Commentary, match: Match | None) -> AlertSpeaker:
    speaker = commentary.speaker
    return AlertSpeaker(
        id=hash_of(commentary.name_key),
        name=speaker.name,
        category=match.category if match else speaker.category,
        evidence=match.evidence if match else speaker.evidence,
        role=speaker.role,
        affiliation=speaker.affiliation,
        first_seen=commentary.first_seen,
        new_voice=commentary.first_seen is None,
    )


def _article(reading: Reading, due: Sequence[Occurrence]) -> AlertArticle:
    article = reading.article
    return AlertArticle(
        id=article.id,
        url=article.url,
        title=article.title,
        publisher=article.publisher,
        published_at=article.published_at,
        language=article.language,
        told_to=next((o.attribution.told_to for o in due if o.attribution.told_to), ""),
        copy_of=reading.copy_of,
    )


def _reasons(due: Sequence[Occurrence], watch: Watch, new: int) -> list[AlertReason]:
    """Why it alerted: novelty first, then the reasons of the matches, each once."""
    lines = [AlertReason("new", f"{new} new statement{'s' if new > 1 else ''}")]
    for occurrence in due:
        match = match_of(occurrence, watch)
        for reason in match.reasons if match else ():
            line = AlertReason(reason.code, reason.text)
            if line not in lines:
                lines.append(line)
    return lines


def _priority(statements: Sequence[AlertStatement]) -> Priority:
    """High for a new direct quotation whose speaker is sure."""
    return (
        "high"
        if any(
            s.verdict == "new" and s.kind == "direct" and s.confidence >= _HIGH_CONFIDENCE
            for s in statements
        )
        else "normal"
    )
