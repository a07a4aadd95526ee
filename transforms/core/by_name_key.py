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
from schemas.base import Timestamp
from schemas.commentary import Reading, Recollection, Share, Statement, Told
from schemas.person import NameRecord
from schemas.watch import Watch
from transforms.core.alerts.raising import decide, told_by
from transforms.core.novelty.copies import with_copies
from transforms.core.novelty.judge import judge_commentary
from transforms.core.people.persons import introductions_of, recall_speaker, remember
from transforms.core.ports import MeaningModel


def split(reading: Reading, reading_id: str) -> Iterator[tuple[str, Share]]:
    """The reading's shares, each under its name key; an article in which nobody says anything
    is one share under its own id.

    ``reading_id`` is what tells them from the shares of another reading of the same article.
    """
    reading = replace(reading, introductions=introductions_of(reading))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, commentary in enumerate(reading.commentaries):
        places[commentary.name_key].append(place)
    for key, theirs in (places or {reading.article.id: []}).items():
        said = [reading.commentaries[place] for place in theirs]
        of = len(reading.commentaries)
        yield key, Share(reading_id, replace(reading, commentaries=said), theirs, of)


def is_whole(shares: Sequence[Share]) -> bool:
    """Whether nothing of the reading is missing.

    >>> is_whole([])
    False
    """
    met = {place for share in shares for place in share.places}
    return bool(shares) and len(met) == shares[0].of


def judge_share(
    memory: Sequence[Recollection],
    people: NameRecord,
    share: Share,
    watches: Sequence[Watch],
    heard_at: Timestamp,
    *,
    model: MeaningModel | None = None,
) -> tuple[Share, Recollection, NameRecord]:
    """The share with its speakers recalled and its statements judged; what memory gains by it;
    and who the people of the key are from now on.

    ``memory`` is all that was remembered under the key. A share that comes again gets the same
    verdicts, and adds nothing.
    """
    reading, known = share.reading, _statements(memory)
    horizon_seconds = max(watch.horizon_seconds for watch in watches)
    recalled = [
        recall_speaker(commentary, reading.article, people, watches)
        for commentary in reading.commentaries
    ]
    judged = [
        judge_commentary(
            known, commentary, reading.article, horizon_seconds=horizon_seconds, model=model
        )
        for commentary in recalled
    ]
    reading = replace(reading, commentaries=[commentary for commentary, _ in judged])
    here, told = _told(told_by(reading)), {told for past in memory for told in past.told}
    gained = Recollection(
        heard_at,
        # Of namesakes who say the same words, the first: so an archive would have it.
        statements=list({s.id: s for _, found in reversed(judged) for s in found}.values()),
        told=[each for each in here if each not in told],
    )
    before = [each for each in here if each in told]
    return (
        replace(share, reading=reading, told=before),
        gained,
        remember(people, reading.introductions),
    )


def _told(told: dict[str, set[str]]) -> list[Told]:
    return [Told(id_, watch) for id_, watches in told.items() for watch in sorted(watches)]


def _statements(memory: Sequence[Recollection]) -> list[Statement]:
    """In the order in which an archive recalls them: of two that come as near, the first counts."""
    found = (statement for recollection in memory for statement in recollection.statements)
    return sorted(found, key=lambda s: (s.said_at, s.article_url, s.position))


def is_worth_keeping(recollection: Recollection) -> bool:
    """Whether memory gained anything."""
    return bool(recollection.statements or recollection.told)


def gather(
    shares: Sequence[Share],
    watches: Sequence[Watch],
    earlier: Sequence[Alert],
    alerted_at: Timestamp,
) -> Reading:
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
        for place, commentary in zip(share.places, share.reading.commentaries, strict=False)
    }
    reading = replace(shares[0].reading, commentaries=[placed[place] for place in sorted(placed)])
    reading = with_copies(reading, "", {})
    told: defaultdict[str, set[str]] = defaultdict(set)
    for each in (told for share in shares for told in share.told):
        told[each.statement_id].add(each.watch)
    in_order = sorted(earlier, key=lambda alert: (alert.alerted_at, alert.revision))
    alerts = decide(reading, watches, in_order, told, alerted_at)
    if len(placed) < shares[0].of:
        alerts = tuple(alert for alert in alerts if alert.type != "withdrawn")
    return replace(reading, alerts=alerts)


def retention_seconds(watches: Sequence[Watch]) -> int:
    """How long memory is kept where it must be bounded, counted from when a thing was heard.

    The horizon is a distance between times of publication, and an article may alert though it
    comes its maximum age late. So nothing that could still stop an alert is forgotten, unless
    a watch lets articles of any age alert: a second horizon stands in for their age then.
    """
    horizon = max(watch.horizon_seconds for watch in watches)
    ages = (watch.max_age_seconds for watch in watches)
    return horizon + max(horizon if age is None else age for age in ages)
