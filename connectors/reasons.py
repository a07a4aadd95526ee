"""Why an alert was raised, as it holds for what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.alert import Alert


def reasons_of(alert: Alert) -> list[tuple[str, str]]:
    """The reasons for the alert as code and sentence, of those statements that it has: others it
    may have told when it was raised, and they were taken back since.
    """
    found, ids = list[tuple[str, str]](), [statement.id for statement in alert.statements]
    for reason in alert.reasons:
        numbers = [n for n, id_ in enumerate(ids, 1) if id_ in reason.statements]
        if reason.code == "new":
            new = sum(statement.verdict == "new" for statement in alert.statements)
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
