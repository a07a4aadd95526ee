"""Why statements raised no alert: the outcome of each, and how often each outcome came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from schemas.annotation import Category
from schemas.base import Instant
from schemas.dossier import Match
from schemas.watch import Watch
from transforms.core.alerts.raising import was_too_old

#: What became of an expert's statement, the nearest to an alert first.
Outcome = Literal[
    "alerted", "held", "too_old", "told_before", "said_earlier", "unnamed", "off_subject"
]
_NEAREST_FIRST: tuple[Outcome, ...] = (
    "alerted", "held", "too_old", "told_before", "said_earlier", "unnamed", "off_subject"
)  # fmt: skip


class ReadStatement(NamedTuple):
    """A statement where it was read, with how it met each watch."""

    occurrence_id: str
    statement_id: str
    article_id: str
    speaker: str
    text: str
    publisher: str
    published_at: Instant
    seen_at: Instant
    category: Category  #: as the article has it
    matches: tuple[Match, ...]


class Example(NamedTuple):
    """A statement that stands for others of its outcome."""

    speaker: str
    text: str
    publisher: str
    reason: str  #: what the watch says of its subject, or is not sure of


@dataclass
class Silence:
    """What became of the statements of a run."""

    asked_for: tuple[Category, ...] = ()  #: whom a watch asks for, sorted
    experts: int = 0  #: statements by these
    held: int = 0  #: held statements, once for each watch
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    examples: dict[Outcome, Example] = field(default_factory=dict)
    others: Counter[Category] = field(default_factory=Counter)  #: statements by anybody else
    other: Example | None = None  #: the first of these


def explain_silence(
    statements: Iterable[ReadStatement],
    watches: Iterable[Watch],
    alerted: Collection[tuple[str, str, str]],
    held: Collection[tuple[str, str]],
) -> Silence:
    """Count what became of each statement, for the watch where it came nearest to an alert.

    Args:
        statements: what was read, in any order; the first of each outcome becomes its example.
        watches: those that it was read for.
        alerted: watch, article and statement of what alerts told as new.
        held: watch and occurrence of what is held, each statement once.
    """
    by_id = {watch.id: watch for watch in watches}
    asked_for = {category for watch in by_id.values() for category in watch.alert_on.categories}
    found = Silence(tuple(sorted(asked_for)), held=len(held))
    for said in statements:
        outcomes = [
            (_outcome(said, match, by_id[match.watch], alerted, held), match)
            for match in said.matches
            if match.watch in by_id and match.category in by_id[match.watch].alert_on.categories
        ]
        if outcomes:
            outcome, match = min(outcomes, key=lambda each: _NEAREST_FIRST.index(each[0]))
            found.experts += 1
            found.outcomes[outcome] += 1
            found.examples.setdefault(outcome, _example(said, _reason(match)))
        else:
            category = _category(said, by_id)
            found.others[category] += 1
            if found.other is None:
                found.other = _example(said, "")
    return found


def _outcome(
    said: ReadStatement,
    match: Match,
    watch: Watch,
    alerted: Collection[tuple[str, str, str]],
    held: Collection[tuple[str, str]],
) -> Outcome:
    codes = {reason.code for reason in match.reasons}
    if (watch.id, said.article_id, said.statement_id) in alerted:
        return "alerted"
    if (watch.id, said.occurrence_id) in held:
        return "held"
    if not match.on_negotiation:
        return "off_subject"
    if not match.is_alertworthy:
        return "unnamed" if "unnamed" in codes else "said_earlier"
    is_old = was_too_old(said.seen_at, said.published_at, watch)
    return "too_old" if is_old and not match.is_held else "told_before"


def _reason(match: Match) -> str:
    """What the watch says of the subject, or of what is unsure, for people."""
    texts = [reason.text for reason in match.reasons[1:]]
    return texts[-1].removeprefix("held: ") if texts else ""


def _example(said: ReadStatement, reason: str) -> Example:
    return Example(said.speaker, said.text, said.publisher, reason)


def _category(said: ReadStatement, watches: Mapping[str, Watch]) -> Category:
    """As the first of the watches sees it; the article's own if none was asked."""
    return next((m.category for m in said.matches if m.watch in watches), said.category)
