"""``parley wrong``: an alert is taken back, memory mended, and the case kept.

All of it but the sending and the case file is one transaction. Both of these are owed by the
archive, so that a process that is killed loses neither: the next ``parley deliver``, ``run`` or
``wrong`` makes up for it. Saying the same twice is saying it once.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.archive.corrections import Repair
from connectors.formats import headlines
from connectors.formats.humanize import listed
from connectors.formats.sanitizing import clean_line, shorten
from pipelines.services.archives import open_existing
from pipelines.services.cases import case_file, write_owed_cases
from schemas.alert import Alert, Bundle
from schemas.article import Article
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
_SHOWN_CHARACTERS = 100


@dataclass(frozen=True)
class Wrong:
    """What is wrong with an alert, as said on the command line."""

    alert: str  #: the beginning of its id
    kind: CorrectionKind = "wrong"
    name: str = ""  #: who said it in truth
    other: str = ""  #: the beginning of the id of the alert that it repeats
    statement: int | None = None  #: the number of the only statement that is wrong, from 1


#: What can be wrong with an alert: the option that says so, and what it says.
CHOICES = {
    "--speaker NAME": "somebody else said it",
    "--not-expert": "the speaker is no expert",
    "--not-about": "the words are not about the negotiation",
    "--repeat ALERT": "it repeats an earlier alert",
    "--withdraw": "take it back without a reason",
}


def said_wrong(
    alert: str,
    *,
    speaker: str | None = None,
    not_expert: bool = False,
    not_about: bool = False,
    repeat: str | None = None,
    withdraw: bool = False,
    undo: bool = False,
    statement: int | None = None,
) -> Wrong | None:
    """What the options say; None if none says what is wrong.

    Raises:
        ConfigurationError: two things at once, an option that is empty, or a statement of what
            holds for all.
    """
    for option, value, what in (("speaker", speaker, "NAME"), ("repeat", repeat, "ALERT")):
        if value is not None and not value.strip():
            raise ConfigurationError([f"--{option}: is empty; give {what}, or leave it out"])
    given: dict[str, tuple[CorrectionKind, bool]] = {
        "--speaker": ("speaker", speaker is not None),
        "--not-expert": ("not_expert", not_expert),
        "--not-about": ("not_about", not_about),
        "--repeat": ("repeat", repeat is not None),
        "--withdraw": ("wrong", withdraw),
        "--undo": ("right", undo),
    }
    options = [option for option, (_, is_given) in given.items() if is_given]
    if len(options) > 1:
        raise ConfigurationError([f"wrong: {', '.join(options)}: say one thing at a time"])
    if not options:
        return None
    kind, _ = given[options[0]]
    if statement is not None and kind in ("not_expert", "right"):
        problem = f"--statement: {options[0]} holds for the whole alert; leave --statement out"
        raise ConfigurationError([problem])
    name, other = " ".join((speaker or "").split()), (repeat or "").strip()
    return Wrong(alert.strip(), kind, name, other, statement)


@dataclass(frozen=True)
class _Plan:
    """What a correction will do."""

    alert: Alert  #: the part of it that is wrong
    other: Alert | None  #: the alert that it repeats
    correction: Correction
    article: Article
    withdrawal: Alert | None
    also: Sequence[Alert]  #: the withdrawals of what other watches were told


def _plan(archive: Archive, said: Wrong) -> _Plan:
    whole = alert_named(archive, said.alert)
    alert = part_of(whole, said.statement)
    other = alert_named(archive, said.other, "--repeat: ") if said.other else None
    ids = [s.id for s in alert.statements] if said.statement is not None else []
    correction = _correction(said, alert, other, _before(archive, said.kind, whole, ids), ids)
    article = archive.dossiers.article(alert.article.id)
    earlier = archive.memory.alerts_on(article.id)
    check_stands(whole, earlier)
    reason, at = reason_for(correction, alert), correction.corrected_at
    told = [s.id for s in alert.statements]
    also = (
        withdraw(one, earlier, reason, at, told) for one in wrong_too(correction, alert, earlier)
    )
    withdrawal = withdraw(whole, earlier, reason, at, [s.id for s in alert.new_statements])
    return _Plan(alert, other, correction, article, withdrawal, [*filter(None, also)])


def correct(url: str, said: Wrong, *, cases: str, console: Console) -> None:
    """Record the correction with all that follows from it; nothing is sent yet.

    Raises:
        ConfigurationError: there is no such alert, or it says already what is said to be right.
    """
    with open_existing(url) as archive:
        plan = _plan(archive, said)
        alert, correction, article = plan.alert, plan.correction, plan.article
        taken = [*filter(None, [plan.withdrawal]), *plan.also]
        told = [s.id for s in alert.statements]
        is_first = archive.corrections.record(
            correction,
            with_places(taken, archive.memory.occurrence_counts(told, but_article=article.id)),
            _repair(archive, correction, alert, plan.other),
            case_of(correction, alert, article, plan.other),
            str(case_file(url, cases).absolute()),
        )
        failures = write_owed_cases(archive)
        check = check_command(archive, [alert.watch], case_file(url, cases))
        others = others_on(archive.alerts.all(), alert) if said.kind == "not_expert" else []
    what = "withdrawn" if plan.withdrawal else "corrected; it was withdrawn before"
    lines = [f"{what if is_first else 'already withdrawn'}: {headline_of(alert)}"]
    lines += [f"and so in watch {other.watch}" for other in plan.also if is_first]
    lines += [f"alert {one.id[:8]} on them stands: {headline_of(one)}" for one in others]
    tell(lines, failures, check, console)


def preview(url: str, id_prefix: str, said: Wrong | None) -> list[str]:
    """Lines that show an alert with its statements by number, and whom a correction reaches.

    Raises:
        ConfigurationError: there is no such alert, or it cannot be corrected so.
    """
    with open_existing(url) as archive:
        alert = alert_named(archive, id_prefix)
        plan = None if said is None or said.kind == "right" else _plan(archive, said)
        concerned = [alert]
        if plan is not None:
            earlier = archive.memory.alerts_on(alert.article.id)
            concerned += wrong_too(plan.correction, plan.alert, earlier)
        wrong = {s.id for s in plan.alert.new_statements} if plan else set[str]()
        lines = [headline_of(alert)]
        for number, statement in enumerate(alert.new_statements, 1):
            mark = "*" if statement.id in wrong else " "
            text = shorten(clean_line(statement.text), _SHOWN_CHARACTERS)
            lines.append(f"{mark} statement {number}: “{text}”")
        return [*lines, *(_reaches(archive, one) for one in concerned)]


def _reaches(archive: Archive, alert: Alert) -> str:
    """Who got the alert, or waits for it: the names of subscriptions, nothing that is secret."""
    got = []
    for each in archive.ledger.of_alerts([alert.id]):
        names, kind = ", ".join(each.subscriptions) or "all", each.channel.partition(":")[0]
        who = clean_line(names if names == kind else f"{names} ({kind})")
        if each.status != "dropped":
            got.append(who if each.status == "sent" else f"{who}, not sent yet")
    return f"in watch {alert.watch}, it reached {listed(got) or 'nobody'}"


def part_of(alert: Alert, number: int | None) -> Alert:
    """The alert with only the new statement of that number, from 1; all of it for None.

    Raises:
        ConfigurationError: it has no such statement.
    """
    new = alert.new_statements
    if number is None:
        return alert
    if not 1 <= number <= len(new):
        shown = "; ".join(
            f"{n}: “{shorten(clean_line(s.text), _SHOWN_CHARACTERS)}”" for n, s in enumerate(new, 1)
        )
        raise ConfigurationError([f"--statement: {number}: the alert has {shown}; give a number"])
    return replace(alert, statements=[new[number - 1]])


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


def _before(
    archive: Archive, kind: CorrectionKind, alert: Alert, statement_ids: Sequence[str]
) -> Correction | None:
    """What was said last of the kind about these statements, or that the alert is right."""
    said = [
        c
        for c in archive.corrections.all()
        if c.alert_id == alert.id
        and (c.kind == "right" or (c.kind, [*c.statements]) == (kind, [*statement_ids]))
    ]
    return said[-1] if said else None


def _correction(
    said: Wrong,
    alert: Alert,
    other: Alert | None,
    before: Correction | None,
    statement_ids: Sequence[str],
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
        id=hash_of(
            *(alert.id, said.kind, name, other_id),
            *([before.id] if before else []),
            *(["statements", *statement_ids] if statement_ids else []),
        ),
        alert_id=alert.id,
        kind=said.kind,
        corrected_at=Instant.now(),
        name=name,
        other_alert_id=other_id,
        statements=tuple(statement_ids),
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
