"""The alerts of one article and watch, as people get them: together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from schemas.alert import Alert, Bundle


def new_ids(alert: Alert) -> set[str]:
    """The ids of the statements that the alert holds as new, or takes back."""
    return {statement.id for statement in alert.new_statements}


def bundled(ordered: Iterable[Alert]) -> list[Bundle]:
    """Bundles in order of their first alert, with their withdrawals at the end.

    What was withdrawn is left out of its alert, and a withdrawal is left out if a later alert of
    the bundle holds all its statements again.
    """
    grouped: dict[str, list[Alert]] = {}
    for alert in ordered:
        grouped.setdefault(alert.bundle_id, []).append(alert)
    return [
        Bundle(bundle_id, found[0].watch, [*_in_force(found), *_withdrawals(found)])
        for bundle_id, found in grouped.items()
    ]


def _in_force(found: Sequence[Alert]) -> list[Alert]:
    withdrawals = [alert for alert in found if alert.is_withdrawal]
    left = [_without(alert, withdrawals) for alert in found if not alert.is_withdrawal]
    return [alert for alert in left if new_ids(alert)]


def _withdrawals(found: Sequence[Alert]) -> list[Alert]:
    in_force = {alert.id: {s.id for s in alert.statements} for alert in _in_force(found)}
    later: list[set[str]] = []
    kept = []
    for alert in reversed(found):
        if not alert.is_withdrawal:
            later.append(in_force.get(alert.id, set()))
        elif not any({s.id for s in alert.statements} <= ids for ids in later):
            kept.append(alert)
    return kept[::-1]


def _without(alert: Alert, withdrawals: Sequence[Alert]) -> Alert:
    gone = {s.id for taken in withdrawals if taken.follows == alert.id for s in taken.statements}
    if not gone:
        return alert
    return dataclasses.replace(alert, statements=[s for s in alert.statements if s.id not in gone])
