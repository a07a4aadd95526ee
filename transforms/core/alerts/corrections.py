"""What follows from a reader's word that an alert was wrong.

A correction does three things: the alert is taken back (``withdrawals.py``), memory is mended,
and the article becomes a case that later versions are tested by.

The statement of a wrong speaker stays in memory under that name, so that copies of the article,
read as wrongly, repeat it and raise no alert.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

from schemas.alert import Alert, AlertReason
from schemas.annotation import Speaker
from schemas.article import Article
from schemas.base import Span
from schemas.correction import Case, Correction
from schemas.dossier import Commentary, Dossier, Occurrence
from schemas.person import Ruling
from transforms.core.alerts.withdrawals import CORRECTED
from transforms.core.novelty.comparison import compare
from transforms.core.novelty.judge import judge_commentary
from transforms.core.novelty.recall import recall
from transforms.core.people.article_speakers import speaker_key
from transforms.core.people.names import name_key
from transforms.core.people.persons import ruling_id
from transforms.core.ports import Statements

#: What holds whoever asks: who said it, what they are, whether it was said before.
_OF_EVERY_WATCH = frozenset({"speaker", "not_expert", "repeat"})


def reason_for(correction: Correction, alert: Alert) -> AlertReason:
    """Why the alert is taken back, for those who got it."""
    text = {
        "speaker": f"the words are {correction.name}'s, not {alert.speaker.name}'s",
        "not_expert": f"{correction.name} is no expert",
        "not_about": "the words are not about the negotiation",
        "repeat": f"the same was told before, by alert {correction.other_alert_id}",
        "wrong": "a reader found it wrong",
    }
    return AlertReason(f"{CORRECTED}{correction.kind}", text[correction.kind])


def corrected_part(alert: Alert, correction: Correction) -> Alert:
    """The alert with those of its statements that the correction is on."""
    if not correction.statements:
        return alert
    left = [s for s in alert.statements if s.id in correction.statements]
    return dataclasses.replace(alert, statements=left)


def wrong_too(correction: Correction, alert: Alert, earlier: Sequence[Alert]) -> list[Alert]:
    """The alerts that told other watches the same of the article: who said it, and who they are,
    and whether it was said before, holds for them as well.
    """
    return [
        other
        for other in earlier
        if correction.kind in _OF_EVERY_WATCH
        and other.watch != alert.watch
        and other.speaker.id == alert.speaker.id
    ]


def still_wrong(
    taken: Alert, said: Iterable[tuple[Alert, Correction]], earlier: Sequence[Alert]
) -> dict[str, str]:
    """The statements that stay taken back by what was ``said`` of this alert or others on the
    article, each with the id of the alert of which it was said.
    """
    return {
        statement.id: alert.id
        for alert, correction in said
        if taken.follows in {alert.id, *(one.id for one in wrong_too(correction, alert, earlier))}
        for statement in alert.statements
    }


def as_corrected(raised: Alert, said: Iterable[tuple[Alert, Correction]]) -> Alert | None:
    """The alert without what readers said of the same words in the same article; None if that
    leaves nothing new.
    """
    about = (alert for alert, correction in said if _bears_on(alert, correction, raised))
    wrong = {statement.text for alert in about for statement in alert.new_statements}
    left = [statement for statement in raised.statements if statement.text not in wrong]
    if not any(statement.is_new for statement in left):
        return None
    return dataclasses.replace(raised, statements=left)


def _bears_on(alert: Alert, correction: Correction, raised: Alert) -> bool:
    """Whether what was said of one alert holds for another."""
    return (
        alert.article.id == raised.article.id
        and (alert.watch == raised.watch or correction.kind in _OF_EVERY_WATCH)
        and name_key(alert.speaker.name) == name_key(raised.speaker.name)
    )


def note_of(alert: Alert) -> str:
    """By which a ruling is known to follow from a correction of the alert."""
    return f"parley wrong {alert.id}"


def rulings_of(correction: Correction, alert: Alert, other: Alert | None) -> list[Ruling]:
    """What the correction says of persons: one is no expert, or two names are one person's."""
    at, note = correction.corrected_at, note_of(alert)
    if correction.kind == "not_expert":
        name = correction.name
        return [Ruling(ruling_id("category", name, "", at), "category", name, at, "", note=note)]
    if other is not None and name_key(other.speaker.name) != name_key(alert.speaker.name):
        one, two = alert.speaker.name, other.speaker.name
        return [Ruling(ruling_id("same", one, two, at), "same", one, at, two, note=note)]
    return []


def joined(alert: Alert, other: Alert) -> dict[str, str]:
    """For each statement that the alert told as new, the other's that it comes nearest to."""
    return {
        new.id: max(
            other.new_statements, key=lambda s: (compare(s.text, new.text).similarity, s.id)
        ).id
        for new in alert.new_statements
    }


def said_by(
    name: str,
    occurrences: Sequence[Occurrence],
    article: Article,
    memory: Statements,
    horizon_seconds: int,
) -> Dossier:
    """The words as that person's, judged against what ``memory`` holds of theirs."""
    speaker = Speaker(name=name, as_written="", named=True)
    theirs = [
        dataclasses.replace(
            o,
            attribution=dataclasses.replace(o.attribution, speaker=speaker, rule="corrected"),
            matches=(),
            verdict=None,
        )
        for o in occurrences
    ]
    commentary = Commentary(key_of(name, article), speaker, theirs)
    known = recall(memory, commentary, article, horizon_seconds=horizon_seconds)
    judged, _ = judge_commentary(known, commentary, article, horizon_seconds=horizon_seconds)
    return Dossier(article, (), [judged])


def key_of(name: str, article: Article) -> str:
    """What memory keeps the person's statements under."""
    return speaker_key(Speaker(name=name, as_written="", named=True), article.id)


def case_of(
    correction: Correction, alert: Alert, article: Article, other: Alert | None = None
) -> Case:
    """The article as a test."""
    return Case(
        id=correction.id,
        watch=alert.watch,
        kind=correction.kind,
        speaker=alert.speaker.name,
        name=correction.name,
        said=list(_places(alert, article)),
        repeats=[statement.text for statement in other.new_statements] if other else (),
        article=article,
    )


def _places(alert: Alert, article: Article) -> Iterator[Span]:
    """Where the text holds the words; an edit may have moved or removed them."""
    for statement in alert.new_statements:
        for words in statement.text.split(" … "):
            start = article.text.find(words)
            if words and start >= 0:
                yield Span(start, start + len(words))
