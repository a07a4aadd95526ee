"""Articles that come twice, in other batches or in another order: what holds all the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert
from schemas.dossier import Dossier
from schemas.statement import Statement
from support.meanings import FakeMeaning
from support.said import DAY, HORIZON, NOON, WATCH, annotation, article, said
from transforms.core.alerts.raising import raise_alerts, told_by
from transforms.core.novelty.copies import with_copies
from transforms.core.novelty.judge import judge_commentary
from transforms.core.novelty.recall import StatementIndex, recall
from transforms.core.novelty.run_memory import RecentMemory
from transforms.core.relevance.matching import match

LEAD = "Arden and Brevia resumed peace talks on Monday, and Arden asked for a truce."
FELLOW = "a senior fellow at the Hudson Institute"
#: What is said, by what is the same; a copy may be cut short or edited.
SAME = [
    [
        "Brevia will not sign a treaty on the lake before the thaw has come",
        "“Brevia won't sign a treaty on the lake before the thaw has come”",
        "Brevia will not sign a treaty on the lake before the thaw",
    ],
    [
        "Whoever holds the port will name the price of the lake",
        "whoever holds the port names the price of the lake",
    ],
    ["Nobody in the guild trusts the 12 monitors on the ice"],
    ["Nobody in the guild trusts the 30 monitors on the ice"],
    ["Brevia will sign a treaty on the lake before the thaw has come"],
]
#: Whoever holds the port …, told so that only a model of meaning finds it the same.
RETOLD = "He who occupies the quay is going to decide what the shore pays"
ALIKE = ("holds occupies", "port quay", "name decide", "price pays", "lake shore")
CLASS = {words: number for number, alike in enumerate(SAME) for words in alike}
NAMES = {"Ana Ruiz": 0, "Jon Vik": 1}
ARTICLES = st.lists(
    st.lists(
        st.tuples(st.sampled_from(sorted(CLASS)), st.sampled_from(sorted(NAMES))),
        min_size=1, max_size=3, unique_by=lambda each: (CLASS[each[0]], each[1]),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


class Monitor:
    """What runs keep, and do with each article.

    The archive may be written late, but all of it before the next run (``begin``).
    """

    def __init__(self, model: FakeMeaning | None = None) -> None:
        self.model = model
        self.archive = StatementIndex()
        self.late: list[Statement] = []
        self.begin()
        self.told: dict[str, set[str]] = {}
        self.alerts: dict[str, Alert] = {}
        self.dossiers: dict[str, Dossier] = {}

    def begin(self) -> None:
        """Another run."""
        self.write(len(self.late))
        self.memory = RecentMemory(self.archive)

    def write(self, count: int) -> None:
        """Archive so many of the statements that wait for it."""
        for statement in self.late[:count]:
            self.archive.add(statement)
        del self.late[:count]

    def read(self, number: int, words: Sequence[tuple[str, str]]) -> Dossier:
        """Read an article, as the stages do; alerts are recorded once."""
        paragraphs = (f"“{w},” said {name}." for w, name in words)
        url = f"https://wire.example/{number}"
        where = article(LEAD, *paragraphs, url=url, at=number * DAY)
        people = [said(where, w, name, FELLOW) for w, name in words]
        dossier = match(annotation(where, *people), [WATCH])
        found, gained = [], list[Statement]()
        for one in dossier.commentaries:
            asks = self.model is not None
            known = recall(self.memory, one, where, horizon_seconds=HORIZON, asks_meaning=asks)
            judged, new = judge_commentary(
                known, one, where, horizon_seconds=HORIZON, model=self.model
            )
            found.append(judged)
            gained += new
        dossier = with_copies(dataclasses.replace(dossier, commentaries=found), "", {})
        earlier = [a for a in self.alerts.values() if a.article.id == where.id]
        raised = raise_alerts(dossier, [WATCH], earlier, self.told, NOON)
        self.memory.note_statements(gained)
        self.late += gained
        for id_, watches in told_by(dossier).items():
            self.told.setdefault(id_, set()).update(watches)
        self.alerts.update((alert.id, alert) for alert in raised)
        self.dossiers[where.id] = dossier
        return dataclasses.replace(dossier, alerts=raised)


def verdicts(dossier: Dossier) -> list[tuple[str, str, str]]:
    return [
        (o.id, o.verdict.statement_id, o.verdict.novelty)
        for one in dossier.commentaries
        for o in one.occurrences
        if o.verdict is not None
    ]


def groups(monitor: Monitor) -> set[frozenset[tuple[str, str]]]:
    """Which places hold the same statement, a place being article and words."""
    found: dict[str, set[tuple[str, str]]] = {}
    for dossier in monitor.dossiers.values():
        for one in dossier.commentaries:
            for o in one.occurrences:
                assert o.verdict is not None
                found.setdefault(o.verdict.statement_id, set()).add((dossier.article.id, o.text))
    return {frozenset(places) for places in found.values()}


@given(ARTICLES, st.data())
def test_what_comes_twice_changes_nothing(
    articles: list[list[tuple[str, str]]], data: st.DataObject
) -> None:
    once, again = Monitor(), Monitor()
    first = [once.read(number, words) for number, words in enumerate(articles)]
    for number, words in enumerate(articles):
        again.read(number, words)
        repeated = data.draw(st.integers(0, number))
        before = again.dossiers[article(url=f"https://wire.example/{repeated}").id]
        read = again.read(repeated, articles[repeated])
        assert verdicts(read) == verdicts(before)
        assert read.alerts == ()
    assert list(again.alerts) == list(once.alerts)
    assert [verdicts(r) for r in again.dossiers.values()] == [verdicts(r) for r in first]


@given(ARTICLES, st.booleans(), st.data())
def test_in_other_batches_all_is_judged_the_same(
    articles: list[list[tuple[str, str]]], has_model: bool, data: st.DataObject
) -> None:
    model = FakeMeaning(*ALIKE) if has_model else None
    at_once, cut = Monitor(model), Monitor(model)
    for number, words in enumerate(articles):
        expected = at_once.read(number, words)
        if data.draw(st.booleans(), label="another run"):
            cut.begin()
        assert cut.read(number, words) == expected
        cut.write(data.draw(st.integers(0, len(cut.late)), label="statements archived"))
    assert cut.alerts == at_once.alerts
    assert groups(cut) == groups(at_once)


def test_a_retelling_that_only_a_model_finds_is_the_same_in_any_batch() -> None:
    monitor = Monitor(FakeMeaning(*ALIKE))
    for number, words in enumerate((SAME[1][0], RETOLD)):
        monitor.begin()
        monitor.read(number, [(words, "Ana Ruiz")])
    assert len(groups(monitor)) == 1
    assert len(monitor.alerts) == 1


@given(ARTICLES, st.data())
def test_in_another_order_the_same_is_found_the_same_and_nothing_alerts_twice(
    articles: list[list[tuple[str, str]]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(articles))))
    in_time, shuffled = Monitor(), Monitor()
    for number, words in enumerate(articles):
        in_time.read(number, words)
    for number in order:
        shuffled.read(number, articles[number])
    assert groups(shuffled) == groups(in_time)
    for monitor in (in_time, shuffled):
        told = [
            (alert.speaker.name, CLASS[statement.text])
            for alert in monitor.alerts.values()
            for statement in alert.statements
            if statement.verdict == "new"
        ]
        expected = {(name, CLASS[words]) for said_there in articles for words, name in said_there}
        assert len(told) == len(set(told))
        assert set(told) == expected
