"""``parley wrong``: an alert is taken back, memory mended, and the case kept.

All of it but the sending and the case file is one transaction. Both of these are owed by the
archive, so that a process that is killed loses neither: the next ``parley deliver``, ``run`` or
``wrong`` makes up for it. Saying the same twice is saying it once.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.archive.corrections import Repair
from connectors.formats import headlines
from connectors.formats.sanitizing import clean_line
from pipelines.services.archives import open_existing
from pipelines.services.cases import case_file, write_owed_cases
from schemas.alert import Alert, Bundle
from schemas.base import Instant
from schemas.correction import Correction, CorrectionKind
from schemas.errors import ConfigurationError
from schemas.ids import hash_of
from transforms.core.alerts.corrections import (
    case_of,
    joined,
    reason_for,
    rulings_of,
    said_by,
    wrong_too,
)
from transforms.core.alerts.withdrawals import last_told_as, with_places, withdraw
from transforms.core.people.names import name_key, same_person

#: How far apart two sayings of one thing may lie: a watch's usual horizon.
_HORIZON_SECONDS = 90 * 86400
#: Shorter beginnings of ids name too much.
FEWEST_ID_CHARS = 4


@dataclass(frozen=True)
class Wrong:
    """What is wrong with an alert, as said on the command line."""

    alert: str  #: the beginning of its id
    kind: CorrectionKind = "wrong"
    name: str = ""  #: who said it in truth
    other: str = ""  #: the beginning of the id of the alert that it repeats


def said_wrong(
    alert: str,
    *,
    speaker: str | None,
    not_expert: bool,
    not_about: bool,
    repeat: str | None,
    undo: bool = False,
) -> Wrong:
    """What the options say; None is one that was not given.

    Raises:
        ConfigurationError: two things at once, or an option that is empty.
    """
    for option, value, what in (("speaker", speaker, "NAME"), ("repeat", repeat, "ALERT")):
        if value is not None and not value.strip():
            raise ConfigurationError([f"--{option}: is empty; give {what}, or leave it out"])
    given: dict[CorrectionKind, bool] = {
        "speaker": speaker is not None,
        "not_expert": not_expert,
        "not_about": not_about,
        "repeat": repeat is not None,
        "right": undo,
    }
    kinds = [kind for kind, is_it in given.items() if is_it]
    if len(kinds) > 1:
        named = ["undo" if kind == "right" else kind for kind in kinds]
        options = ", ".join(f"--{name.replace('_', '-')}" for name in named)
        raise ConfigurationError([f"wrong: {options}: say one thing at a time"])
    kind: CorrectionKind = kinds[0] if kinds else "wrong"
    return Wrong(alert.strip(), kind, " ".join((speaker or "").split()), (repeat or "").strip())


def correct(url: str, said: Wrong, *, cases: str, console: Console) -> None:
    """Record the correction with all that follows from it; nothing is sent yet.

    Raises:
        ConfigurationError: there is no such alert, or it says already what is said to be right.
    """
    with open_existing(url) as archive:
        alert = alert_named(archive, said.alert)
        other = alert_named(archive, said.other, "--repeat: ") if said.other else None
        before = _before(archive, said.kind, alert)
        correction = _correction(said, alert, other, before)
        article = archive.dossiers.article(alert.article.id)
        at = correction.corrected_at
        earlier = archive.memory.alerts_on(article.id)
        check_stands(alert, earlier)
        reason, new = reason_for(correction, alert), [s.id for s in alert.statements]
        also = [
            withdraw(other, earlier, reason, at, new)
            for other in wrong_too(correction, alert, earlier)
        ]
        withdrawal = withdraw(alert, earlier, reason, at)
        taken = [each for each in (withdrawal, *also) if each]
        is_first = archive.corrections.record(
            correction,
            with_places(taken, archive.memory.occurrence_counts(new, but_article=article.id)),
            _repair(archive, correction, alert, other),
            case_of(correction, alert, article, other),
            str(case_file(url, cases).absolute()),
        )
        failures = write_owed_cases(archive)
        check = check_command(archive, [alert.watch], case_file(url, cases))
        others = others_on(archive.alerts.all(), alert) if said.kind == "not_expert" else []
    what = "withdrawn" if withdrawal else "corrected; it was withdrawn before"
    lines = [f"{what if is_first else 'already withdrawn'}: {headline_of(alert)}"]
    lines += [f"and so in watch {other.watch}" for other in also if other and is_first]
    lines += [f"alert {one.id[:8]} on them stands: {headline_of(one)}" for one in others]
    tell(lines, failures, check, console)


def others_on(alerts: Sequence[Alert], alert: Alert) -> list[Alert]:
    """Those of the alerts on the same person that stand, be it in part: what other articles tell
    may be right.
    """
    theirs = [one for one in alerts if one.speaker.id == alert.speaker.id]
    taken = [one for one in theirs if one.is_withdrawal]
    gone = {(one.follows, s.id) for one in taken for s in one.statements}
    return [
        one
        for one in theirs
        if not one.is_withdrawal
        and one.id != alert.id
        and any((one.id, s.id) not in gone for s in one.new_statements)
        and same_person(one.speaker.name, alert.speaker.name)
    ]


def check_command(archive: Archive, watches: Sequence[str], cases: Path) -> str:
    """The command that tries the cases of a file, with the watches as they were last named."""
    known = archive.runs.watch_files()
    names = [known.get(watch, (watch, ""))[0] for watch in dict.fromkeys(watches)]
    return f"parley check {shlex.join(names)} --cases {shlex.quote(str(cases))}"


def tell(lines: Sequence[str], failures: Sequence[str], check: str, console: Console) -> None:
    """Say what was done, and which command tries its case."""
    for line in (*lines, *failures):
        console.print(Text(line), soft_wrap=True)
    if not failures:
        console.print(Text(f"kept as a case; try it with `{check}`"), soft_wrap=True)


def headline_of(alert: Alert) -> str:
    """The alert in a line."""
    return headlines.headline(Bundle("", alert.watch, [alert]))


def check_stands(alert: Alert, earlier: Sequence[Alert]) -> None:
    """Do nothing unless the alert was told again.

    Raises:
        ConfigurationError: it was, by another one, which is to be named then.
    """
    now = last_told_as(alert.id, earlier)
    if now != alert.id:
        raise ConfigurationError(
            [f"{alert.id}: was told again by alert {now}; give the id of that one"]
        )


def alert_named(archive: Archive, id_prefix: str, option: str = "") -> Alert:
    """The one alert whose id begins so, and which takes nothing back.

    Raises:
        ConfigurationError: there is none, or more than one.
    """
    named = archive.alerts.named(id_prefix) if id_prefix else []
    found = [alert for alert in named if not alert.is_withdrawal]
    if len(found) == 1 and len(id_prefix) >= min(FEWEST_ID_CHARS, len(found[0].id)):
        return found[0]
    shown = clean_line(id_prefix)
    if named and not found:
        follows = named[0].follows
        raise ConfigurationError(
            [f"{option}{shown!r}: only takes back alert {follows}; give the id of that one"]
        )
    if not found:
        raise ConfigurationError(
            [f"{option}{shown!r}: no such alert here; `parley alerts` lists them with their ids"]
        )
    ids = ", ".join(alert.id for alert in found[:3])
    raise ConfigurationError([f"{option}{shown!r}: may be {ids}; give more of the id"])


def _before(archive: Archive, kind: CorrectionKind, alert: Alert) -> Correction | None:
    """What was said last of the kind about the alert, or that it is right."""
    all_ = archive.corrections.all()
    said = [c for c in all_ if c.alert_id == alert.id and c.kind in (kind, "right")]
    return said[-1] if said else None


def _correction(
    said: Wrong, alert: Alert, other: Alert | None, before: Correction | None
) -> Correction:
    """The correction, or the one ``before`` if that says the same."""
    name = alert.speaker.name if said.kind == "not_expert" else said.name
    if said.kind == "speaker" and same_person(name, alert.speaker.name):
        raise ConfigurationError(
            [f"--speaker: {clean_line(name)!r}: the alert has that speaker already"]
        )
    if other is not None and other.id == alert.id:
        raise ConfigurationError([f"--repeat: {other.id}: is the alert itself; name the earlier"])
    other_id = other.id if other else ""
    if before and (before.kind, before.name, before.other_alert_id) == (said.kind, name, other_id):
        return before
    return Correction(
        id=hash_of(alert.id, said.kind, name, other_id, *([before.id] if before else [])),
        alert_id=alert.id,
        kind=said.kind,
        corrected_at=Instant.now(),
        name=name,
        other_alert_id=other_id,
    )


def _repair(archive: Archive, correction: Correction, alert: Alert, other: Alert | None) -> Repair:
    rulings = [
        (ruling, name_key(ruling.name), name_key(ruling.other) if ruling.other else "")
        for ruling in rulings_of(correction, alert, other)
    ]
    if other is not None:
        return Repair(rulings, joined=_joined(archive, alert, other))
    if correction.kind != "speaker":
        return Repair(rulings)
    article = archive.dossiers.article(alert.article.id)
    new = [statement.id for statement in alert.new_statements]
    occurrences = archive.statements.in_article(article.id, new)
    return Repair(
        moved=[occurrence.id for occurrence in occurrences],
        said=said_by(correction.name, occurrences, article, archive.memory, _HORIZON_SECONDS),
    )


def _joined(archive: Archive, alert: Alert, other: Alert) -> list[tuple[str, str]]:
    found = joined(alert, other)
    originals = archive.statements.repeated(set(found.values()))
    if any(originals[same] == new != same for new, same in found.items()):
        raise ConfigurationError(
            [f"--repeat: {other.id}: was said to repeat {alert.id} before; name another alert"]
        )
    return sorted(found.items())
