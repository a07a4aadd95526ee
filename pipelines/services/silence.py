"""What a run says of the statements that raised no alert: how many, why, and an example each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.archive import Archive
from connectors.formats.humanize import counted, listed
from connectors.formats.sanitizing import clean_line, shorten
from schemas.annotation import Category
from schemas.base import Instant
from schemas.watch import Watch
from transforms.core.alerts.silence import Example, Outcome, Silence, explain_silence

_SHOWN_CHARACTERS = 70
_REASON_CHARACTERS = 90
_PEOPLE: dict[Category, str] = {
    "expert": "experts",
    "official": "officials",
    "party": "parties to the talks",
    "journalist": "journalists",
    "citizen": "people without a known role",
    "organisation": "organisations",
    "unnamed_source": "unnamed sources",
}
_MEANING: dict[Outcome, str] = {
    "held": "held",
    "too_old": "too old: older than max_age when first seen",
    "told_before": "told before, here or in another article",
    "said_earlier": "said long before, as the article says",
    "unnamed": "by somebody who is not named",
    "off_subject": "not about the negotiation",
}


def silence_since(archive: Archive, watches: Sequence[Watch], at: Instant) -> Silence:
    """What became of the statements of the articles that were archived then or later."""
    ids = {watch.id for watch in watches}
    held = {
        (item.watch, item.occurrence.id)
        for item in archive.held.all(stored_since=at)
        if item.watch in ids and not item.is_settled
    }
    alerted = archive.alerts.alerted_since(at)
    return explain_silence(archive.statements.read_since(at), watches, alerted, held)


def explanation(silence: Silence, articles: int) -> Iterator[str]:
    """The lines that tell why there were no more alerts; ``articles`` is how many were read."""
    if not silence.experts:
        yield _without_experts(silence, articles)
        return
    alerted = silence.outcomes["alerted"]
    said = f"{counted(silence.experts, 'statement')} by {_asked_for(silence)}"
    yield f"{said}: {alerted or 'none'} alerted on, {silence.experts - alerted} not"
    for outcome, meaning in _MEANING.items():
        if number := silence.outcomes[outcome]:
            shown = _shown(silence.examples[outcome], with_reason=outcome in _WITH_REASON)
            yield f"  {number:5} {meaning}; e.g. {shown}"


#: Outcomes whose reasons differ from statement to statement.
_WITH_REASON = ("held", "off_subject")


def _without_experts(silence: Silence, articles: int) -> str:
    if not articles:
        return "no statements: there was no new article to read"
    others = sum(silence.others.values())
    if not others:
        return f"no statements: nobody is quoted in {counted(articles, 'article')}"
    by = listed([f"{n} by {_PEOPLE[category]}" for category, n in silence.others.most_common()])
    example = f"; e.g. {_shown(silence.other)}" if silence.other else ""
    said = counted(others, "statement")
    return f"no statement by {_asked_for(silence)} among {said}: {by}{example}"


def _asked_for(silence: Silence) -> str:
    return listed([_PEOPLE[category] for category in silence.asked_for]) or "experts"


def _shown(example: Example, *, with_reason: bool = False) -> str:
    """The example in a line."""
    words = shorten(clean_line(example.text), _SHOWN_CHARACTERS)
    publisher = f" ({clean_line(example.publisher)})" if example.publisher else ""
    reason = shorten(clean_line(example.reason), _REASON_CHARACTERS) if with_reason else ""
    return f"{clean_line(example.speaker)}: “{words}”{publisher}" + (
        f": {reason}" if reason else ""
    )
