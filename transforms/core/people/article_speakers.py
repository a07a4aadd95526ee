"""Who the speakers of an article are, once all that it says of them is put together.

One person may stand there under several spellings, with the role told beside one of the
quotations only, or in the lead without the name.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from schemas.annotation import Annotation, Attribution, Speaker
from schemas.ids import hash_of
from transforms.core.languages.en.word_lists import first_name_gender, word_set
from transforms.core.people.categories import (
    UNKNOWN,
    Assessment,
    assess,
    categorise,
    is_body,
)
from transforms.core.people.descriptions import descriptions_of, name_in
from transforms.core.people.names import has_given_name, name_key, same_person
from transforms.core.people.role_model import (
    MIN_EXPERT_PROBABILITY,
    explained,
    load_role_model,
    role_features,
)
from transforms.core.people.roles import affiliation_in, telling
from transforms.core.text.phrases import fold

#: A lead ends so many characters into an article, however long its first paragraph.
_MAX_LEAD_CHARS = 300
#: How sure it is that a lead's expert without a name is the one who is named below.
_LEAD_SURENESS = 0.85
#: How many named experts make it likely that one more speaker is one, and how sure that is: on
#: annotated negotiation news all six people without a role who comment are experts, too few to
#: send anything on it.
_MIN_COMPANY = 2
_COMPANY_SURENESS = 0.6
#: What the model of roles decides is never surer: too few such roles were seen to send on it.
_MOST_LIKELY = 0.75
_OTHER_CALLINGS = frozenset({"head:citizen", "head:journalist", "head:organisation"})
_AGE = re.compile(r"\b\d{1,2}[- ]years?[- ]old\b|\baged? \d{1,2}\b")
#: Say that a description is of several people.
_PLURAL = word_set("plural words")


def speaker_key(speaker: Speaker, article_id: str) -> str:
    """What memory keeps a speaker's statements under: the name key, or, without a name,
    the article and the description.
    """
    key = name_key(speaker.name) if speaker.named else ""
    return key or f"unnamed:{hash_of(article_id, fold(speaker.name))}"


def by_speaker(annotation: Annotation) -> list[list[Attribution]]:
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
    attributions = [_with_name(attribution) for attribution in annotation.attributions]
    experts = list(filter(_is_named_expert, attributions))
    if not experts or not all(_is_same(a.speaker, experts[0].speaker) for a in experts):
        return attributions
    end = min([_MAX_LEAD_CHARS, *(p.end for p in annotation.article.paragraphs[:1])])
    return [
        _named(a, experts) if _is_one_expert(a.speaker) and _start(a) < end else a
        for a in attributions
    ]


def _is_named_expert(attribution: Attribution) -> bool:
    """Reports if the article quotes an expert by name, and is not their own."""
    speaker = attribution.speaker
    is_quoted = speaker.named and attribution.quotation.form != "authored"
    return is_quoted and assess_speaker(speaker).category == "expert"


def _with_name(attribution: Attribution) -> Attribution:
    """The attribution, its speaker named if the description holds a name."""
    speaker = attribution.speaker
    found = None if speaker.named else name_in(speaker.name)
    if found is None:
        return attribution
    name, role = found
    category, evidence = categorise(name, role, speaker.affiliation, named=True)
    named = dataclasses.replace(
        speaker, name=name, role=role, named=True, category=category, evidence=evidence
    )
    return dataclasses.replace(attribution, speaker=named)


def _is_one_expert(speaker: Speaker) -> bool:
    """Whether the speaker is one expert without a name: "a Chinese economist"."""
    words = fold(speaker.name).split()
    is_many = not words or words[-1].endswith("s") or bool(_PLURAL & set(words))
    return not speaker.named and not is_many and assess_speaker(speaker).category == "expert"


def _named(attribution: Attribution, experts: Sequence[Attribution]) -> Attribution:
    speaker = dataclasses.replace(
        fullest(experts),
        as_written=attribution.speaker.as_written,
        span=attribution.speaker.span,
    )
    confidence = attribution.confidence * _LEAD_SURENESS
    return dataclasses.replace(attribution, speaker=speaker, confidence=confidence)


def _start(attribution: Attribution) -> int:
    return attribution.quotation.spans[0].start


def fullest(attributions: Sequence[Attribution]) -> Speaker:
    """The attributions' one speaker, with the longest name and affiliation of any, and the role
    that says most.
    """
    speakers = [attribution.speaker for attribution in attributions]
    fullest = max(speakers, key=lambda s: len(s.name.split()))
    role = max((s.role for s in speakers), key=telling)
    affiliation = max((s.affiliation for s in speakers), key=len)
    known = next((s for s in speakers if s.evidence), fullest)
    return dataclasses.replace(
        fullest,
        role=role,
        affiliation=affiliation,
        category=known.category,
        evidence=known.evidence,
    )


def assess_speaker(speaker: Speaker) -> Assessment:
    """What the article makes of the speaker; what the finder decided stands."""
    found = assess(speaker.name, speaker.role, speaker.affiliation, named=speaker.named)
    if found.category == speaker.category or not speaker.evidence:
        return found
    return Assessment(speaker.category, speaker.evidence, 0.9)


def in_company(speakers: Sequence[Speaker]) -> list[Assessment]:
    """What the article makes of each of its speakers, in their order.

    Who has a role that no list knows is judged by the fitted model of roles. Who is named without
    any role is taken for an expert where several named experts speak and few others are without
    one: copies lose the paragraph that introduces a speaker. That is enough to hold a statement,
    not to send it, because many such people are from the street.
    """
    found = [assess_speaker(speaker) for speaker in speakers]
    pairs = list(zip(speakers, found, strict=True))
    experts = sum(speaker.named and who.category == "expert" for speaker, who in pairs)
    bare = sum(who == UNKNOWN and _is_bare_person(speaker) for speaker, who in pairs)
    company = experts if experts >= max(_MIN_COMPANY, bare) else 0
    return [
        who if who != UNKNOWN else _of_unknown(speaker, experts, company) for speaker, who in pairs
    ]


def _of_unknown(speaker: Speaker, experts: int, company: int) -> Assessment:
    """What the company of experts makes of a speaker of whom no list tells anything.

    ``company`` is the number of experts where they are enough to make up for a role; else 0.
    """
    if _is_bare_person(speaker):
        text = f"no role is given; quoted beside {company} experts"
        return Assessment("expert", text, _COMPANY_SURENESS) if company else UNKNOWN
    if speaker.role and has_given_name(speaker.name):
        return _likely(speaker, experts)
    return UNKNOWN


def _likely(speaker: Speaker, experts: int) -> Assessment:
    """What the model makes of a role that no list knows, beside so many experts.

    A calling that the lists do know, and that is past, is not asked about: "a former nurse"; nor
    is somebody whose age is told, as of people from the street.
    """
    model, features = load_role_model(), role_features(speaker.role, speaker.affiliation, experts)
    probability = model.probability(features)
    is_asked = speaker.named and features.keys().isdisjoint(_OTHER_CALLINGS)
    is_asked &= not _AGE.search(speaker.role)
    if not is_asked or probability < MIN_EXPERT_PROBABILITY:
        return UNKNOWN
    evidence = f"{speaker.role}; likely by {explained(model.weighed(features))}"
    return Assessment("expert", evidence, min(round(probability, 2), _MOST_LIKELY))


def _is_bare_person(speaker: Speaker) -> bool:
    """Reports if a speaker is a person's full name and nothing else.

    The given name must be a known one: of what looks like a name and has no role, most is a place,
    a body or a piece of a sentence ("Following Vik").
    """
    words = speaker.name.split()
    is_one = speaker.named and "," not in speaker.name and "and" not in words
    is_full = has_given_name(speaker.name) and bool(first_name_gender(words[0]))
    return is_one and is_full and not speaker.role and not is_body(speaker.name)


def with_role(speaker: Speaker, text: str) -> Speaker:
    """The speaker with a role that the article gives elsewhere, if what it gives beside their
    words does not tell what they are: "As a former envoy, Ana Ruiz has …".
    """
    if not speaker.named or assess_speaker(speaker) != UNKNOWN:
        return speaker
    for role in descriptions_of(speaker.name, text):
        found = assess(speaker.name, role, "", named=True)
        if found != UNKNOWN:
            roles = "; ".join(filter(None, [role, speaker.role]))
            return dataclasses.replace(
                speaker,
                role=roles,
                affiliation=speaker.affiliation or affiliation_in(role),
                category=found.category,
                evidence=found.evidence,
            )
    return speaker
