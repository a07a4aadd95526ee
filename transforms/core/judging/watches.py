"""How what is said in an article meets each watch: whose commentary it is, what category its
speaker has there, whether it is about the negotiation, and whether it may alert.

Every decision leaves a reason that answers "why did, or didn't, this alert?".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from schemas.annotation import Annotation, Attribution, Category, Speaker
from schemas.commentary import Commentary, Match, MatchReason, Occurrence, Reading
from schemas.watch import Actor, Watch
from transforms.core.ids import hash_of
from transforms.core.judging.subjects import ArticleSubject, Subject, surroundings, tags_within
from transforms.core.understanding.categories import Assessment, assess
from transforms.core.understanding.names import name_key, same_person
from transforms.core.understanding.tags import fold

#: A lead ends so many characters into an article, however long its first paragraph.
_MAX_LEAD_CHARS = 300
#: How sure it is that a lead's expert without a name is the one who is named below.
_LEAD_SURENESS = 0.85
#: Say that a description is of several people.
_PLURAL = frozenset({"some", "many", "several", "most", "other", "experts", "analysts"})


def match(annotation: Annotation, watches: Sequence[Watch]) -> Reading:
    """The article's commentaries, each statement with one Match per watch."""
    subject = ArticleSubject(annotation)
    commentaries = [
        _commentary(annotation, attributions, subject, watches)
        for attributions in _by_speaker(annotation)
    ]
    return Reading(annotation.article, annotation.tags, commentaries)


def speaker_key(speaker: Speaker, article_id: str) -> str:
    """What memory keeps a speaker's statements under: the name key, or, without a name,
    the article and the description.
    """
    key = name_key(speaker.name) if speaker.named else ""
    return key or f"unnamed:{hash_of(article_id, fold(speaker.name))}"


def _by_speaker(annotation: Annotation) -> list[list[Attribution]]:
    """The attributions of each speaker, in order of first words."""
    groups: list[list[Attribution]] = []
    for attribution in _with_leads_named(annotation):
        speaker = attribution.speaker
        group = next((g for g in groups if _is_same(g[0].speaker, speaker)), None)
        if group is None:
            groups.append([attribution])
        else:
            group.append(attribution)
    return groups


def _is_same(a: Speaker, b: Speaker) -> bool:
    """Whether two speakers of one article are one."""
    if a.named and b.named:
        return same_person(a.name, b.name)
    return a.named == b.named and fold(a.name) == fold(b.name)


def _with_leads_named(annotation: Annotation) -> list[Attribution]:
    """The attributions, the lead's "an analyst" put as the article's only named expert.

    News style: the lead tells what one expert says and keeps the name for the next paragraph.
    Several named experts, or a plural ("analysts"), leave it open.
    """
    attributions = list(annotation.attributions)
    experts = [a for a in attributions if a.speaker.named and _own(a.speaker).category == "expert"]
    if not experts or not all(_is_same(a.speaker, experts[0].speaker) for a in experts):
        return attributions
    paragraph = next(iter(annotation.article.paragraphs), None)
    end = min(paragraph.end if paragraph else _MAX_LEAD_CHARS, _MAX_LEAD_CHARS)
    return [
        _named(a, experts) if _is_one_expert(a.speaker) and _start(a) < end else a
        for a in attributions
    ]


def _is_one_expert(speaker: Speaker) -> bool:
    """Whether the speaker is one expert without a name: "a Chinese economist"."""
    words = fold(speaker.name).split()
    is_many = not words or words[-1].endswith("s") or bool(_PLURAL & set(words))
    return not speaker.named and not is_many and _own(speaker).category == "expert"


def _named(attribution: Attribution, experts: Sequence[Attribution]) -> Attribution:
    speaker = dataclasses.replace(
        _fullest(experts),
        as_written=attribution.speaker.as_written,
        span=attribution.speaker.span,
    )
    confidence = attribution.confidence * _LEAD_SURENESS
    return dataclasses.replace(attribution, speaker=speaker, confidence=confidence)


def _start(attribution: Attribution) -> int:
    return attribution.quotation.spans[0].start


def _fullest(attributions: Sequence[Attribution]) -> Speaker:
    """The speaker with the longest name, role and affiliation that any attribution gives."""
    speakers = [attribution.speaker for attribution in attributions]
    fullest = max(speakers, key=lambda s: len(s.name.split()))
    role = max((s.role for s in speakers), key=len)
    affiliation = max((s.affiliation for s in speakers), key=len)
    known = next((s for s in speakers if s.evidence), fullest)
    return dataclasses.replace(
        fullest,
        role=role,
        affiliation=affiliation,
        category=known.category,
        evidence=known.evidence,
    )


def _commentary(
    annotation: Annotation,
    attributions: Sequence[Attribution],
    subject: ArticleSubject,
    watches: Sequence[Watch],
) -> Commentary:
    speaker = _fullest(attributions)
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
    confidence = attribution.confidence * min(who.sureness, subject.sureness)
    is_held = is_alertworthy and confidence < policy.min_confidence
    reasons = [
        MatchReason(
            _CATEGORY_CODE[is_asked_for], f"{speaker.name} is {_article(who.category)}{_by(who)}"
        ),
        MatchReason(subject.code, subject.reason),
    ]
    if is_asked_for and not is_known:
        reasons.append(MatchReason("unnamed", "the speaker is not named"))
    if is_held:
        reasons.append(_held(attribution, who, subject, confidence, policy.min_confidence))
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


def _held(
    attribution: Attribution, who: Assessment, subject: Subject, confidence: float, least: float
) -> MatchReason:
    """The held reason, naming what is least sure."""
    sureness, what = min(
        (attribution.confidence, "who said it, or where the words end"),
        (who.sureness, "what the speaker is"),
        (subject.sureness, "that it is about the negotiation"),
    )
    return MatchReason(
        "held_low_confidence",
        f"held: {confidence:.2f} sure, {least:.2f} asked for;"
        f" least sure ({sureness:.2f}) is {what}",
    )


def category_for(speaker: Speaker, watch: Watch) -> Assessment:
    """The speaker's category as the watch sees it: its lists first, then its actors, then the
    article's own words.
    """
    if speaker.named:
        for listed in watch.never_experts:
            if same_person(listed.name, speaker.name):
                own = _own(speaker)
                if own.category != "expert":
                    return own
                return Assessment("citizen", "experts.never of the watch", 1.0)
        for listed in watch.always_experts:
            if same_person(listed.name, speaker.name):
                return Assessment("expert", "experts.always of the watch", 1.0)
    if actor := _actor(speaker, watch):
        side = f" of {actor.side}" if actor.side else ""
        return Assessment(actor.role, f"{actor.name}: {actor.role}{side} in the watch", 1.0)
    return _own(speaker)


def _own(speaker: Speaker) -> Assessment:
    found = assess(speaker.name, speaker.role, speaker.affiliation, named=speaker.named)
    if found.category == speaker.category or not speaker.evidence:
        return found
    return Assessment(speaker.category, speaker.evidence, 0.9)


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
