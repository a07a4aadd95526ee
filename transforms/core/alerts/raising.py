"""Which alerts an article raises: one per expert and watch that says anything new."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Mapping, Sequence

from schemas.alert import (
    MORE_HELD,
    Alert,
    AlertArticle,
    AlertReason,
    AlertSpeaker,
    AlertStatement,
    Priority,
)
from schemas.article import Article
from schemas.base import Instant, Span
from schemas.dossier import Commentary, Dossier, Match, Occurrence
from schemas.ids import hash_of
from schemas.statement import Verdict
from schemas.watch import Watch
from transforms.core.alerts.excerpts import new_first, statements_of
from transforms.core.alerts.withdrawals import edited_out, of_speaker, vanished

#: From this confidence on, a new direct quotation is worth interrupting somebody for. The
#: finder's rules for a quotation with its speaker's name beside it lie above, those that
#: resolve a pronoun or carry a speaker over lie below.
_HIGH_CONFIDENCE = 0.9

#: The watches that a statement was told to, or was too old to be told to, by its id.
Alerted = Mapping[str, Collection[str]]


def raise_alerts(
    dossier: Dossier,
    watches: Sequence[Watch],
    earlier: Sequence[Alert],
    told: Alerted,
    alerted_at: Instant,
) -> tuple[Alert, ...]:
    """The alerts that a judged reading raises, by watch, then in order of first words.

    An alert needs a statement that is alertworthy, not held, never ``told`` to the watch, and
    in none of the ``earlier`` alerts on this article; and an article no older than the watch
    allows when it was first seen. What is new by its verdict was never told; what is repeated
    may not have been, if its speaker was not known to be an expert where it stood before, or
    something was unsure. Given what it raised before, it raises nothing again.

    What earlier alerts told and the article no longer holds is taken back, before anything else.
    What an edit had removed, and a later one restored, counts as never told.
    """
    gone = vanished(dossier, {watch.id for watch in watches}, earlier, alerted_at)
    known = [*earlier, *gone]
    raised = (
        alert for watch in watches for alert in _alerts(dossier, watch, known, told, alerted_at)
    )
    return (*gone, *raised)


def told_by(dossier: Dossier) -> dict[str, set[str]]:
    """The watches to which each statement of the reading was told, as ``decide`` asks for it:
    those for which some occurrence was alertworthy and sure.
    """
    told: dict[str, set[str]] = {}
    for _, occurrence in dossier.occurrences():
        sure = {match.watch for match in occurrence.matches if match.is_sent}
        if sure and occurrence.verdict is not None:
            told.setdefault(occurrence.verdict.statement_id, set()).update(sure)
    return told


def _alerts(
    dossier: Dossier, watch: Watch, earlier: Sequence[Alert], told: Alerted, alerted_at: Instant
) -> list[Alert]:
    if is_too_old(dossier.article, watch):
        return []
    removed = edited_out(dossier.article, watch.id, earlier)
    due = [
        (commentary, new)
        for commentary in dossier.commentaries
        if (new := _new_statements(commentary, watch, earlier, told, removed))
    ]
    names = [commentary.speaker.name for commentary, _ in due]
    alerted: set[Span] = set()
    alerts = []
    for commentary, new in due:
        words = {spans[0] for spans in _spans_of(commentary, new)}
        if not words <= alerted:  # else somebody said them together with this speaker
            alert = alert_on(dossier, commentary, watch, new, earlier, alerted_at, removed)
            name = commentary.speaker.name
            others = [other for other in names if other != name]
            alerts.append(dataclasses.replace(alert, others=others))
        alerted |= words
    return alerts


def _spans_of(commentary: Commentary, ids: Collection[str]) -> Iterator[Sequence[Span]]:
    """Where the statements with these ids stand."""
    for occurrence in commentary.occurrences:
        if occurrence.verdict is not None and occurrence.verdict.statement_id in ids:
            yield occurrence.attribution.quotation.spans


def held_in(dossier: Dossier, watches: Sequence[Watch]) -> set[tuple[str, str]]:
    """Each watch that would have alerted on a new statement, had it been surer, with the id of
    that statement; however old the article is.
    """
    return {
        (watch.id, occurrence.verdict.statement_id)
        for watch in watches
        for _, occurrence in dossier.occurrences()
        if occurrence.verdict is not None and occurrence.verdict.novelty == "new"
        if (match := occurrence.match_for(watch.id)) is not None and match.is_held
    }


def is_too_old(article: Article, watch: Watch) -> bool:
    """Whether the article was too old for the watch's alerts when it was first seen."""
    return was_too_old(article.seen_at, article.published_at, watch)


def was_too_old(seen_at: Instant, published_at: Instant, watch: Watch) -> bool:
    """Reports if what was published then was too old for the watch's alerts when it was seen."""
    return watch.max_age_seconds is not None and seen_at - published_at > watch.max_age_seconds


def _new_statements(
    commentary: Commentary,
    watch: Watch,
    earlier: Sequence[Alert],
    told: Alerted,
    removed: Collection[str],
) -> tuple[str, ...]:
    """The ids of the statements that are due, new to the watch's readers, and not alerted on
    yet, or ``removed`` by an edit since, sorted.
    """
    known = {
        statement.id for alert in earlier if alert.watch == watch.id
        for statement in alert.statements
    }  # fmt: skip
    due = {
        occurrence.verdict.statement_id
        for occurrence in commentary.occurrences
        if occurrence.verdict is not None and occurrence.is_sent_to(watch.id)
    }
    silenced = known | {id_ for id_ in due if watch.id in told.get(id_, ())}
    return tuple(sorted(due - (silenced - {*removed})))


def alert_on(
    dossier: Dossier,
    commentary: Commentary,
    watch: Watch,
    new: tuple[str, ...],
    earlier: Sequence[Alert],
    alerted_at: Instant,
    removed: Mapping[str, str] | None = None,
) -> Alert:
    """The alert on what a speaker says in an article, as if no other expert spoke there.

    Args:
        dossier: the article, judged.
        commentary: the speaker's, with at least one statement that alerts for the watch.
        watch: whose readers are told.
        new: the ids of the statements that they are told as new, sorted.
        earlier: all alerts on the article, oldest first.
        alerted_at: now.
        removed: the statements that an edit removed since, each with the id of that withdrawal.
    """
    article, removed = dossier.article, removed or {}
    due = [o for o in commentary.occurrences if o.is_sent_to(watch.id)]
    statements = statements_of(dossier, due, new, watch)
    speaker = _speaker(commentary, due[0].match_for(watch.id))
    same = of_speaker(watch.id, speaker.id, earlier)
    answered = sorted({removed[id_] for id_ in new if id_ in removed})
    return Alert(
        id=hash_of(watch.id, commentary.name_key, article.url, *new, *answered),
        type="updated" if same else "new",
        watch=watch.id,
        bundle_id=hash_of(watch.id, article.url),
        revision=1 + len(same),
        priority=_priority(statements),
        speaker=speaker,
        article=_article(dossier, due),
        statements=statements,
        reasons=[*_reasons(new_first(due, new), watch), *_more_held(commentary, watch, {*new})],
        others=(),
        seen_at=article.seen_at,
        fetched_at=article.fetched_at,
        alerted_at=alerted_at,
        follows=same[0].id if same else None,
    )


def _more_held(
    commentary: Commentary, watch: Watch, alerted: Collection[str]
) -> Iterator[AlertReason]:
    """How many more statements of the speaker the watch holds in the article, if any."""
    more = {
        occurrence.verdict.statement_id
        for occurrence in commentary.occurrences
        if occurrence.verdict is not None
        and (match := occurrence.match_for(watch.id)) is not None
        and match.is_held
    } - {*alerted}
    if more:
        what = "1 more statement is" if len(more) == 1 else f"{len(more)} more statements are"
        yield AlertReason(MORE_HELD, f"{what} held because something is unsure")


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


def _article(dossier: Dossier, due: Sequence[Occurrence]) -> AlertArticle:
    article = dossier.article
    return AlertArticle(
        id=article.id,
        url=article.url,
        title=article.title,
        publisher=article.publisher,
        published_at=article.published_at,
        is_dated=article.stated_published_at == article.published_at,
        language=article.language,
        told_to=next((o.attribution.told_to for o in due if o.attribution.told_to), ""),
        copy_of=dossier.copy_of,
    )


def _reasons(shown: Sequence[tuple[Occurrence, Verdict, bool]], watch: Watch) -> list[AlertReason]:
    """Why it alerted: novelty first, then the reasons of the matches, each once, with its
    statements where it does not hold for all.
    """
    new = [verdict.statement_id for _, verdict, is_new in shown if is_new]
    holds: dict[tuple[str, str], list[str]] = {}
    for occurrence, verdict, _ in shown:
        match = occurrence.match_for(watch.id)
        for code, text in dict.fromkeys((r.code, r.text) for r in (match.reasons if match else ())):
            holds.setdefault((code, text), []).append(verdict.statement_id)
    return [
        AlertReason("new", f"{len(new)} new statement{'s' if len(new) > 1 else ''}"),
        *(
            AlertReason(code, text, ids if len(ids) < len(shown) else ())
            for (code, text), ids in holds.items()
        ),
    ]


def _priority(statements: Sequence[AlertStatement]) -> Priority:
    """High for a new direct quotation whose speaker is sure."""
    return (
        "high"
        if any(
            s.is_new and s.kind == "direct" and s.confidence >= _HIGH_CONFIDENCE for s in statements
        )
        else "normal"
    )
