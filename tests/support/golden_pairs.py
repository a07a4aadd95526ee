"""The golden pairs of statements, judged as two articles or one would be."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from schemas.statement import Verdict
from support.said import DAY, HORIZON, WATCH, annotation, article, said
from transforms.core.novelty.judge import judge_commentary
from transforms.core.novelty.recall import StatementIndex, recall
from transforms.core.ports import MeaningModel
from transforms.core.relevance.matching import match

_GOLDEN = Path(__file__).parents[1] / "golden"
_LEAD = "The delegations of Arden and Brevia met for peace talks."


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two statements, and whether they are one."""

    relation: str
    is_same: bool
    a: str
    b: str
    days: float = 0.2  #: from the one to the other
    by: tuple[str, str] = ("Mira Holt", "Mira Holt")

    def is_found(self, model: MeaningModel | None = None) -> bool:
        """Whether the judge finds what they are."""
        a, b = self.verdicts(model)
        return (a.statement_id == b.statement_id) == self.is_same

    def verdicts(self, model: MeaningModel | None = None) -> list[Verdict]:
        """What the judge says of a, then of b."""
        memory, found = StatementIndex(), list[Verdict]()
        for number, statements in enumerate(self._articles()):
            told = [f"“{w}”, {name} said." for w, name, _ in statements]
            paragraphs = told if self.relation == "lead" else [_LEAD, *told]
            where = article(
                *paragraphs, url=f"https://wire.example/{number}", at=number * self.days * DAY
            )
            people = [said(where, w, name, "an analyst", kind=kind) for w, name, kind in statements]
            for one in match(annotation(where, *people), [WATCH]).commentaries:
                known = recall(
                    memory, one, where, horizon_seconds=HORIZON, asks_meaning=model is not None
                )
                judged, new = judge_commentary(
                    known, one, where, horizon_seconds=HORIZON, model=model
                )
                for statement in new:
                    memory.add(statement)
                found += [o.verdict for o in judged.occurrences if o.verdict]
        return found

    def _articles(self) -> list[list[Any]]:
        """What is said in each article, by whom, and of what kind."""
        if self.relation == "lead":
            return [[(self.a, self.by[0], "indirect"), (self.b, self.by[1], "direct")]]
        kind = "indirect" if self.relation == "indirect" else "direct"
        return [[(self.a, self.by[0], "direct")], [(self.b, self.by[1], kind)]]


def golden_pairs(name: str = "sameness") -> Iterator[Pair]:
    """All of them, by relation; ``_unseen`` and ``_told`` were written after the rules."""
    golden = yaml.safe_load((_GOLDEN / f"{name}.yaml").read_text(encoding="utf8"))
    for label, relations in golden.items():
        for relation, pairs in relations.items():
            for pair in pairs:
                pair["by"] = tuple(pair.get("by", Pair.by))
                yield Pair(relation, label == "same", **pair)
