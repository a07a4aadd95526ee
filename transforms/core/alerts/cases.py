"""Is an article that was once read wrongly read rightly now?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from schemas.correction import Case
from schemas.dossier import Commentary, Dossier, Occurrence
from schemas.watch import Watch
from transforms.core.novelty.comparison import compare
from transforms.core.people.names import same_person

#: Relations that make of two quotations one statement.
_SAME = frozenset({"repeats", "extends"})
_MOST_WORDS = 5
#: A watch that asks for more holds most direct quotations with a name beside them: rules find
#: these with 0.88 to 0.97 (``understanding/data/confidence.yaml``), right nine times in ten.
_MOST_CONFIDENCE = 0.85


def in_force(cases: Iterable[tuple[str, Case]]) -> list[tuple[str, Case]]:
    """The cases, each with its place, but for those that a later one contradicts: what was taken
    back, or said anew, of the same words.
    """
    kept: list[tuple[str, Case]] = []
    for place, case in cases:
        kept = [(where, other) for where, other in kept if not _contradicts(case, other)]
        kept += [(place, case)] if case.kind != "undecided" else []
    return kept


def _contradicts(later: Case, earlier: Case) -> bool:
    is_of_same = (
        later.watch == earlier.watch
        and later.article.id == earlier.article.id
        and later.speaker == earlier.speaker
        and any(s.start < t.end and t.start < s.end for s in later.said for t in earlier.said)
    )
    return is_of_same and (
        later.kind in ("right", "undecided") or earlier.kind in (later.kind, "right")
    )


def expected(case: Case) -> str:
    """What would be right, for people."""
    return {
        "speaker": f"said by {case.name}",
        "not_expert": f"{case.name} is no expert",
        "not_about": "not about the negotiation",
        "repeat": "a repetition",
        "wrong": "no alert",
        "right": f"an alert on {case.speaker}",
    }[case.kind]


def found_instead(case: Case, dossier: Dossier, watch: Watch) -> str:
    """What the reading of the case's article makes of it; "" if that is right."""
    said = list(_said(case, dossier))
    if case.kind == "speaker":
        return _other_speakers(case, said)
    if case.kind == "repeat":
        return _not_repeated(case, said)
    alerting = [(c, o) for c, o in said if o.is_sent_to(watch.id)]
    if case.kind == "right":
        is_right = any(same_person(c.speaker.name, case.speaker) for c, _ in alerting)
        return "" if is_right else f"{', '.join(_outcomes(said, watch)) or 'nothing said there'}"
    return next((f"an alert on {told}" for told in _reasons(alerting, watch)), "")


def _other_speakers(case: Case, said: Sequence[tuple[Commentary, Occurrence]]) -> str:
    names = list(dict.fromkeys(commentary.speaker.name for commentary, _ in said))
    is_right = bool(names) and all(same_person(name, case.name) for name in names)
    return "" if is_right else f"said by {', '.join(names) or 'nobody'}"


def _not_repeated(case: Case, said: Sequence[tuple[Commentary, Occurrence]]) -> str:
    words = [occurrence.text for _, occurrence in said]
    is_right = any(compare(old, new).relation in _SAME for old in case.repeats for new in words)
    return "" if is_right or not words else "a new statement"


def remedy(case: Case, dossier: Dossier, watch: Watch) -> str:
    """What the desk can do about it besides waiting for better rules."""
    if case.kind == "not_expert":
        return f"in the watch, experts: {{never: [{{name: {case.name}}}]}}"
    if case.kind == "not_about":
        words = ", ".join(_negotiation_words(dossier, watch))
        return f"in the watch, topics that are about the negotiation, without what it says: {words}"
    if case.kind == "repeat":
        return "nothing in a watch; the archive of this desk knows it for a repetition"
    if case.kind == "right":
        named = f"experts: {{always: [{{name: {case.speaker}}}]}}"
        return f"in the watch, {named}, or a lower min_confidence if it is held"
    found = [o for _, o in _said(case, dossier)]
    sureness = max((o.attribution.confidence for o in found), default=1.0)
    rules = " and ".join(sorted({o.attribution.rule for o in found}))
    least = math.floor(100 * sureness + 1) / 100
    if least > _MOST_CONFIDENCE:
        return f"nothing in a watch; what would hold what rule {rules} finds would hold much else"
    return f"in the watch, alert_on: {{min_confidence: {least}}} holds what rule {rules} finds"


def _negotiation_words(dossier: Dossier, watch: Watch) -> list[str]:
    """What the article says that the watch takes for the negotiation, each once."""
    ids = {topic.id for topic in watch.topics if topic.is_negotiation}
    text = dossier.article.text
    spans = [
        s for tag in dossier.tags if tag.watch == watch.id and tag.id in ids for s in tag.spans
    ]
    said = (text[span.start : span.end] for span in sorted(spans, key=lambda s: s.start))
    return list({words.casefold(): f"“{words}”" for words in said}.values())[:_MOST_WORDS]


def _outcomes(said: Iterable[tuple[Commentary, Occurrence]], watch: Watch) -> list[str]:
    """Who is found to say it, and why that raises no alert."""
    return [f"no alert on {told}" for told in _reasons(said, watch)]


def _reasons(said: Iterable[tuple[Commentary, Occurrence]], watch: Watch) -> Iterator[str]:
    """Each speaker with the reasons of the watch."""
    for commentary, occurrence in said:
        if match := occurrence.match_for(watch.id):
            reasons = "; ".join(reason.text for reason in match.reasons)
            yield f"{commentary.speaker.name}: {reasons}"


def _said(case: Case, dossier: Dossier) -> Iterator[tuple[Commentary, Occurrence]]:
    """What is now found at the words of the case."""
    for commentary, occurrence in dossier.occurrences():
        spans = occurrence.attribution.quotation.spans
        if any(s.start < t.end and t.start < s.end for s in spans for t in case.said):
            yield commentary, occurrence
