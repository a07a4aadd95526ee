"""Judging by name key: what each key says in an article is split off, held against the memory
of that key, and put together again.

It is what an engine needs that keeps memory in many places: what was said and told, and who
people are, by name key; what was alerted on, by article. The decisions are those of
``persons``, ``novelty`` and ``alerts``; here stands only what they are given, and what is kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas.alert import Alert
from schemas.base import Instant
from schemas.dossier import Commentary, Dossier
from schemas.keyed_memory import Alerted, Recollection, SpeakerPart
from schemas.person import NameRecord
from schemas.statement import Statement
from schemas.watch import Watch
from transforms.core.alerts.raising import raise_alerts, told_by
from transforms.core.novelty.copies import with_copies
from transforms.core.novelty.judge import judge_commentary
from transforms.core.people.persons import introductions_of, remember
from transforms.core.ports import MeaningModel
from transforms.core.relevance.known_speakers import recall_speaker


def split(dossier: Dossier, dossier_id: str) -> Iterator[tuple[str, SpeakerPart]]:
    """The reading's shares, each under its name key; an article in which nobody says anything
    is one share under its own id.

    ``dossier_id`` is what tells them from the shares of another reading of the same article.
    """
    dossier = replace(dossier, introductions=introductions_of(dossier))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, commentary in enumerate(dossier.commentaries):
        places[commentary.name_key].append(place)
    for key, theirs in (places or {dossier.article.id: []}).items():
        said = [dossier.commentaries[place] for place in theirs]
        of = len(dossier.commentaries)
        yield key, SpeakerPart(dossier_id, replace(dossier, commentaries=said), theirs, of)


def has_all_parts(shares: Sequence[SpeakerPart]) -> bool:
    """Whether nothing of the reading is missing.

    >>> has_all_parts([])
    False
    """
    met = {place for share in shares for place in share.places}
    return bool(shares) and len(met) == shares[0].of


def judge_part(
    memory: Sequence[Recollection],
    people: NameRecord,
    share: SpeakerPart,
    watches: Sequence[Watch],
    heard_at: Instant,
    *,
    model: MeaningModel | None = None,
) -> tuple[SpeakerPart, Recollection, NameRecord]:
    """The share with its speakers recalled and its statements judged; what memory gains by it;
    and who the people of the key are from now on.

    ``memory`` is all that was remembered under the key. A share that comes again gets the same
    verdicts, and adds nothing.
    """
    judged = _judged(_statements(memory), people, share.dossier, watches, model)
    dossier = replace(share.dossier, commentaries=[commentary for commentary, _ in judged])
    before = {told for past in memory for told in past.told}
    here = _told(told_by(dossier))
    gained = Recollection(
        heard_at,
        # Of namesakes who say the same words, the first: so an archive would have it.
        statements=list({s.id: s for _, found in reversed(judged) for s in found}.values()),
        told=[each for each in here if each not in before],
    )
    judged_part = replace(share, dossier=dossier, told=[each for each in here if each in before])
    return judged_part, gained, remember(people, dossier.introductions)


def _judged(
    known: Sequence[Statement],
    people: NameRecord,
    dossier: Dossier,
    watches: Sequence[Watch],
    model: MeaningModel | None,
) -> list[tuple[Commentary, tuple[Statement, ...]]]:
    """Each commentary with its speaker recalled and judged, and its new statements."""
    horizon_seconds = max(watch.horizon_seconds for watch in watches)
    article = dossier.article
    recalled = (recall_speaker(c, article, people, watches) for c in dossier.commentaries)
    return [
        judge_commentary(known, c, article, horizon_seconds=horizon_seconds, model=model)
        for c in recalled
    ]


def _told(told: dict[str, set[str]]) -> list[Alerted]:
    return [Alerted(id_, watch) for id_, watches in told.items() for watch in sorted(watches)]


def _statements(memory: Sequence[Recollection]) -> list[Statement]:
    """In the order in which an archive recalls them: of two that come as near, the first counts."""
    found = (statement for recollection in memory for statement in recollection.statements)
    return sorted(found, key=lambda s: (s.said_at, s.article_url, s.position))


def is_worth_keeping(recollection: Recollection) -> bool:
    """Whether memory gained anything."""
    return bool(recollection.statements or recollection.told)


def gather(
    shares: Sequence[SpeakerPart],
    watches: Sequence[Watch],
    earlier: Sequence[Alert],
    alerted_at: Instant,
) -> Dossier:
    """The reading that was split into ``shares``, with the alerts it raises when ``earlier``
    ones were raised on the article.

    A share whose judging failed comes without its commentaries; what is missing then was not
    taken out of the article.

    Raises:
        ValueError: there is no share.
    """
    if not shares:
        raise ValueError("no share to gather a reading from")
    placed = {
        place: commentary
        for share in shares
        for place, commentary in zip(share.places, share.dossier.commentaries, strict=False)
    }
    dossier = replace(shares[0].dossier, commentaries=[placed[place] for place in sorted(placed)])
    dossier = with_copies(dossier, "", {})
    in_order = sorted(earlier, key=lambda alert: (alert.alerted_at, alert.revision))
    alerts = raise_alerts(dossier, watches, in_order, _told_of(shares), alerted_at)
    if len(placed) < shares[0].of:
        alerts = tuple(alert for alert in alerts if not alert.is_withdrawal)
    return replace(dossier, alerts=alerts)


def _told_of(shares: Sequence[SpeakerPart]) -> dict[str, set[str]]:
    """The watches that each statement was told to."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for each in (told for share in shares for told in share.told):
        told[each.statement_id].add(each.watch)
    return told


def retention_seconds(watches: Sequence[Watch]) -> int:
    """How long memory is kept where it must be bounded, counted from when a thing was heard.

    The horizon is a distance between times of publication, and an article may alert though it
    comes its maximum age late. So nothing that could still stop an alert is forgotten, unless
    a watch lets articles of any age alert: a second horizon stands in for their age then.
    """
    horizon = max(watch.horizon_seconds for watch in watches)
    ages = (watch.max_age_seconds for watch in watches)
    return horizon + max(horizon if age is None else age for age in ages)
