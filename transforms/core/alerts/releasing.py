"""Alerts that a person releases, though the watch held them because something was unsure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from schemas.alert import Alert, AlertReason
from schemas.base import Instant
from schemas.correction import Case, CorrectionKind, HeldDecision, HeldDecisionKind
from schemas.dossier import Dossier, Match, Occurrence
from schemas.ids import hash_of
from schemas.watch import Watch
from transforms.core.alerts.raising import alert_on

#: The code of the reason that a person's decision is.
RELEASED = "released"
#: The code of the reason for taking a released alert back.
UNRELEASED = "unreleased"
#: Codes of the reasons for which a statement is held begin so.
HELD = "held"

_CASE_KIND: dict[HeldDecisionKind, CorrectionKind] = {
    "release": "right",
    "dismiss": "wrong",
    "undo": "undecided",
}


def held_id(watch: str, statement_id: str) -> str:
    """The id of a statement that the watch holds: the same wherever the statement stands."""
    return hash_of("held", watch, statement_id)


def decision_id(of_held: str, kind: HeldDecisionKind, before: HeldDecision | None) -> str:
    """The id of a decision that follows the one ``before``, so that deciding the same twice is
    deciding once.
    """
    return hash_of(of_held, kind, before.id if before else "")


def why_held(match: Match) -> list[str]:
    """What the watch was not sure enough of, for people.

    >>> from schemas.dossier import MatchReason
    >>> reasons = [MatchReason("names_talks", "names talks"), MatchReason("held_x", "held: who?")]
    >>> why_held(Match("w", "expert", "", True, True, True, reasons))
    ['who?']
    """
    found = (reason for reason in match.reasons if reason.code.startswith(HELD))
    return [reason.text.removeprefix("held: ") for reason in found]


def release(
    dossier: Dossier,
    watch: Watch,
    decisions: Sequence[HeldDecision],
    earlier: Sequence[Alert],
    at: Instant,
) -> Alert:
    """The alert on held statements of one speaker in one article, by a person's decisions.

    Args:
        dossier: the article, with one commentary that holds the statements.
        watch: the one that held them.
        decisions: at least one, on statements that the commentary holds.
        earlier: all alerts on the article, oldest first.
        at: when it was decided.
    """
    (commentary,) = dossier.commentaries
    ids = tuple(sorted(decision.statement_id for decision in decisions))
    said = [
        _released(occurrence, watch.id)
        if occurrence.verdict is not None and occurrence.verdict.statement_id in ids
        else occurrence
        for occurrence in commentary.occurrences
    ]
    freed = dataclasses.replace(commentary, occurrences=said)
    alert = alert_on(dossier, freed, watch, ids, earlier, at)
    return dataclasses.replace(
        alert, id=hash_of(RELEASED, *sorted(decision.id for decision in decisions))
    )


def _released(occurrence: Occurrence, watch: str) -> Occurrence:
    """The occurrence as if the watch had been sure of it, with the reason why it is sent."""
    matches = [
        dataclasses.replace(
            match,
            is_held=False,
            reasons=[
                dataclasses.replace(
                    reason,
                    code=RELEASED,
                    text=f"released by hand; it was {reason.text}",
                )
                if reason.code.startswith(HELD)
                else reason
                for reason in match.reasons
            ],
        )
        if match.watch == watch and match.is_held
        else match
        for match in occurrence.matches
    ]
    return dataclasses.replace(occurrence, matches=matches)


def unreleased() -> AlertReason:
    """Why an alert that was released is taken back."""
    return AlertReason(UNRELEASED, "it was released by mistake")


def case_of_held(decision: HeldDecision, dossier: Dossier) -> Case:
    """The article as a test: an alert is right or wrong there, or neither any more."""
    (commentary,) = dossier.commentaries
    return Case(
        id=decision.id,
        watch=decision.watch,
        kind=_CASE_KIND[decision.kind],
        speaker=commentary.speaker.name,
        name="",
        said=[
            span
            for occurrence in commentary.occurrences
            if occurrence.verdict is not None
            and occurrence.verdict.statement_id == decision.statement_id
            for span in occurrence.attribution.quotation.spans
        ],
        repeats=(),
        article=dossier.article,
    )
