"""``parley wrong ALERT --undo``: what was said of an alert was a slip, and the alert stands.

Those whom it concerns get it again, as an update; memory is as if nothing had been said, but for
the log of corrections.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from connectors.archive import Archive
from connectors.archive.corrections import Repair
from pipelines.archives import open_existing
from pipelines.owed_cases import case_file, write_owed_cases
from pipelines.wrong import alert_named, headline_of, tell
from schemas.alert import Alert
from schemas.base import Timestamp
from schemas.correction import Correction
from schemas.errors import ConfigurationError
from schemas.ids import hash_of
from transforms.core.judging.corrections import case_of, note_of
from transforms.core.judging.withdrawals import CORRECTED, restore


def undo(url: str, id_prefix: str, *, cases: str, console: Console) -> None:
    """Record that the alert was right, with all that follows from it; nothing is sent yet.

    Raises:
        ConfigurationError: there is no such alert, or nothing was said of it.
    """
    with open_existing(url) as archive:
        alert = alert_named(archive, id_prefix)
        slips = _slips(archive, alert)
        if not slips:
            raise ConfigurationError(
                [f"--undo: {alert.id}: nobody said that it is wrong; `parley alerts` lists them"]
            )
        correction = Correction(
            id=hash_of(alert.id, "right", *(slip.id for slip in slips)),
            alert_id=alert.id,
            kind="right",
            corrected_at=Timestamp.now(),
        )
        again = _restored(archive, alert, slips, correction.corrected_at)
        archive.corrections.record(
            correction,
            again,
            _repair(alert, slips),
            case_of(correction, alert, archive.corrections.article(alert.article.id)),
            str(case_file(url, cases).absolute()),
        )
        failures = write_owed_cases(archive)
    lines = [f"told again as {each.id}: {headline_of(each)}" for each in again]
    tell(lines or ["undone"], slips, failures, case_file(url, cases), console)


def _slips(archive: Archive, alert: Alert) -> list[Correction]:
    """What was said of the alert, and not taken back yet."""
    said = [c for c in archive.corrections.all() if c.alert_id == alert.id]
    last = max((n for n, c in enumerate(said, 1) if c.kind == "right"), default=0)
    return said[last:]


def _restored(
    archive: Archive, alert: Alert, slips: Sequence[Correction], at: Timestamp
) -> list[Alert]:
    """The alerts that tell again what the slips took back, be it in other watches."""
    times = {slip.corrected_at for slip in slips}
    earlier = archive.alerts_on(alert.article.id)
    return [
        restore(withdrawal, earlier, at)
        for withdrawal in earlier
        if withdrawal.type == "withdrawn"
        and withdrawal.alerted_at in times
        and withdrawal.reasons[0].code.startswith(CORRECTED)
    ]


def _repair(alert: Alert, slips: Sequence[Correction]) -> Repair:
    new = [statement.id for statement in alert.statements if statement.verdict == "new"]
    kinds = {slip.kind for slip in slips}
    return Repair(
        parted=new if "repeat" in kinds else (),
        put_back=new if "speaker" in kinds else (),
        unruled=note_of(alert),
    )
