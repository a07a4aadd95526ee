"""``parley wrong ALERT --undo``: what was said of an alert was a slip, and the alert stands.

Those whom it concerns get it again, as an update; memory is as if nothing had been said, but for
the log of corrections.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rich.console import Console

from connectors.archive import Archive
from connectors.archive.corrections import Repair
from connectors.archive.reattributions import spans_of
from connectors.formats.sanitizing import clean_line
from pipelines.services.archives import open_existing
from pipelines.services.cases import case_file, write_owed_cases
from pipelines.services.correct import alert_named, check_command, check_stands, headline_of, tell
from schemas.alert import Alert, AlertStatement
from schemas.article import Article
from schemas.base import Instant
from schemas.correction import Correction
from schemas.errors import ConfigurationError
from schemas.ids import hash_of
from transforms.core.alerts.corrections import case_of, joined, note_of, still_wrong, wrong_too
from transforms.core.alerts.withdrawals import CORRECTED, restore, told_again


def undo(url: str, id_prefix: str, *, cases: str, console: Console) -> None:
    """Record that the alert was right, with all that follows from it; nothing is sent yet.

    Raises:
        ConfigurationError: there is no such alert, or nothing was said of it.
    """
    with open_existing(url) as archive:
        alert = alert_named(archive, id_prefix)
        in_force = archive.corrections.in_force()
        slips = [slip for one, slip in in_force if one.id == alert.id]
        earlier = archive.memory.alerts_on(alert.article.id)
        if not slips:
            check_stands(alert, earlier)
            raise ConfigurationError(
                [
                    f"--undo: {alert.id}: nobody said that it is wrong; those that were taken back "
                    "are marked Withdrawn in `parley alerts`"
                ]
            )
        correction = Correction(
            id=hash_of(alert.id, "right", *(slip.id for slip in slips)),
            alert_id=alert.id,
            kind="right",
            corrected_at=Instant.now(),
        )
        said = [(one, other) for one, other in in_force if one.id != alert.id]
        article = archive.dossiers.article(alert.article.id)
        mistaken, left = mistaken_of(alert, slips, said, article, earlier)
        again = [restore(taken, earlier, correction.corrected_at) for taken in mistaken]
        archive.corrections.record(
            correction,
            again,
            _repair(archive, alert, slips, said),
            case_of(correction, alert, article),
            str(case_file(url, cases).absolute()),
        )
        failures = write_owed_cases(archive)
        check = check_command(archive, [alert.watch], case_file(url, cases))
    lines = [f"told again as {each.id}: {headline_of(each)}" for each in again]
    tell([*(lines or ["undone"]), *left], failures, check, console)


def mistaken_of(
    alert: Alert,
    slips: Sequence[Correction],
    said: Sequence[tuple[Alert, Correction]],
    article: Article,
    earlier: Sequence[Alert],
) -> tuple[list[Alert], list[str]]:
    """The withdrawals that the slips brought about, be it in other watches, each with what is to
    be told again; and a line for each statement that is not.

    ``said`` is what else was said of alerts, ``earlier`` are all alerts on the article.
    """
    concerned = {one.id for slip in slips for one in (alert, *wrong_too(slip, alert, earlier))}
    mistaken, left = list[Alert](), list[str]()
    for taken in earlier:
        is_theirs = taken.is_withdrawal and taken.follows in concerned
        if not is_theirs or not taken.reasons[0].code.startswith(CORRECTED):
            continue
        wrong, again = still_wrong(taken, said, earlier), told_again(taken.follows, earlier)
        taken = replace(taken, statements=[s for s in taken.statements if s.id not in again])
        why = {s.id: _why_left(s, wrong, article) for s in taken.statements}
        kept = [statement for statement in taken.statements if not why[statement.id]]
        mistaken += [replace(taken, statements=kept)] if kept else []
        left += [
            f"not told again in watch {taken.watch}: {why[s.id]}: “{clean_line(s.text)}”"
            for s in taken.statements
            if why[s.id]
        ]
    return mistaken, left


def _why_left(statement: AlertStatement, wrong: Mapping[str, str], article: Article) -> str:
    """Why it is not told again; "" if it is."""
    if statement.id in wrong:
        return f"alert {wrong[statement.id]} was said to be wrong, too"
    return "the article holds it no more" if spans_of(statement.text, article) is None else ""


def _repair(
    archive: Archive,
    alert: Alert,
    slips: Sequence[Correction],
    said: Sequence[tuple[Alert, Correction]],
) -> Repair:
    """What is to be mended: what repeats what is settled anew by what still stands, for one
    repetition may have led on from another.
    """
    new = [statement.id for statement in alert.new_statements]
    kinds = {slip.kind for slip in slips}
    repeats = [
        pair
        for one, correction in said
        if correction.kind == "repeat" and "repeat" in kinds
        for pair in sorted(joined(one, alert_named(archive, correction.other_alert_id)).items())
    ]
    return Repair(
        parted=[*new, *(id_ for id_, _ in repeats)] if "repeat" in kinds else (),
        joined=repeats,
        put_back=new if "speaker" in kinds else (),
        unruled=note_of(alert),
    )
