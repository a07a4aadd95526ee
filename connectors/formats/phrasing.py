"""What people read in an alert, in whatever form it reaches them: one sentence, one function.

Everything from outside is cleaned here, so that the forms (terminal, Atom) need only lay it
out, and escape it in their own language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.formats.humanize import counted, duration, moment, percent
from connectors.formats.sanitizing import clean_line, shorten
from schemas.alert import MORE_HELD, Alert, AlertArticle, AlertSpeaker, AlertStatement
from schemas.annotation import QuotationForm, QuotationKind
from transforms.core.delivery.ranking import rank

_EARLIER_CHARACTERS = 300
#: Statements are neighbours if so much of one stands beside the other.
_BESIDE_CHARACTERS = 40
#: Below this similarity, an earlier statement that is not known to be the same is not shown.
_NOT_NEAR = 0.15
#: How near the words of two statements are, from the similarity on that each is said of.
_NEARNESS = ((0.95, "the same words"), (0.7, "nearly the same words"), (0.4, "many of the words"))

_PUBLISHER_CHARACTERS = 50
_AROUND_CHARACTERS = 200
#: Of one line of details.
_DETAIL_CHARACTERS = 600
_ID_CHARACTERS = 8

#: Marks that no blank precedes; "" stands for no text at all.
_CLINGING = ("", ".", ",", ";", ":", "!", "?", ")", "”", "’")

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
    "contradicts": "may say the opposite",
    "other": "not known to say the same",
}


_FOLLOWS = {"new": "follows", "updated": "adds to", "withdrawn": "withdraws"}


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
    return "Withdrawn" if alert.is_withdrawal else statement.verdict.capitalize()


def said_how(statement: AlertStatement, alert: Alert) -> str:
    """Which statement of several it is, how the words stand in the article, whose it says they
    are, how sure that is.
    """
    several = len(alert.statements) > 1
    number = f"statement {[*alert.statements].index(statement) + 1}" if several else ""
    how = _HOW.get(statement.form) or _KIND[statement.kind]
    sure = "" if alert.is_withdrawal else f"{percent(statement.confidence)} sure"
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
    if alert.is_withdrawal:
        others = counted(statement.occurrences, "other article")
        return f"still stands in {others}" if statement.occurrences else ""
    return f"stands in {statement.occurrences} places" if statement.occurrences > 1 else ""


def around(statements: Sequence[AlertStatement], limit: int = 0) -> str:
    """What stands before and after neighbouring statements, each cut to ``limit`` on its far
    side.
    """
    before = clean_line(statements[0].context_before)
    after = clean_line(statements[-1].context_after)
    if limit and len(before) > limit:
        before = f"… {before[-limit:].partition(' ')[2]}"
    if limit:
        after = shorten(after, limit)
    gap = "" if after[:1] in _CLINGING else " "
    return f"{before} […]{gap}{after}".strip() if before or after else ""


def passages(alert: Alert) -> list[list[AlertStatement]]:
    """The statements in groups of which each stands in the text around the one before it; the
    group with the best statement first.
    """
    groups = list[list[AlertStatement]]()
    for statement in alert.statements:
        if groups and _is_beside(groups[-1][-1], statement):
            groups[-1].append(statement)
        else:
            groups.append([statement])
    return sorted(groups, key=lambda group: min(rank(statement).order for statement in group))


def _is_beside(one: AlertStatement, other: AlertStatement) -> bool:
    """Whether the context after one holds the beginning of the other, or the other way round."""
    after, before = " ".join(one.context_after.split()), " ".join(other.context_before.split())
    begins, ends = (" ".join(s.text.split()) for s in (other, one))
    return begins[:_BESIDE_CHARACTERS] in after or ends[-_BESIDE_CHARACTERS:] in before


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


def credentials(speaker: AlertSpeaker, limit: int = 0) -> str:
    """Role and affiliation, cut to ``limit``, and what the speaker counts as, in one line.

    The words that decided it are left out where the role holds them.
    """
    role = described("", speaker.role, speaker.affiliation)
    shown = evidence(speaker)
    if _telling_words(speaker.evidence) <= _telling_words(role):
        shown = speaker.category.replace("_", " ")
    end = ", ".join(filter(None, [shown, "new voice" if speaker.new_voice else ""]))
    if limit:
        end = shorten(end, limit)
        role = shorten(role, max(0, limit - len(end) - 3)) if len(end) + 9 < limit else ""
    return f"{role} ({end})" if role else end


def standing(alert: Alert, limit: int = 0) -> str:
    """Who the expert is; of what is taken back, why: in one line, cut to ``limit``."""
    if alert.is_withdrawal:
        because_ = f"Because: {because(alert)}"
        return shorten(because_, limit) if limit else because_
    return credentials(alert.speaker, limit)


def _telling_words(text: str) -> set[str]:
    """The words of more than three letters, folded."""
    return {word for word in re.findall(r"\w+", clean_line(text).casefold()) if len(word) > 3}


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


def outlet(article: AlertArticle) -> str:
    """Publisher and time."""
    at = moment(article.published_at)
    publisher = shorten(clean_line(article.publisher), _PUBLISHER_CHARACTERS)
    when = at if article.is_dated else f"undated, first seen {at}"
    return ", ".join(filter(None, [publisher, when]))


def place(alert: Alert) -> str:
    """Publisher, time and the alert's short id, with what is out of the ordinary."""
    article = alert.article
    parts = [
        outlet(article),
        f"alert {short_id(alert)}",
        "high priority" if alert.priority == "high" else "",
        f"told to {shorten(told_to(article), _PUBLISHER_CHARACTERS)}" if told_to(article) else "",
        "a copy" if article.copy_of is not None else "",
    ]
    return ", ".join(filter(None, parts))


def details(alert: Alert, shown: Sequence[AlertStatement]) -> list[tuple[str, str]]:
    """What only some readers ask for, by label: the best statement's context, what says the same,
    part of it or the opposite of those shown, why, when, the id.
    """
    best = shown[0]
    group = next(group for group in passages(alert) if best in group)
    found = [
        ("Around it", around(group, _AROUND_CHARACTERS)),
        *([] if alert.is_withdrawal else [*_nearest_of(alert, shown), ("Why", _why(alert, best))]),
        ("Title", clean_line(alert.article.title)),
        ("When", course(alert)),
        ("Alert", origin(alert)),
    ]
    return [(label, shorten(text, _DETAIL_CHARACTERS)) for label, text in found if text]


def _nearest_of(alert: Alert, shown: Sequence[AlertStatement]) -> Iterator[tuple[str, str]]:
    near = [s for s in shown if s.nearest is not None and s.nearest.relation != "other"]
    for number, statement in enumerate(near):
        earlier, how = nearest(statement, alert.speaker)
        yield "" if number else "Nearest", f"{earlier} ({how})"


def _why(alert: Alert, best: AlertStatement) -> str:
    """The reasons that hold for the best statement, or for all."""
    held = [r for r in alert.reasons if not r.statements or best.id in r.statements]
    return "; ".join(clean_line(reason.text) for reason in held if reason.code != "new")


def short_id(alert: Alert) -> str:
    """As much of the alert's id as commands need."""
    return alert.id[:_ID_CHARACTERS]


def left_out(alert: Alert, shown: int) -> str:
    """How to see the statements beyond those shown, and what is held; "" if there are none."""
    more = len(alert.statements) - shown
    see = f"and {more} more: parley alerts {short_id(alert)} --full" if more else ""
    held = next((clean_line(r.text) for r in alert.reasons if r.code == MORE_HELD), "")
    return see or held


def told_to(article: AlertArticle) -> str:
    """The other publisher that the words were said to; "" for the article's own, or its writer."""
    shown = clean_line(article.told_to)
    own = ("me", "us", clean_line(article.publisher).casefold())
    return "" if shown.casefold() in own else shown


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

    Both are "" when there is nothing to tell: of a new voice, memory holds nothing. A relation that
    words alone decide may be wrong, so none is stated more firmly than that.
    """
    found = statement.nearest
    if found is None or (found.relation == "other" and found.similarity < _NOT_NEAR):
        is_telling = statement.is_new and not speaker.new_voice
        return ("nothing like it in memory" if is_telling else ""), ""
    relation = _RELATION.get(found.relation, clean_line(found.relation))
    words = next((said for least, said in _NEARNESS if found.similarity >= least), "other words")
    near = f"{relation}, in {words}" if found.relation in ("repeats", "extends") else relation
    reason = clean_line(found.reason)
    earlier = shorten(clean_line(found.text), _EARLIER_CHARACTERS)
    return f"{moment(found.said_at)}: {earlier}", f"{near}: {reason}" if reason else near


def because(alert: Alert) -> str:
    """Why the alert is withdrawn; "" if it is not."""
    return why(alert) if alert.is_withdrawal else ""


def course(alert: Alert) -> str:
    """How long it took from publication to the alert.

    Times that are one, as of an article that was given by hand, are told once.
    """
    done = "withdrawn" if alert.is_withdrawal else "alerted"
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


def is_news(statement: AlertStatement, alert: Alert) -> bool:
    """Whether the words are what the alert is for."""
    return statement.is_new and not alert.is_withdrawal


def origin(alert: Alert) -> str:
    """The alert's id and watch, what it follows, revision and priority where not the usual."""
    parts = [f"{alert.id} of watch {clean_line(alert.watch)}"]
    parts += [f"{_FOLLOWS[alert.type]} {alert.follows}"] if alert.follows else []
    parts += [f"revision {alert.revision}"] if alert.revision > 1 else []
    parts += ["high priority"] if alert.priority == "high" else []
    return ", ".join(parts)


def reasons_of(alert: Alert) -> list[tuple[str, str]]:
    """The reasons for the alert as code and sentence, of those statements that it has: others it
    may have told when it was raised, and they were taken back since.
    """
    found, ids = list[tuple[str, str]](), [statement.id for statement in alert.statements]
    for reason in alert.reasons:
        numbers = [n for n, id_ in enumerate(ids, 1) if id_ in reason.statements]
        if reason.code == "new":
            new = sum(statement.is_new for statement in alert.statements)
            found.append((reason.code, f"{new} new statement{'' if new == 1 else 's'}"))
        elif not reason.statements or len(numbers) == len(ids):
            found.append((reason.code, reason.text))
        elif numbers:
            found.append((reason.code, f"{reason.text} (in {_numbered(numbers)})"))
    return found


def _numbered(numbers: Sequence[int]) -> str:
    """Statements by their numbers.

    >>> _numbered([1]), _numbered([1, 2, 4])
    ('statement 1', 'statements 1, 2 and 4')
    """
    if len(numbers) == 1:
        return f"statement {numbers[0]}"
    return f"statements {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
