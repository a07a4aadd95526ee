"""What was said, judged and alerted on, for tests of what hangs on it."""

from __future__ import annotations

import dataclasses

from schemas.alert import Alert
from schemas.article import Article
from schemas.dossier import Commentary, Dossier
from schemas.statement import Statement
from support.said import HORIZON, NOON, WATCH, annotation, article, said
from transforms.core.alerts.raising import raise_alerts, told_by
from transforms.core.novelty.judge import judge_commentary
from transforms.core.relevance.matching import match

LATER = NOON + 600
FELLOW = "a senior fellow at the Hudson Institute"
LEAD = "Arden and Brevia resumed peace talks on Monday, and Arden asked for a truce."
THAW = "Brevia will not sign a treaty before the thaw"
PORT = "Whoever holds the port will name the price of the lake"
TOLL = "A deal on tolls would please the fishermen of both banks"
RUIZ, VIK = ("Ana Ruiz", FELLOW), ("Jon Vik", "professor of law")


def read(
    *people: tuple[str, str, str], memory: tuple[Statement, ...] = (), where: Article | None = None
) -> Dossier:
    """An article in which (words, name, role) are said, judged against memory."""
    where = where or article(LEAD, *(f"“{w},” said {name}." for w, name, _ in people))
    dossier = match(annotation(where, *(said(where, *p) for p in people)), [WATCH])
    found = [
        judge_commentary(memory, one, where, horizon_seconds=HORIZON)[0]
        for one in dossier.commentaries
    ]
    return dataclasses.replace(dossier, commentaries=found)


def remembered(dossier: Dossier) -> tuple[Statement, ...]:
    return tuple(
        statement
        for one in dossier.commentaries
        for statement in judge_commentary((), one, dossier.article, horizon_seconds=HORIZON)[1]
    )


def raised(
    dossier: Dossier, earlier: tuple[Alert, ...] = (), before: tuple[Dossier, ...] = ()
) -> tuple[Alert, ...]:
    """The alerts, when ``before`` was read before."""
    told = {id_: watches for one in before for id_, watches in told_by(one).items()}
    return raise_alerts(dossier, [WATCH], earlier, told, LATER)


def commentary(where: Article, *words: str, name: str = "Ana Ruiz") -> Commentary:
    people = [said(where, w, name, FELLOW) for w in words]
    (one,) = match(annotation(where, *people), []).commentaries
    return one


def quoting(
    *words: str, name: str = "Ana Ruiz", at: float = 0, url: str = "a"
) -> tuple[Commentary, Article]:
    where = article(*(f"“{w},” said {name}." for w in words), at=at, url=f"https://w.example/{url}")
    return commentary(where, *words, name=name), where


def judged(
    memory: list[Statement], one: Commentary, where: Article
) -> tuple[list[str], tuple[Statement, ...], Commentary]:
    found, new = judge_commentary(memory, one, where, horizon_seconds=HORIZON)
    return [o.verdict.novelty for o in found.occurrences if o.verdict], new, found
