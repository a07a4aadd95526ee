"""Names the reason why an expert's statement raised no alert, and the change that would let it."""

from __future__ import annotations

import re
from typing import NamedTuple

from schemas.dossier import Match
from schemas.statement import Novelty
from schemas.watch import Watch

_PHRASES = "add the words that these use for the talks to a topic with `about: negotiation`"
_ALIASES = "add the names and aliases that these use to the actors of the sides"
_FEW_SIDES = re.compile(r"fewer than two sides")
_LITTLE = re.compile(r"little about a second side")
_OUTWEIGHED = re.compile(r"speaks more of (.+) than of the watch's sides")


class Cause(NamedTuple):
    """Why nothing was sent, in words that many statements share, and what to change."""

    reason: str
    remedy: str


#: The article gives the speaker no role, so that nobody knows whether they are an expert.
NO_ROLE = Cause(
    "their article gives the speaker no role",
    "name those who are experts under experts.always, or where they work under "
    "experts.institutions",
)
_DATED_BACK = Cause("the article dates the words back", "nothing: they are not news")
_KNOWN = Cause("said before, or in a copy", "nothing: the first time is what counts")


def cause_of(
    match: Match, watch: Watch, *, is_too_old: bool = False, novelty: Novelty | None = None
) -> Cause | None:
    """Why the statement raised no alert; None if it did, or if nobody asked for its speaker.

    Args:
        match: how it meets the watch.
        watch: the watch.
        is_too_old: whether its article was, when first seen.
        novelty: as memory judged it; None where memory was not asked.
    """
    policy = watch.alert_on
    if match.category not in policy.categories:
        is_unknown = match.category == "citizen" and not match.evidence
        return NO_ROLE if is_unknown and match.on_negotiation else None
    if not match.on_negotiation:
        return _off_subject(match)
    if (missing := _missing(match, watch)) is not None:
        return missing
    if is_too_old:
        return Cause("older than max_age when first seen", "raise max_age, or write max_age: all")
    return _KNOWN if novelty not in (None, "new") else None


def _missing(match: Match, watch: Watch) -> Cause | None:
    """What keeps a statement on the negotiation from being sent; None if nothing does."""
    codes = {reason.code: reason.text for reason in match.reasons}
    if "unnamed" in codes:
        return Cause(codes["unnamed"], "write alert_on: {named: false}")
    if "said_earlier" in codes:
        return _DATED_BACK
    if not match.is_held:
        return None
    why = codes.get("held_low_confidence", "held: not sure enough").partition(" (")[0]
    asked = f"lower alert_on.min_confidence, now {watch.alert_on.min_confidence:g}"
    return Cause(why, f"{asked}, or read `parley alerts --held`")


def _off_subject(match: Match) -> Cause:
    """Why the statement is not about the watch's negotiation."""
    code, text = next(
        ((r.code, r.text) for r in match.reasons[1:]), ("off_topic", "not about the talks")
    )
    if code == "other_subject":
        return Cause("speaks of other subjects, not of talks", _PHRASES)
    if found := _OUTWEIGHED.search(text):
        state = found[1]
        return Cause(
            text,
            f"if {state} hosts or mediates these talks, add it to the actors with role: official; "
            "if it is a side, with role: party and its side",
        )
    if _FEW_SIDES.search(text):
        return Cause(text, _ALIASES)
    if _LITTLE.search(text):
        mediator = "a mediator that is a side outweighs the others: give it role: official, no side"
        return Cause(text, f"{_ALIASES}; {mediator}")
    return Cause(text, _PHRASES)
