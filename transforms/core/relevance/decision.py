"""Whether a statement may alert, given what it is about and what its speaker is.

Decided when an article has been read, and again when memory knows more of the speaker.
"""

from __future__ import annotations

import re
from collections import defaultdict

from schemas.annotation import Attribution, Category, Speaker
from schemas.dossier import Match, MatchReason
from schemas.watch import Actor, Watch
from transforms.core.people.article_speakers import assess_speaker
from transforms.core.people.categories import UNKNOWN, Assessment
from transforms.core.people.names import last_name_readings, same_person
from transforms.core.relevance.alert_model import alert_sureness
from transforms.core.relevance.subjects import Subject
from transforms.core.text.phrases import fold

_PLURAL = {"party": "parties"}
_CATEGORY_CODE = {True: "category_asked_for", False: "category_not_asked_for"}
#: Codes of all reasons but the subject's.
_NOT_OF_SUBJECT = {*_CATEGORY_CODE.values(), "unnamed", "said_earlier", "held_low_confidence"}


def match_statement(
    attribution: Attribution, speaker: Speaker, who: Assessment, subject: Subject, watch: Watch
) -> Match:
    """How the statement meets the watch, with the reasons."""
    policy = watch.alert_on
    is_asked_for = who.category in policy.categories
    is_known = speaker.named or not policy.named_only
    objections = []
    if is_asked_for and not is_known:
        objections.append(MatchReason("unnamed", "the speaker is not named"))
    if is_asked_for and attribution.said_earlier:
        text = f"said earlier, as the article says: “{attribution.said_earlier}”"
        objections.append(MatchReason("said_earlier", text))
    reasons = [
        MatchReason(_CATEGORY_CODE[is_asked_for], _category_reason(speaker, who)),
        MatchReason(subject.code, subject.reason, subject.spans),
        *objections,
    ]
    is_alertworthy = is_asked_for and subject.on_negotiation and not objections
    sureness = alert_sureness(attribution.confidence, who.sureness, subject.sureness)
    is_held = is_alertworthy and sureness < policy.min_confidence
    if is_held:
        asked = f"this watch asks for {policy.min_confidence:.2f}"
        least = _least_sure(attribution, who, subject)
        text = f"held: not sure enough {least} ({sureness:.2f}; {asked})"
        reasons.append(MatchReason("held_low_confidence", text))
    return Match(
        watch=watch.id,
        category=who.category,
        evidence=who.evidence,
        on_negotiation=subject.on_negotiation,
        is_alertworthy=is_alertworthy,
        is_held=is_held,
        reasons=reasons,
        subject_sureness=subject.sureness,
    )


def rematch_statement(
    match: Match, attribution: Attribution, speaker: Speaker, who: Assessment, watch: Watch
) -> Match:
    """The match with another assessment of its speaker; what it is about stays."""
    about = MatchReason("subject", f"{'' if match.on_negotiation else 'not '}about the talks")
    reason = next((r for r in match.reasons if r.code not in _NOT_OF_SUBJECT), about)
    subject = Subject(
        match.on_negotiation, reason.code, reason.text, match.subject_sureness, reason.spans
    )
    return match_statement(attribution, speaker, who, subject, watch)


def category_for(speaker: Speaker, watch: Watch, own: Assessment | None = None) -> Assessment:
    """The speaker's category as the watch sees it.

    The watch's lists decide first, then its actors, then ``own``, which is what is known of the
    speaker otherwise; without it, what the article says.
    """
    own = own or assess_speaker(speaker)
    listed = _listed(speaker, watch, own) or _as_actor(speaker, watch)
    if listed is not None or own != UNKNOWN:
        return listed or own
    return _of_institution(speaker, watch) or own


def _listed(speaker: Speaker, watch: Watch, own: Assessment) -> Assessment | None:
    """What the watch's lists of experts make of a speaker that they name."""
    if not speaker.named:
        return None
    if any(same_person(listed.name, speaker.name) for listed in watch.never_experts):
        no_expert = Assessment("citizen", "experts.never of the watch", 1.0)
        return no_expert if own.category == "expert" else own
    if any(same_person(listed.name, speaker.name) for listed in watch.always_experts):
        return Assessment("expert", "experts.always of the watch", 1.0)
    return None


def _as_actor(speaker: Speaker, watch: Watch) -> Assessment | None:
    """The role of the actor that the speaker is, if any."""
    actor = _actor(speaker, watch)
    if actor is None:
        return None
    side = f" of {actor.side}" if actor.side else ""
    return Assessment(actor.role, f"{actor.name}: {actor.role}{side} in the watch", 1.0)


def _of_institution(speaker: Speaker, watch: Watch) -> Assessment | None:
    """An expert, if the watch names the body that the article puts the speaker with."""
    told = f" {fold(f'{speaker.role} {speaker.affiliation} {speaker.name}')} "
    for body in watch.expert_institutions:
        if re.search(rf"(?<!\w){re.escape(fold(body))}(?!\w)", told):
            return Assessment("expert", f"{body}: experts.institutions of the watch", 0.95)
    return None


def _least_sure(attribution: Attribution, who: Assessment, subject: Subject) -> str:
    """The least sure of the three things that an alert stands on."""
    parts = (
        (attribution.confidence, "who said it or where the words end"),
        (who.sureness, f"that the speaker is {_a(who.category)}"),
        (subject.sureness, "that it is about the negotiation"),
    )
    return min(parts)[1]


def _category_reason(speaker: Speaker, who: Assessment) -> str:
    """What the speaker counts as, and by which words, for people.

    Of one speaker "is an expert", of "Analysts" "are experts". Words that only repeat the name
    explain nothing, and are left out.
    """
    if who == UNKNOWN or (who.category == "citizen" and not who.evidence):
        return f"the article gives {speaker.name} no role"
    name, many = fold(speaker.name).strip(" .,"), _plural(who.category)
    if not speaker.named and name in (who.category, many):
        return f"unnamed {name}"
    is_many = not speaker.named and name.endswith("s")
    by = who.evidence if fold(who.evidence).strip(" .,") != name else ""
    verb = f"are {many}" if is_many else f"is {_a(who.category)}"
    return f"{speaker.name} {verb}" + (f" ({by})" if by else "")


def _a(category: Category) -> str:
    name = category.replace("_", " ")
    return f"an {name}" if name[0] in "aeou" else f"a {name}"


def _plural(category: Category) -> str:
    name = category.replace("_", " ")
    return _PLURAL.get(name, name + "s")


class _Actors:
    """A watch's actors, found by name; the first that fits counts."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self._by_name: dict[str, int] = {}
        self._by_reading: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, actor in enumerate(watch.actors):
            for known in (actor.name, *actor.aliases):
                bare = _bare(known)
                self._by_name.setdefault(bare, place)
                for reading in last_name_readings(known) if " " in bare else ():
                    self._by_reading[reading].append((place, known))

    def find(self, speaker: Speaker) -> Actor | None:
        """The actor that the speaker is, if any."""
        name = _bare(speaker.name)
        places = {self._by_name[name]} if name in self._by_name else set()
        if speaker.named and " " in name:
            for reading in last_name_readings(speaker.name):
                for place, known in self._by_reading.get(reading, ()):
                    if same_person(known, speaker.name):
                        places.add(place)
        return self.watch.actors[min(places)] if places else None


_actors: dict[str, _Actors] = {}  #: by the watch's id


def _actor(speaker: Speaker, watch: Watch) -> Actor | None:
    """The watch's actor that the speaker is, if any."""
    actors = _actors.get(watch.id)
    if actors is None or actors.watch is not watch:
        actors = _actors[watch.id] = _Actors(watch)
    return actors.find(speaker)


def _bare(name: str) -> str:
    """A name for comparing: folded, without spaces around it or a leading "the"."""
    return fold(name).strip().removeprefix("the ")
