"""How what is said in an article meets each watch: whose commentary it is, what category its
speaker has there, whether it is about the negotiation, and whether it may alert.

Every decision leaves a reason that answers "why did, or didn't, this alert?".
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.annotation import Annotation, Attribution, Category, Speaker
from schemas.commentary import Commentary, Match, MatchReason, Occurrence, Reading
from schemas.watch import Actor, Watch
from transforms.core.judging.speakers import (
    assess_speaker,
    by_speaker,
    fullest,
    speaker_key,
    with_role,
)
from transforms.core.judging.subjects import ArticleSubject, Subject, surroundings, tags_within
from transforms.core.understanding.categories import Assessment
from transforms.core.understanding.names import same_person
from transforms.core.understanding.phrases import fold


def match(annotation: Annotation, watches: Sequence[Watch]) -> Reading:
    """The article's commentaries, each statement with one Match per watch."""
    subject = ArticleSubject(annotation)
    commentaries = [
        _commentary(annotation, attributions, subject, watches)
        for attributions in by_speaker(annotation)
    ]
    return Reading(annotation.article, annotation.tags, commentaries)


def _commentary(
    annotation: Annotation,
    attributions: Sequence[Attribution],
    subject: ArticleSubject,
    watches: Sequence[Watch],
) -> Commentary:
    speaker = with_role(fullest(attributions), annotation.article.text)
    who = [category_for(speaker, watch) for watch in watches]
    return Commentary(
        name_key=speaker_key(speaker, annotation.article.id),
        speaker=speaker,
        occurrences=[
            _occurrence(
                annotation,
                attribution,
                [
                    _match(attribution, speaker, known, subject.of(attribution, watch), watch)
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
    around = tags_within(annotation.tags, [surroundings(annotation, attribution)])
    return Occurrence(
        text=" … ".join(text[span.start : span.end] for span in spans),
        attribution=attribution,
        actors=sorted({tag.id for tag in around if tag.type == "actor"}),
        topics=sorted({tag.id for tag in around if tag.type == "topic"}),
        matches=matches,
    )


def _match(
    attribution: Attribution, speaker: Speaker, who: Assessment, subject: Subject, watch: Watch
) -> Match:
    policy = watch.alert_on
    is_asked_for = who.category in policy.categories
    is_known = speaker.named or not policy.named_only
    is_alertworthy = is_asked_for and is_known and subject.on_negotiation
    weakest, what = _weakest(attribution, who, subject)
    is_held = is_alertworthy and weakest < policy.min_confidence
    reasons = [
        MatchReason(
            _CATEGORY_CODE[is_asked_for], f"{speaker.name} is {_article(who.category)}{_by(who)}"
        ),
        MatchReason(subject.code, subject.reason),
    ]
    if is_asked_for and not is_known:
        reasons.append(MatchReason("unnamed", "the speaker is not named"))
    if is_held:
        text = f"held: {what} is {weakest:.2f} sure, {policy.min_confidence:.2f} is asked for"
        reasons.append(MatchReason("held_low_confidence", text))
    return Match(
        watch=watch.id,
        category=who.category,
        evidence=who.evidence,
        on_negotiation=subject.on_negotiation,
        is_alertworthy=is_alertworthy,
        is_held=is_held,
        reasons=reasons,
    )


_CATEGORY_CODE = {True: "category_asked_for", False: "category_not_asked_for"}


def _article(category: Category) -> str:
    name = category.replace("_", " ")
    return f"an {name}" if name[0] in "aeou" else f"a {name}"


def _by(who: Assessment) -> str:
    return f" ({who.evidence})" if who.evidence else " for all that the article says"


def _weakest(attribution: Attribution, who: Assessment, subject: Subject) -> tuple[float, str]:
    """The least sure of the three things that an alert stands on, and what it is.

    Not their product: the three err together, on the same badly read sentences. On annotated
    negotiation news the product held two of three right alerts at 0.8, to no better precision.
    """
    return min(
        (attribution.confidence, "who said it, or where the words end,"),
        (who.sureness, "what the speaker is"),
        (subject.sureness, "that it is about the negotiation"),
    )


def category_for(speaker: Speaker, watch: Watch) -> Assessment:
    """The speaker's category as the watch sees it: its lists first, then its actors, then the
    article's own words.
    """
    if speaker.named:
        for listed in watch.never_experts:
            if same_person(listed.name, speaker.name):
                own = assess_speaker(speaker)
                if own.category != "expert":
                    return own
                return Assessment("citizen", "experts.never of the watch", 1.0)
        for listed in watch.always_experts:
            if same_person(listed.name, speaker.name):
                return Assessment("expert", "experts.always of the watch", 1.0)
    if actor := _actor(speaker, watch):
        side = f" of {actor.side}" if actor.side else ""
        return Assessment(actor.role, f"{actor.name}: {actor.role}{side} in the watch", 1.0)
    return assess_speaker(speaker)


def _actor(speaker: Speaker, watch: Watch) -> Actor | None:
    """The watch's actor that the speaker is, if any."""
    name = fold(speaker.name).removeprefix("the ")
    for actor in watch.actors:
        for known in (actor.name, *actor.aliases):
            if fold(known).removeprefix("the ") == name:
                return actor
            is_full = speaker.named and _is_full(known) and _is_full(speaker.name)
            if is_full and same_person(known, speaker.name):
                return actor
    return None


def _is_full(name: str) -> bool:
    return " " in name.strip()
