"""What is said in an article, by speaker, and how each statement meets each watch: what category
its speaker has there, whether it is about the negotiation, and whether it may alert.

Every decision leaves a reason that answers "why did, or didn't, this alert?".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from schemas.annotation import Annotation, Attribution, Speaker
from schemas.dossier import Commentary, Dossier, Match, Occurrence
from schemas.watch import Watch
from transforms.core.people.article_speakers import (
    by_speaker,
    fullest,
    in_company,
    speaker_key,
    with_role,
)
from transforms.core.people.categories import Assessment
from transforms.core.people.plausible_names import with_persons_named
from transforms.core.relevance.decision import category_for, match_statement
from transforms.core.relevance.subjects import ArticleSubject, surroundings, tags_within


def match(annotation: Annotation, watches: Sequence[Watch]) -> Dossier:
    """The article's commentaries, each statement with one Match per watch.

    A piece that an expert wrote on something else is nobody's commentary.
    """
    annotation = with_persons_named(annotation)
    subject = ArticleSubject(annotation)
    annotation = _without_pieces_off_topic(annotation, subject, watches)
    said = [
        (with_role(fullest(attributions), annotation.article.text), attributions)
        for attributions in by_speaker(annotation)
    ]
    known = in_company([speaker for speaker, _ in said])
    commentaries = [
        _commentary(annotation, speaker, who, attributions, subject, watches)
        for (speaker, attributions), who in zip(said, known, strict=True)
    ]
    return Dossier(annotation.article, annotation.tags, commentaries)


def _without_pieces_off_topic(
    annotation: Annotation, subject: ArticleSubject, watches: Sequence[Watch]
) -> Annotation:
    attributions = [
        attribution
        for attribution in annotation.attributions
        if attribution.quotation.form != "authored"
        or any(subject.of(attribution, watch).on_negotiation for watch in watches)
    ]
    return dataclasses.replace(annotation, attributions=attributions)


def _commentary(
    annotation: Annotation,
    speaker: Speaker,
    own: Assessment,
    attributions: Sequence[Attribution],
    subject: ArticleSubject,
    watches: Sequence[Watch],
) -> Commentary:
    who = [category_for(speaker, watch, own) for watch in watches]
    return Commentary(
        name_key=speaker_key(speaker, annotation.article.id),
        speaker=speaker,
        occurrences=[
            _occurrence(
                annotation,
                attribution,
                [
                    match_statement(
                        attribution, speaker, known, subject.of(attribution, watch), watch
                    )
                    for known, watch in zip(who, watches, strict=True)
                ],
            )
            for attribution in attributions
        ],
    )


def _occurrence(
    annotation: Annotation, attribution: Attribution, matches: Sequence[Match]
) -> Occurrence:
    text = annotation.article.text
    spans = attribution.quotation.spans
    words = [_closed(text[span.start : span.end]) for span in spans]
    around = tags_within(annotation.tags, [surroundings(annotation, attribution)])
    return Occurrence(
        text=" … ".join([*_title(annotation, attribution), *words]),
        attribution=attribution,
        actors=sorted({tag.id for tag in around if tag.type == "actor"}),
        topics=sorted({tag.id for tag in around if tag.type == "topic"}),
        matches=matches,
    )


def _title(annotation: Annotation, attribution: Attribution) -> list[str]:
    """The title of a piece that an expert wrote, where it stands above the text only."""
    title, text = annotation.article.title, annotation.article.text
    is_above = bool(title) and not text.startswith(title)
    return [title] if attribution.quotation.form == "authored" and is_above else []


#: Marks that open a quotation inside another's words, with those that close it.
_CLOSING = {"“": "”", "«": "»", "„": "“"}


def _closed(words: str) -> str:
    """The words, a quotation closed that opens in them and ends with them.

    >>> _closed("a plan that he called “a trap"), _closed('the "root causes" of war')
    ('a plan that he called “a trap”', 'the "root causes" of war')
    """
    for opening, closing in _CLOSING.items():
        if words.rfind(opening) > words.rfind(closing):
            return words + closing
    return words + '"' if words.count('"') % 2 else words
