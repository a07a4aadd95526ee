"""Which alerts are taken back: their words are gone from the article, or somebody marked them
wrong.

A withdrawal is an Alert, too, so that it reaches people the way the alert did: the ledger owes
it to whoever was owed the alert that it ``follows``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence

from schemas.alert import Alert, AlertReason, AlertStatement
from schemas.article import Article
from schemas.base import Instant
from schemas.dossier import Dossier
from schemas.ids import hash_of

#: The code of the reason that an edit is.
_EDITED_OUT = "edited_out"
#: Codes of the reasons that readers give begin so.
CORRECTED = "corrected_"
#: The code of the reason for telling again.
_RESTORED = "restored"


def withdraw(
    alert: Alert,
    earlier: Sequence[Alert],
    reason: AlertReason,
    withdrawn_at: Instant,
    statement_ids: Collection[str] | None = None,
) -> Alert | None:
    """The Alert that takes back what ``alert`` told as new, or of that only ``statement_ids``.

    None if there is nothing left to take back. ``earlier`` are all alerts on the article, oldest
    first: what one of them took back is not taken back again. The id is that of the alert and
    the statements, so that taking back twice is taking back once.
    """
    if alert.is_withdrawal:
        return None
    same = of_speaker(alert.watch, alert.speaker.id, earlier)
    gone = [s for s in _left_of(alert, same) if statement_ids is None or s.id in statement_ids]
    if not gone:
        return None
    return dataclasses.replace(
        alert,
        id=hash_of("withdrawn", alert.id, *sorted(statement.id for statement in gone)),
        type="withdrawn",
        revision=1 + len(same),
        statements=[dataclasses.replace(statement, occurrences=0) for statement in gone],
        reasons=[reason],
        others=(),
        alerted_at=withdrawn_at,
        follows=alert.id,
    )


def _left_of(alert: Alert, same: Sequence[Alert]) -> list[AlertStatement]:
    """What the alert told as new and none of the others took back."""
    withdrawals = (a for a in same if a.is_withdrawal and a.follows == alert.id)
    back = {statement.id for withdrawal in withdrawals for statement in withdrawal.statements}
    return [statement for statement in alert.new_statements if statement.id not in back]


def of_speaker(watch: str, speaker_id: str, alerts: Iterable[Alert]) -> list[Alert]:
    """Those of the alerts that told the watch of the speaker."""
    return [a for a in alerts if (a.watch, a.speaker.id) == (watch, speaker_id)]


def restore(withdrawal: Alert, earlier: Sequence[Alert], restored_at: Instant) -> Alert:
    """The Alert that tells again what a withdrawal took back by mistake.

    ``earlier`` are all alerts on the article, among them the one that was taken back. The id is
    that of the withdrawal and the statements, so that this is told once.
    """
    alert = next(a for a in earlier if a.id == withdrawal.follows)
    same = of_speaker(alert.watch, alert.speaker.id, earlier)
    gone = {statement.id for statement in withdrawal.statements}
    return dataclasses.replace(
        alert,
        id=hash_of("restored", withdrawal.id, *sorted(gone)),
        type="updated",
        revision=1 + len(same),
        statements=[statement for statement in alert.statements if statement.id in gone],
        reasons=[AlertReason(_RESTORED, "it was taken back by mistake"), *alert.reasons],
        others=(),
        alerted_at=restored_at,
        follows=alert.id,
    )


def told_again(alert_id: str | None, earlier: Sequence[Alert]) -> dict[str, str]:
    """The statements of an alert that were told again, for they were taken back by mistake, each
    with the id of the alert that does. ``earlier`` are all alerts on the article, oldest first.
    """
    return {
        statement.id: alert.id
        for alert in earlier
        if alert.follows == alert_id and any(r.code == _RESTORED for r in alert.reasons)
        for statement in alert.statements
    }


def last_told_as(alert_id: str, earlier: Sequence[Alert]) -> str:
    """The id of the alert that now stands for the one of that id: the last of those that told it
    again, itself if none did. ``earlier`` are all alerts on the article, oldest first.
    """
    while again := told_again(alert_id, earlier):
        alert_id = [*again.values()][-1]
    return alert_id


def with_places(alerts: Sequence[Alert], places: Mapping[str, int]) -> list[Alert]:
    """The alerts, each statement that is taken back with the number of ``places`` where it still
    stands.
    """
    return [
        dataclasses.replace(
            alert,
            statements=[
                dataclasses.replace(s, occurrences=places.get(s.id, 0)) for s in alert.statements
            ],
        )
        if alert.is_withdrawal
        else alert
        for alert in alerts
    ]


def vanished(
    dossier: Dossier, watches: Collection[str], earlier: Sequence[Alert], withdrawn_at: Instant
) -> list[Alert]:
    """What an edit makes of the ``earlier`` alerts on the article: those statements taken back
    that it no longer holds. A revision fetched before an alert was raised takes nothing back.

    Each bears the time at which the edit was fetched. They come by watch and speaker, for alerts
    of one instant have no order to keep.
    """
    standing = {
        occurrence.verdict.statement_id
        for _, occurrence in dossier.occurrences()
        if occurrence.verdict is not None
    }
    alerts = [*earlier]
    for alert in earlier:
        if alert.watch in watches and alert.fetched_at <= dossier.article.fetched_at:
            gone = {statement.id for statement in alert.new_statements} - standing
            reason = AlertReason(_EDITED_OUT, "an edit of the article removed the words")
            found = withdraw(alert, alerts, reason, withdrawn_at, gone)
            if found:
                alerts.append(dataclasses.replace(found, fetched_at=dossier.article.fetched_at))
    return sorted(alerts[len(earlier) :], key=lambda a: (a.watch, a.speaker.id, a.revision))


def edited_out(article: Article, watch: str, earlier: Sequence[Alert]) -> dict[str, str]:
    """The statements of which the watch's readers last heard that an edit of the article removed
    them, each with the id of that withdrawal; but for a revision fetched no later than the edit,
    which can restore nothing.

    ``earlier`` are all alerts on the article, oldest first.
    """
    last = {s.id: alert for alert in earlier if alert.watch == watch for s in alert.statements}
    return {
        statement_id: alert.id
        for statement_id, alert in last.items()
        if alert.is_withdrawal
        and alert.fetched_at < article.fetched_at
        and any(reason.code == _EDITED_OUT for reason in alert.reasons)
    }
