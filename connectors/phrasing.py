"""What people read in an alert, in whatever form it reaches them: one sentence, one function.

Everything from outside is cleaned here, so that the forms (terminal, Atom) need only lay it
out, and escape it in their own language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.reasons import reasons_of
from connectors.sanitizing import clean_line, shorten
from schemas.alert import Alert, AlertArticle, AlertSpeaker, AlertStatement, Bundle
from schemas.annotation import QuotationForm, QuotationKind
from schemas.base import Timestamp

#: Longest quotation in a headline. Mail and feed readers show about this much of a subject.
_HEADLINE_CHARACTERS = 90
_NAME_CHARACTERS = 50
_EARLIER_CHARACTERS = 300
#: Below this similarity, an earlier statement on something else is not worth showing.
_NOT_NEAR = 0.05

#: Marks that no blank precedes; "" stands for no text at all.
_CLINGING = ("", ".", ",", ";", ":", "!", "?", ")", "”", "’")

#: Not the locale's: the same alert gives the same bytes everywhere.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_HOW: dict[QuotationForm, str] = {
    "block": "block quotation",
    "unmarked": "quotation without marks",
    "authored": "their own piece",
}
_KIND: dict[QuotationKind, str] = {
    "direct": "quoted",
    "indirect": "told indirectly",
    "mixed": "partly quoted",
}
_RELATION = {
    "repeats": "says the same",
    "extends": "says part of this",
    "contradicts": "says the opposite",
    "other": "says something else",
}


_FOLLOWS = {"new": "follows", "updated": "adds to", "withdrawn": "withdraws"}


def moment(at: Timestamp) -> str:
    """The instant for people, in UTC.

    >>> moment(Timestamp(1763803800))
    '22 Nov 2025, 09:30 UTC'
    """
    shown = at.to_utc_datetime()
    return f"{shown.day} {_MONTHS[shown.month - 1]} {shown:%Y, %H:%M} UTC"


def percent(fraction: float) -> str:
    """The fraction as a whole percentage.

    >>> percent(0.934)
    '93%'
    """
    return f"{round(100 * fraction)}%"


def listed(people: list[str]) -> str:
    """The names as people list them.

    >>> listed(["Ada Mirren", "Tom Okafor", "Lena Brandt"])
    'Ada Mirren, Tom Okafor and Lena Brandt'
    """
    return " and ".join(filter(None, [", ".join(people[:-1]), *people[-1:]]))


def counted(number: int, noun: str, plural: str = "") -> str:
    """The number with its noun.

    >>> counted(1, "alert"), counted(3, "alert"), counted(0, "entry", "entries")
    ('1 alert', '3 alerts', '0 entries')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {plural or f'{noun}s'}"


def headline(bundle: Bundle) -> str:
    """Who: what; also who else; whose words are withdrawn (via publisher). The words are those of
    the first expert who stands by them.
    """
    standing = _standing(bundle)
    gone = [name for name, stands in standing.items() if not any(stands)]
    alerts = [a for a in bundle.alerts if clean_line(a.speaker.name) not in gone] or bundle.alerts
    first = alerts[0]
    who, *others = (shorten(name, _NAME_CHARACTERS) for name in _names(alerts))
    said = words_of(first.statements[0], limit=_HEADLINE_CHARACTERS)
    publisher = shorten(clean_line(first.article.publisher), _NAME_CHARACTERS)
    rest = f"; also {_some(others)}" if others else ""
    if gone and len(alerts) < len(bundle.alerts):
        rest += f"; withdrawn: {_some([shorten(name, _NAME_CHARACTERS) for name in gone])}"
    rest += f" (via {publisher})" if publisher else ""
    return f"{_prefix(bundle, standing)}{who}: {said}{rest}"


def _some(people: list[str]) -> str:
    return listed(people) if len(people) < 3 else f"{len(people)} others"


def _standing(bundle: Bundle) -> dict[str, list[bool]]:
    """By expert, of each new statement whether it stands, as was said of it last."""
    last: dict[tuple[str, str], bool] = {}
    for alert in bundle.alerts:
        name, is_told = clean_line(alert.speaker.name), alert.type != "withdrawn"
        last.update({(name, s.id): is_told for s in alert.statements if s.verdict == "new"})
    found: dict[str, list[bool]] = {}
    for (name, _), stands in last.items():
        found.setdefault(name, []).append(stands)
    return found


def title(bundle: Bundle) -> str:
    """The article's title and publisher, for where several articles are told together."""
    article = bundle.alerts[0].article
    return ": ".join(filter(None, [clean_line(article.publisher), clean_line(article.title)]))


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


def words_of(statement: AlertStatement, limit: int = 0) -> str:
    """The statement's words, as ``words`` shows them."""
    return words(statement.text, statement.kind, statement.form, limit)


def words(text: str, kind: QuotationKind, form: QuotationForm = "inline", limit: int = 0) -> str:
    """The words, in quotation marks when they are the speaker's own; cut to ``limit``.

    >>> words("No deal is near.", "direct")
    '“No deal is near.”'
    >>> words("that no deal was near", "indirect")
    'that no deal was near'
    """
    shown = clean_line(text).rstrip(" ,;")  # the comma before a cue is the article's
    shown = shorten(shown, limit) if limit else shown
    return f"“{shown}”" if kind == "direct" and form != "authored" else shown


def mark(statement: AlertStatement, alert: Alert) -> str:
    """Whether the statement is new, known or taken back, in a word."""
    return "Withdrawn" if alert.type == "withdrawn" else statement.verdict.capitalize()


def said_how(statement: AlertStatement, alert: Alert) -> str:
    """Which statement of several it is, how the words stand in the article, whose it says they
    are, how sure that is.
    """
    several = len(alert.statements) > 1
    number = f"statement {[*alert.statements].index(statement) + 1}" if several else ""
    how = _HOW.get(statement.form) or _KIND[statement.kind]
    sure = "" if alert.type == "withdrawn" else f"{percent(statement.confidence)} sure"
    parts = [number, how, _by_whom(statement), sure, _places(statement, alert)]
    return ", ".join(filter(None, parts))


def _by_whom(statement: AlertStatement) -> str:
    """What the text calls the speaker, where that is not the name."""
    as_written, arrow, _ = clean_line(statement.attribution).partition(" → ")
    if not arrow:
        return ""
    return "speaker named before" if as_written == "carried over" else f"by “{as_written}”"


def _places(statement: AlertStatement, alert: Alert) -> str:
    """Where else the words stand."""
    if alert.type == "withdrawn":
        others = counted(statement.occurrences, "other article")
        return f"still stands in {others}" if statement.occurrences else ""
    return f"stands in {statement.occurrences} places" if statement.occurrences > 1 else ""


def around(statement: AlertStatement, limit: int = 0) -> str:
    """What stands before and after the words, each cut to ``limit`` on its far side."""
    before, after = clean_line(statement.context_before), clean_line(statement.context_after)
    if limit and len(before) > limit:
        before = f"… {before[-limit:].partition(' ')[2]}"
    if limit:
        after = shorten(after, limit)
    gap = "" if after[:1] in _CLINGING else " "
    return f"{before} […]{gap}{after}".strip() if before or after else ""


def about(statement: AlertStatement) -> str:
    """The topics and actors in the words, and, told apart, those that stand around them only."""
    within = ", ".join(clean_line(name) for name in statement.about)
    around = ", ".join(clean_line(name) for name in statement.nearby)
    return "; ".join(filter(None, [within, around and f"nearby: {around}"]))


def who(speaker: AlertSpeaker) -> str:
    """Name, role and affiliation, as the article has them."""
    return described(speaker.name, speaker.role, speaker.affiliation)


def described(name: str, role: str, affiliation: str) -> str:
    """A person in a few words; the affiliation is left out when the role names it.

    >>> described("Ada Mirren", "fellow at Quay", "Quay"), described("Ada Mirren", "fellow", "Quay")
    ('Ada Mirren, fellow at Quay', 'Ada Mirren, fellow, Quay')
    """
    name, role, affiliation = clean_line(name), clean_line(role), clean_line(affiliation)
    if affiliation.casefold() in role.casefold():
        affiliation = ""
    return ", ".join(filter(None, [name, role, affiliation]))


def evidence(speaker: AlertSpeaker) -> str:
    """What the speaker counts as, and the words that decided it."""
    category = speaker.category.replace("_", " ")
    shown = clean_line(speaker.evidence)
    return f"{category}, by “{shown}”" if shown else category


def acquaintance(speaker: AlertSpeaker) -> str:
    """Since when memory knows the speaker; "" when that is not known."""
    if speaker.new_voice:
        return "new voice: nothing of theirs in memory before this article"
    if speaker.first_seen is not None:
        return f"first heard {moment(speaker.first_seen)}"
    return ""


def where(article: AlertArticle) -> str:
    """Publisher, time and title."""
    at = moment(article.published_at)
    when = at if article.is_dated else f"undated, first seen {at}"
    head = ", ".join(filter(None, [clean_line(article.publisher), when]))
    title = clean_line(article.title)
    return f"{head}: {title}" if title else head


def originality(article: AlertArticle) -> str:
    """Whether the article is a copy, and of what."""
    if article.copy_of is None:
        return "not a copy of an article read before"
    return f"a copy of {clean_line(article.copy_of)}"


def why(alert: Alert) -> str:
    """The reasons for the alert, in one line."""
    return "; ".join(clean_line(text) for _, text in reasons_of(alert))


def nearest(statement: AlertStatement, speaker: AlertSpeaker) -> tuple[str, str]:
    """What memory holds of the speaker that comes nearest, and how it compares.

    Both are "" when there is nothing to tell: of a new voice, memory holds nothing.
    """
    found = statement.nearest
    if found is None or (found.relation == "other" and found.similarity < _NOT_NEAR):
        is_telling = statement.verdict == "new" and not speaker.new_voice
        return ("nothing like it in memory" if is_telling else ""), ""
    relation = _RELATION.get(found.relation, clean_line(found.relation))
    near = f"{relation}, {percent(found.similarity)} alike"
    reason = clean_line(found.reason)
    earlier = shorten(clean_line(found.text), _EARLIER_CHARACTERS)
    return f"{moment(found.said_at)}: {earlier}", f"{near}: {reason}" if reason else near


def because(alert: Alert) -> str:
    """Why the alert is withdrawn; "" if it is not."""
    return why(alert) if alert.type == "withdrawn" else ""


def course(alert: Alert) -> str:
    """How long it took from publication to the alert.

    Times that are one, as of an article that was given by hand, are told once.
    """
    done = "withdrawn" if alert.type == "withdrawn" else "alerted"
    steps = [("seen", alert.seen_at), ("fetched", alert.fetched_at), (done, alert.alerted_at)]
    shown, last = [], alert.article.published_at if alert.article.is_dated else None
    for what, at in steps:
        if last is None:
            shown.append(f"{what} {moment(at)}")
        elif at - last >= 1:
            shown.append(f"{what} {duration(float(at - last))} later")
        last = at
    published = (
        [f"published {moment(alert.article.published_at)}"] if alert.article.is_dated else []
    )
    return ", ".join([*published, *shown])


def duration(seconds: float) -> str:
    """A length of time in its largest fitting unit.

    >>> duration(0.4), duration(90), duration(5400), duration(3 * 86400)
    ('0 s', '2 min', '2 h', '3 days')
    """
    if seconds < 60:
        return f"{round(seconds)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h" if seconds < 48 * 3600 else f"{round(seconds / 86400)} days"


def is_news(statement: AlertStatement, alert: Alert) -> bool:
    """Whether the words are what the alert is for."""
    return statement.verdict == "new" and alert.type != "withdrawn"


def origin(alert: Alert) -> str:
    """The alert's id and watch, what it follows, revision and priority where not the usual."""
    parts = [f"{alert.id} of watch {clean_line(alert.watch)}"]
    parts += [f"{_FOLLOWS[alert.type]} {alert.follows}"] if alert.follows else []
    parts += [f"revision {alert.revision}"] if alert.revision > 1 else []
    parts += ["high priority"] if alert.priority == "high" else []
    return ", ".join(parts)
