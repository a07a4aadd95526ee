"""Which statement of an alert is shown first, and which alert of several.

Theory of operation. Words taken as new come before those that repeat, and whatever says something
before empty talk ("we'll see"). Among the rest each trait of a statement has points, and the most
points win: on the subject, in the speaker's own words, surely theirs, full, about somebody by name,
and clear without what stands before it. Ties stay in text order.

Alternatives rejected: the first statement, which in a long interview is small talk; one trait after
another, by which any direct quotation beats the claim that the article is about.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.alert import Alert, AlertStatement
from schemas.annotation import QuotationKind
from transforms.core.languages.en.empty_talk import (
    clauses,
    content_words,
    is_empty_talk,
    leans_on_context,
)

#: Points, set by hand on the alerts of invented and recorded articles: being on the subject counts
#: as much as all that makes words good to read, save that no off-topic sentence wins by style.
_DIRECT: dict[QuotationKind, float] = {"direct": 0.3, "mixed": 0.2, "indirect": 0.0}
_NAMES_SOMETHING, _LEANS, _ASKS, _FULL, _SURE = 0.1, -0.2, -0.3, 0.3, 0.5
#: A statement is full with so many content words; more of them add nothing.
_FULL_WORDS = 8
#: Of alerts raised before sureness of the subject was recorded.
_ASSUMED_SUBJECT = {True: 0.8, False: 0.5}


@dataclass(frozen=True)
class Ranked:
    """A statement with what it is worth to a reader."""

    statement: AlertStatement
    is_empty: bool  #: it only says that its speaker says nothing
    points: float  #: about 0 to 2
    reasons: Sequence[str]  #: what gave and took points, for people

    @property
    def order(self) -> tuple[bool, bool, float]:
        """Sorts the best first."""
        return not self.statement.is_new, self.is_empty, -self.points


def rank(statement: AlertStatement) -> Ranked:
    """What the statement is worth, with the reasons.

    >>> found = rank(AlertStatement(
    ...     "s", "No comment", "direct", "inline", "new", 0.9, "Ana Ruiz", "https://a.example"))
    >>> found.is_empty, found.reasons[:2]
    (True, ('says nothing', 'quoted'))
    """
    sureness = statement.subject_sureness
    if sureness is None:
        sureness = _ASSUMED_SUBJECT[bool(statement.about)]
    words, is_empty, leans = _read(statement.text)
    traits = [
        (is_empty, 0.0, "says nothing"),
        (statement.kind != "indirect", _DIRECT[statement.kind], _QUOTED[statement.kind]),
        (True, sureness, f"on the subject ({sureness:.2f})"),
        (True, _SURE * statement.confidence, f"surely theirs ({statement.confidence:.2f})"),
        (True, _FULL * min(words, _FULL_WORDS) / _FULL_WORDS, f"{words} words with content"),
        (bool(statement.about), _NAMES_SOMETHING, "names what it is about"),
        (leans, _LEANS, "leans on what stands before"),
        (statement.text.rstrip(' "”’').endswith("?"), _ASKS, "asks"),
    ]
    return Ranked(
        statement,
        is_empty,
        round(sum(points for holds, points, _ in traits if holds), 4),
        tuple(reason for holds, _, reason in traits if holds),
    )


@functools.lru_cache(maxsize=1 << 13)  # a message ranks its statements more than once
def _read(text: str) -> tuple[int, bool, bool]:
    words = sum(len(content_words(clause)) for clause in clauses(text))
    return words, is_empty_talk(text), leans_on_context(text)


_QUOTED: dict[QuotationKind, str] = {"direct": "quoted", "mixed": "partly quoted", "indirect": ""}


def ranked(statements: Iterable[AlertStatement]) -> list[Ranked]:
    """The statements, best first; equally good ones stay in order."""
    return sorted(map(rank, statements), key=lambda each: each.order)


def best_of(alert: Alert) -> AlertStatement:
    """The statement to show of the alert if only one can be shown."""
    return min(map(rank, alert.statements), key=lambda each: each.order).statement


def most_important_first(alerts: Iterable[Alert]) -> list[Alert]:
    """The alerts by their best statements; those of high priority first, withdrawals last."""
    return sorted(alerts, key=lambda alert: (alert.is_withdrawal, *_weight(alert)))


def _weight(alert: Alert) -> tuple[bool, bool, bool, float]:
    is_known, is_empty, points = rank(best_of(alert)).order
    return is_known, is_empty, alert.priority != "high", points


def by_topic(alerts: Iterable[Alert]) -> list[tuple[str, list[Alert]]]:
    """The alerts in groups by the topic that each speaks of most: the most important first, in
    the groups and of them. A topic is called by its name where the words hold it, else by its id.
    """
    groups: dict[str, list[Alert]] = {}
    for alert in most_important_first(alerts):
        groups.setdefault(_topic(alert), []).append(alert)
    names = dict[str, str]()
    for found in groups.values():
        for name in (n for alert in found for s in alert.statements for n in (*s.about, *s.nearby)):
            names.setdefault(_slug(name), name)
    return [(names.get(id_, _spaced(id_)), found) for id_, found in groups.items()]


def _topic(alert: Alert) -> str:
    """The id of the topic that most of the new statements name; of equals, one in their words."""
    new = alert.new_statements or alert.statements
    named = Counter(topic for statement in new for topic in statement.topics)
    within = Counter(_slug(name) for statement in new for name in statement.about)
    return max(named, key=lambda topic: (within[topic], named[topic]), default="")


@functools.lru_cache(maxsize=1 << 10)
def _slug(name: str) -> str:
    """A name as ids of topics are written.

    >>> _slug("Leaders' calls"), _spaced("leaders-calls")
    ('leaders-calls', 'Leaders calls')
    """
    return "-".join(re.findall(r"\w+", re.sub("['’]", "", name.casefold())))


def _spaced(topic: str) -> str:
    return topic.replace("-", " ").capitalize()
