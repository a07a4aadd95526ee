"""What memory knows of a speaker, and what that changes for a watch."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from schemas.annotation import Speaker
from schemas.article import Article
from schemas.dossier import Commentary, Match, Occurrence
from schemas.person import NameRecord
from schemas.watch import Watch
from transforms.core.people.article_speakers import assess_speaker
from transforms.core.people.categories import UNKNOWN, Assessment
from transforms.core.people.names import has_given_name, name_key
from transforms.core.people.persons import remembered_as, ruling_on, the_person
from transforms.core.relevance.decision import category_for, rematch_statement


def recall_speaker(
    commentary: Commentary, article: Article, record: NameRecord, watches: Sequence[Watch]
) -> Commentary:
    """The commentary, its speaker known from memory and its matches decided anew, if memory
    knows better than the article: where a user ruled, or the article tells nothing.
    """
    speaker = commentary.speaker
    if not speaker.named:
        return commentary
    if ruled := ruling_on(speaker, record):
        who = Assessment(ruled.category, "as ruled by hand", 1.0)
        return _known_as(commentary, speaker, who, watches)
    if assess_speaker(speaker) != UNKNOWN:
        return commentary
    person = the_person(speaker.name, record)
    who = remembered_as(person, speaker.name, article) if person is not None else UNKNOWN
    if person is None or who == UNKNOWN:
        return commentary
    if not has_given_name(speaker.name):
        fullest = next(n for n in person.names if name_key(n) == record.name_key)
        speaker = dataclasses.replace(speaker, name=fullest)
    return _known_as(commentary, speaker, who, watches)


def _known_as(
    commentary: Commentary, speaker: Speaker, who: Assessment, watches: Sequence[Watch]
) -> Commentary:
    by_id = {watch.id: category_for(speaker, watch, who) for watch in watches}
    asked = {watch.id: watch for watch in watches}

    def anew(occurrence: Occurrence, match: Match) -> Match:
        if match.watch not in asked:
            return match
        watch = asked[match.watch]
        return rematch_statement(match, occurrence.attribution, speaker, by_id[watch.id], watch)

    return dataclasses.replace(
        commentary,
        speaker=dataclasses.replace(speaker, category=who.category, evidence=who.evidence),
        occurrences=[
            dataclasses.replace(o, matches=[anew(o, match) for match in o.matches])
            for o in commentary.occurrences
        ],
    )
