"""Who a speaker is by what earlier articles told of them.

Requirements. An article may give a bare last name, or a name without a role, of somebody whom
another introduced in full; they must be the same to the watch. Memory must not make an alert
wrong: where the article itself tells what somebody is, that stands; a last name that two known
people share is nobody's; somebody of whom articles tell different things is held.

Theory of operation. Articles leave Introductions under the speaker's name key. Persons are put
together from them, and from what users ruled, whenever they are asked for: nothing that is
stored depends on how, so people may be merged and parted at any time. All here is pure and
looks at one name key only, so that it works on an archive and on keyed state alike.

Known limits. What is known depends on the order in which articles arrive: the first article
that gives a bare name stays without it. Sameness is that of names: two people of one full name
are one, and held as soon as articles tell different things of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from schemas.annotation import Speaker
from schemas.article import Article
from schemas.base import Instant
from schemas.dossier import Commentary, Dossier
from schemas.ids import hash_of
from schemas.person import Introduction, NameRecord, Person, Ruling
from transforms.core.people.article_speakers import assess_speaker
from transforms.core.people.categories import UNKNOWN, Assessment, assess, is_body
from transforms.core.people.names import has_given_name, name_key, same_person
from transforms.core.people.roles import affiliation_in
from transforms.core.ports import MAX_INTRODUCTIONS
from transforms.core.text.phrases import fold

#: What was told longer before or after an article is not believed of it: people change offices.
_MAX_DISTANCE_SECONDS = 365 * 86400
#: A full name met again is nearly always the same person; it counts a little less than what
#: the article itself says, so that no memory is surer than the page.
_FULL_NAME_SURENESS = 0.9
#: A bare last name can be anybody's. That memory knows one person of it only, and that this one
#: speaks of the same talks, makes an alert just as sure as a watch asks for by default.
_LAST_NAME_SURENESS = 0.85
#: Articles tell different things of the person: archived, and held.
_DISPUTED_SURENESS = 0.6


def introductions_of(dossier: Dossier) -> tuple[Introduction, ...]:
    """How the article introduces its speakers: each with first and last name, and a role that
    tells what they are. What memory added to a speaker is not among it.
    """
    found = (_introduction(c, dossier.article) for c in dossier.commentaries)
    return tuple(introduction for introduction in found if introduction is not None)


def _introduction(commentary: Commentary, article: Article) -> Introduction | None:
    speaker = commentary.speaker
    if not speaker.named or not has_given_name(speaker.name) or is_body(speaker.name):
        return None
    if assess(speaker.name, speaker.role, speaker.affiliation, named=True) == UNKNOWN:
        return None
    if not speaker.role and not speaker.affiliation:
        return None
    who = assess_speaker(speaker)
    return Introduction(
        id=hash_of(commentary.name_key, speaker.name, speaker.role, speaker.affiliation),
        name_key=commentary.name_key,
        name=speaker.name,
        role=speaker.role,
        affiliation=speaker.affiliation,
        category=who.category,
        evidence=who.evidence,
        sureness=who.sureness,
        article_url=article.url,
        publisher=article.publisher,
        told_at=article.published_at,
    )


def remember(record: NameRecord, introductions: Iterable[Introduction]) -> NameRecord:
    """The record with these introductions of its name key; of equal ones the latest is kept.

    Neither order nor repetition of what is remembered changes the outcome.
    """
    latest: dict[str, Introduction] = {}
    told = (i for i in introductions if i.name_key == record.name_key)
    for introduction in (*record.introductions, *told):
        known = latest.setdefault(introduction.id, introduction)
        if _age(known) < _age(introduction):
            latest[introduction.id] = introduction
    kept = sorted(latest.values(), key=_age, reverse=True)[:MAX_INTRODUCTIONS]
    return dataclasses.replace(record, introductions=kept)


def _age(introduction: Introduction) -> tuple[int, str, str]:
    return introduction.told_at.micros, introduction.article_url, introduction.id


def ruling_id(kind: str, name: str, other: str, ruled_at: Instant) -> str:
    """The id of a ruling: a hash of what it says."""
    return hash_of(kind, name, other, str(ruled_at.micros))


def persons_of(record: NameRecord) -> tuple[Person, ...]:
    """The people of a record, the one introduced last first.

    Full names go first, so that an initial joins a person only if one fits.
    """
    groups: list[list[Introduction]] = []
    for introduction in sorted(record.introductions, key=lambda i: (-len(i.name), _age(i))):
        fitting = [g for g in groups if all(_are_one(i, introduction, record) for i in g)]
        if len(fitting) == 1:
            fitting[0].append(introduction)
        else:
            groups.append([introduction])
    people = (_person(record, group) for group in _merged(groups, record.rulings))
    return tuple(sorted(people, key=lambda p: _age(p.introductions[0]), reverse=True))


def _are_one(a: Introduction, b: Introduction, record: NameRecord) -> bool:
    ruled = _ruled_one(record.rulings, a.name, b.name)
    return same_person(a.name, b.name) if ruled is None else ruled


def _ruled_one(rulings: Sequence[Ruling], a: str, b: str) -> bool | None:
    """What the latest ruling on two names says; None if there is none."""
    names = {fold(a), fold(b)}
    kinds = [r.kind for r in rulings if {fold(r.name), fold(r.other)} == names and r.other]
    return kinds[-1] == "same" if kinds and len(names) > 1 else None


def _merged(
    groups: list[list[Introduction]], rulings: Sequence[Ruling]
) -> list[list[Introduction]]:
    """The groups, those joined that hold two names which a user ruled to be one person's."""
    merged: list[list[Introduction]] = []
    for group in groups:
        same = [
            g for g in merged if any(_ruled_one(rulings, a.name, b.name) for a in g for b in group)
        ]
        merged = [g for g in merged if g not in same]
        merged.append([i for g in (*same, group) for i in g])
    return merged


def _person(record: NameRecord, introductions: Sequence[Introduction]) -> Person:
    latest_first = sorted(introductions, key=_age, reverse=True)
    names = sorted({i.name for i in introductions}, key=lambda n: (-len(n.split()), -len(n), n))
    ruled = [r for r in record.rulings if r.kind == "category" and _is_on(r, names)]
    return Person(
        record.name_key, names[0], names, latest_first, ruled[-1].category if ruled else None
    )


def _is_on(ruling: Ruling, names: Iterable[str]) -> bool:
    """Whether the ruling is on a person of these names; a bare last name rules that only."""
    if not has_given_name(ruling.name):
        return fold(ruling.name) in map(fold, names)
    return any(has_given_name(name) and same_person(ruling.name, name) for name in names)


def ruling_on(speaker: Speaker, record: NameRecord) -> Ruling | None:
    """The latest decision that a user made about the speaker's category; None without one."""
    rulings = [r for r in record.rulings if r.kind == "category" and _is_on(r, [speaker.name])]
    return rulings[-1] if rulings else None


def the_person(name: str, record: NameRecord) -> Person | None:
    """The one person that a name can be; None if there are two, or none."""
    people = persons_of(record)
    fitting = [p for p in people if fold(name) in map(fold, p.names)]
    fitting = fitting or [p for p in people if _fits(name, p, record.name_key)]
    return fitting[0] if len(fitting) == 1 else None


def _fits(name: str, person: Person, key: str) -> bool:
    """Whether the name agrees with all that the person is called under its key."""
    names = [n for n in person.names if name_key(n) == key]
    return bool(names) and all(same_person(name, n) for n in names)


def remembered_as(person: Person, name: str, article: Article) -> Assessment:
    """What memory makes of the person in an article of that time."""
    if person.ruled is not None:
        return Assessment(person.ruled, "as ruled by hand", _sureness(name))
    told = [i for i in person.introductions if _is_near(i, article)]
    if not told:
        return UNKNOWN
    latest, sureness = told[0], _sureness(name)
    if any(introduction.category != latest.category for introduction in told):
        sureness = _DISPUTED_SURENESS
    alike = [introduction for introduction in told if introduction.category == latest.category]
    source = _source(_most_telling(alike))
    return Assessment(latest.category, source, min(sureness, latest.sureness))


def _most_telling(introductions: Sequence[Introduction]) -> Introduction:
    """Of introductions, the latest first, the one with most words of those that name the body
    named last, or of all if none names one: a later "Professor" does not hide where.
    """
    bodies = [i.affiliation or affiliation_in(i.role) for i in introductions]
    latest = next(filter(None, bodies), "")
    of_it = [i for i, body in zip(introductions, bodies, strict=True) if body == latest]
    return max(of_it, key=lambda i: len(i.role))


def _sureness(name: str) -> float:
    return _FULL_NAME_SURENESS if has_given_name(name) else _LAST_NAME_SURENESS


def _is_near(introduction: Introduction, article: Article) -> bool:
    micros: int = abs(introduction.told_at.micros - article.published_at.micros)
    return micros <= _MAX_DISTANCE_SECONDS * 1_000_000


def _source(introduction: Introduction) -> str:
    """What was told, by whom and when: "director at X, as told by BBC on 2026-05-01"."""
    told = introduction.role or introduction.affiliation
    day = introduction.told_at.to_utc_datetime().date().isoformat()
    by = introduction.publisher or introduction.article_url
    return f"{told}, as told by {by} on {day}"
