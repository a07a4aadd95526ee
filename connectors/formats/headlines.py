"""The subject of a mail, the title of an entry: whose words a bundle tells, and what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.formats.humanize import listed
from connectors.formats.phrasing import outlet, words_of
from connectors.formats.phrasing import who as who_is
from connectors.formats.sanitizing import clean_line, shorten
from schemas.alert import Alert, AlertStatement, Bundle
from transforms.core.delivery.ranking import best_of, most_important_first, ranked

#: Longest quotation in a headline. Mail and feed readers show about this much of a subject.
_HEADLINE_CHARACTERS = 90
_NAME_CHARACTERS = 50
_SUMMARY_CHARACTERS = 240
#: Of one line of a digest's contents, on narrow screens and in text mail.
_LINE_CHARACTERS = 74


def headline(bundle: Bundle) -> str:
    """Who: what; also who else; whose words are withdrawn (via publisher). What is the best
    statement of those that stand, or of those taken back where none does.
    """
    standing = _standing(bundle)
    gone = [name for name, stands in standing.items() if not any(stands)]
    alerts = [a for a in bundle.alerts if clean_line(a.speaker.name) not in gone] or bundle.alerts
    first, *_ = alerts = most_important_first(alerts)
    who, *others = _names(alerts)
    said = words_of(best_of(first), limit=_HEADLINE_CHARACTERS)
    publisher = shorten(clean_line(first.article.publisher), _NAME_CHARACTERS)
    rest = f"; also {_some(others)}" if others else ""
    if gone and len(alerts) < len(bundle.alerts):
        rest += f"; withdrawn: {_some(gone)}"
    rest += f" (via {publisher})" if publisher else ""
    return f"{_prefix(bundle, standing)}{shorten(who, _NAME_CHARACTERS)}: {said}{rest}"


def telling(alert: Alert, most: int) -> list[AlertStatement]:
    """The statements worth showing in brief, best first: new ones that say something, or those
    taken back; the best of all if there are none.
    """
    found = ranked(alert.statements)
    good = [r.statement for r in found if r.statement.is_new and not r.is_empty]
    return (good or [found[0].statement])[:most]


def summary(bundle: Bundle) -> str:
    """Who the most important expert is, where it was said, and the best words; how much more."""
    first, *others = most_important_first(bundle.alerts)
    who = shorten(who_is(first.speaker), _SUMMARY_CHARACTERS // 2)
    said = words_of(best_of(first), _SUMMARY_CHARACTERS)
    names = _names(others)
    more = len(first.statements) - 1
    rest = [f"{more} more of theirs" if more else "", f"also {_some(names)}" if names else ""]
    end = "; ".join(filter(None, rest))
    return f"{who} ({outlet(first.article)}): {said}" + (f" – {end}" if end else "")


def speaker_of(alert: Alert) -> str:
    """The expert's name, with what became of the alert before it."""
    name = shorten(clean_line(alert.speaker.name), _NAME_CHARACTERS)
    return f"{_BECAME[alert.type]}{name}"


_BECAME = {"new": "", "updated": "Updated: ", "withdrawn": "Withdrawn: "}


def line(alert: Alert, limit: int = _LINE_CHARACTERS) -> str:
    """Who, what and where of one alert in one line, for a list of several."""
    publisher = shorten(clean_line(alert.article.publisher), _NAME_CHARACTERS // 2)
    who, where = f"{speaker_of(alert)}: ", f" ({publisher})" if publisher else ""
    said = words_of(best_of(alert), max(20, limit - len(who) - len(where) - 2))
    return f"{who}{said}{where}"


def _some(people: list[str]) -> str:
    if len(people) > 2:
        return f"{len(people)} others"
    return listed([shorten(name, _NAME_CHARACTERS) for name in people])


def _standing(bundle: Bundle) -> dict[str, list[bool]]:
    """By expert, of each new statement whether it stands, as was said of it last."""
    last: dict[tuple[str, str], bool] = {}
    for alert in bundle.alerts:
        name, is_told = clean_line(alert.speaker.name), not alert.is_withdrawal
        last.update({(name, s.id): is_told for s in alert.new_statements})
    found: dict[str, list[bool]] = {}
    for (name, _), stands in last.items():
        found.setdefault(name, []).append(stands)
    return found


def names(bundle: Bundle) -> list[str]:
    """The bundle's experts, each once, in order of their words."""
    return _names(bundle.alerts)


def _names(alerts: Sequence[Alert]) -> list[str]:
    return list(dict.fromkeys(clean_line(alert.speaker.name) for alert in alerts))


def _prefix(bundle: Bundle, standing: Mapping[str, Sequence[bool]]) -> str:
    found = [stands for each in standing.values() for stands in each]
    if not all(found):
        return "Withdrawn in part: " if any(found) else "Withdrawn: "
    return "Updated: " if bundle.alerts[0].type == "updated" else ""
