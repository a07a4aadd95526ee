"""Is an article that was once read wrongly read rightly now?"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.commentary import Commentary, Occurrence, Reading
from schemas.correction import Case
from schemas.watch import Watch
from transforms.core.judging.alerts import match_of
from transforms.core.judging.sameness import compare
from transforms.core.understanding.names import same_person

#: Relations that make of two quotations one statement.
_SAME = frozenset({"repeats", "extends"})


def expected(case: Case) -> str:
    """What would be right, for people."""
    return {
        "speaker": f"said by {case.name}",
        "not_expert": f"{case.name} is no expert",
        "not_about": "not about the negotiation",
        "repeat": "a repetition",
        "wrong": "no alert",
    }[case.kind]


def found_instead(case: Case, reading: Reading, watch: Watch) -> str:
    """What the reading of the case's article makes of it; "" if that is right."""
    said = list(_said(case, reading))
    if case.kind == "speaker":
        names = list(dict.fromkeys(c.speaker.name for c, _ in said)) or ["nobody"]
        is_right = all(same_person(name, case.name) for name in names)
        return "" if said and is_right else f"said by {', '.join(names)}"
    if case.kind == "repeat":
        words = [o.text for _, o in said]
        is_right = any(compare(old, new).relation in _SAME for old in case.repeats for new in words)
        return "" if is_right or not words else "a new statement"
    alerting = [(c, o) for c, o in said if _alerts(o, watch)]
    if not alerting:
        return ""
    commentary, occurrence = alerting[0]
    match = match_of(occurrence, watch)
    reasons = "; ".join(reason.text for reason in match.reasons) if match else ""
    return f"an alert on {commentary.speaker.name}: {reasons}"


def remedy(case: Case) -> str:
    """What the desk can do about it besides waiting for better rules."""
    if case.kind == "not_expert":
        return f"in the watch, experts: {{never: [{{name: {case.name}}}]}}"
    return ""


def _said(case: Case, reading: Reading) -> Iterator[tuple[Commentary, Occurrence]]:
    """What is now found at the words of the case."""
    for commentary in reading.commentaries:
        for occurrence in commentary.occurrences:
            spans = occurrence.attribution.quotation.spans
            if any(s.start < t.end and t.start < s.end for s in spans for t in case.said):
                yield commentary, occurrence


def _alerts(occurrence: Occurrence, watch: Watch) -> bool:
    match = match_of(occurrence, watch)
    return match is not None and match.is_alertworthy and not match.is_held
