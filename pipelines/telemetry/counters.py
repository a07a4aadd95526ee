"""What Beam counted in a pipeline, by the names of transforms/metrics.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.outcome import MEANING, Reason


@dataclass(frozen=True)
class Spread:
    """Of a distribution: how many values, their sum, and the highest."""

    count: int = 0
    total: int = 0
    highest: int = 0

    def __add__(self, other: Spread) -> Spread:
        """Both together."""
        highest = max(self.highest, other.highest)
        return Spread(self.count + other.count, self.total + other.total, highest)


@dataclass(frozen=True)
class Counted:
    """The metrics of all steps together."""

    counters: dict[str, int] = field(default_factory=dict)
    spreads: dict[str, Spread] = field(default_factory=dict)


def outcomes_of(counters: Mapping[str, int]) -> dict[Reason, int]:
    """How many elements were not read on, by reason, most first.

    >>> outcomes_of({"messages_read": 9, "outcome_copy": 1, "outcome_gated": 2})
    {'gated': 2, 'copy': 1}
    """
    found = {reason: counters.get(f"outcome_{reason}", 0) for reason in MEANING}
    some = ((reason, n) for reason, n in found.items() if n)
    return dict(sorted(some, key=lambda item: (-item[1], item[0])))


def counted(result: Any) -> Counted:
    """What a pipeline has counted; while it runs, as far as its engine tells."""
    from apache_beam.metrics import MetricsFilter  # for `parley stream --help` not to load Beam

    from transforms.runtime.metrics import NAMESPACE

    try:
        found = result.metrics().query(MetricsFilter().with_namespace(NAMESPACE))
    except NotImplementedError:  # Dataflow's of a job that was only checked
        return Counted()
    totals: Counter[str] = Counter()
    for each in found["counters"]:
        totals[each.key.metric.name] += each.committed or each.attempted or 0
    spreads: dict[str, Spread] = {}
    for each in found["distributions"]:
        name, value = each.key.metric.name, each.committed or each.attempted
        if value is not None:
            spread = Spread(value.data.count, value.data.sum, value.data.max)
            spreads[name] = spreads.get(name, Spread()) + spread
    return Counted(dict(totals), spreads)
