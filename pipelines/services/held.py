"""What a person decides about held statements: release them as an alert, dismiss them, or undo.

Each decision is one transaction with the alert that it raises or takes back. Sending and the case
file come later, and the archive remembers both, so that a process that is killed loses neither.
Deciding the same twice is deciding it once.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from rich.console import Console

from connectors.archive import Archive
from connectors.archive.held import HeldStatement
from connectors.formats.sanitizing import clean_line, shorten
from pipelines.services.archives import known_watches, open_existing
from pipelines.services.cases import case_file, write_owed_cases
from pipelines.services.correct import FEWEST_ID_CHARS, check_command, headline_of, tell
from pipelines.settings.hints import command
from schemas.alert import Alert
from schemas.base import Instant
from schemas.correction import HeldDecision, HeldDecisionKind
from schemas.dossier import Dossier
from schemas.errors import ConfigurationError
from schemas.watch import Watch
from transforms.core.alerts.releasing import (
    case_of_held,
    decision_id,
    release,
    unreleased,
)
from transforms.core.alerts.withdrawals import last_told_as, with_places, withdraw

#: How many characters of an id are shown: enough to tell a million apart nearly always.
ID_CHARACTERS = 10
_SHOWN_CHARACTERS = 100
_DONE: dict[HeldDecisionKind, str] = {"release": "released", "dismiss": "dismissed"}


def decide(
    url: str,
    prefixes: Sequence[str],
    kind: HeldDecisionKind,
    *,
    undo: bool = False,
    cases: str = "",
    console: Console,
) -> None:
    """Release or dismiss the held statements whose ids begin so, or undo that; nothing is sent yet.

    Statements that one speaker makes in one article are released as one alert.

    Raises:
        ConfigurationError: an id names no statement or several, or it was decided otherwise.
    """
    file = str(case_file(url, cases).absolute())
    with open_existing(url) as archive:
        items = _named(archive, prefixes, url)
        _check(items, kind, undo=undo)
        due = [item for item in items if undo or _standing(item) != kind]
        watches = {watch.id: watch for watch in known_watches(archive)}
        lines = [f"already {_DONE[kind]}: {line_of(item)}" for item in items if item not in due]
        for _, group in itertools.groupby(sorted(due, key=_group), key=_group):
            together = [*group]
            watch = watches.get(together[0].watch) or _unreadable(together[0].watch)
            deciding = _Deciding(archive, watch, together, file)
            lines += deciding.undo() if undo else deciding.decide(kind)
        failures = write_owed_cases(archive)
        check = check_command(archive, [item.watch for item in items], case_file(url, cases))
    tell(lines, failures, check, console)


def line_of(item: HeldStatement) -> str:
    """The held statement in a line: who says what."""
    said = shorten(clean_line(item.occurrence.text), _SHOWN_CHARACTERS)
    return f"{item.id[:ID_CHARACTERS]} {clean_line(item.speaker.name)}: “{said}”"


def _group(item: HeldStatement) -> tuple[str, str, str, str]:
    """What goes together: of one speaker in one article, for one watch; or is undone together."""
    alert_id = item.decision.alert_id if item.decision and item.is_settled else ""
    return item.watch, item.article_id, item.name_key, alert_id


def _unreadable(watch: str) -> Watch:
    """A watch whose file can no longer be read: alerts name none of its topics."""
    return Watch(watch, watch, feeds=(), actors=(), topics=())


def _named(archive: Archive, prefixes: Sequence[str], url: str) -> list[HeldStatement]:
    """The held statements whose ids begin so, each once."""
    known, found, mistakes = archive.held.all(), dict[str, HeldStatement](), []
    for prefix in prefixes:
        fitting = [item for item in known if item.id.startswith(prefix)]
        shown = clean_line(prefix)
        if len(prefix) < FEWEST_ID_CHARS:
            mistakes.append(f"{shown!r}: give {FEWEST_ID_CHARS} characters of the id or more")
        elif not fitting:
            where = command("parley alerts --held", url)
            mistakes.append(f"{shown!r}: no such held statement; {where} lists them with their ids")
        elif len(fitting) > 1:
            ids = ", ".join(item.id for item in fitting[:3])
            mistakes.append(f"{shown!r}: may be {ids}; give more of the id")
        else:
            found[fitting[0].id] = fitting[0]
    if mistakes:
        raise ConfigurationError(mistakes)
    return [*found.values()]


def _standing(item: HeldStatement) -> HeldDecisionKind | None:
    """What was decided about it and not undone."""
    return item.decision.kind if item.decision and item.is_settled else None


def _check(items: Sequence[HeldStatement], kind: HeldDecisionKind, *, undo: bool) -> None:
    """Do nothing if each can be decided so.

    Raises:
        ConfigurationError: one cannot.
    """
    mistakes = []
    for item in items:
        before = _standing(item)
        if undo and before is None:
            mistakes.append(f"--undo: {line_of(item)}: nobody has released or dismissed it")
        elif before is not None and before != kind and (undo or before == "release"):
            how = f"`parley {before} {item.id[:ID_CHARACTERS]} --undo` takes that back"
            mistakes.append(f"{line_of(item)}: was {_DONE[before]}; {how}")
    if mistakes:
        raise ConfigurationError(mistakes)


@dataclasses.dataclass(frozen=True)
class _Deciding:
    """A decision about held statements that go together."""

    archive: Archive
    watch: Watch
    items: Sequence[HeldStatement]
    case_file: str

    def decide(self, kind: HeldDecisionKind) -> Iterator[str]:
        """Release or dismiss them; a line for each thing that was done."""
        decisions, at = self._decisions(kind)
        dossier = self._dossier()
        raised = None
        if kind == "release":
            earlier = self.archive.memory.alerts_on(dossier.article.id)
            raised = release(dossier, self.watch, decisions, earlier, at)
        self._record(decisions, dossier, raised)
        if raised is not None:
            yield f"released as {raised.id}: {headline_of(raised)}"
        for item in self.items:
            if kind == "dismiss":
                yield f"dismissed: {line_of(item)}"

    def undo(self) -> Iterator[str]:
        """Hold them again, and take back the alert that they were released as, if any."""
        decisions, at = self._decisions("undo")
        dossier = self._dossier()
        before = self.items[0].decision
        was_released = before is not None and before.kind == "release"
        taken = self._take_back(before.alert_id, at) if before and was_released else None
        self._record(decisions, dossier, taken)
        if taken is not None:
            yield headline_of(taken)
        elif was_released:
            yield "its alert was withdrawn before"
        for item in self.items:
            yield f"held again: {line_of(item)}"

    def _decisions(self, kind: HeldDecisionKind) -> tuple[list[HeldDecision], Instant]:
        at = Instant.now()
        return [
            HeldDecision(
                id=decision_id(item.id, kind, item.decision),
                held_id=item.id,
                kind=kind,
                watch=item.watch,
                statement_id=item.statement_id,
                article_id=item.article_id,
                decided_at=at,
            )
            for item in self.items
        ], at

    def _dossier(self) -> Dossier:
        """What the speaker says in the article that is held, or was until it was decided."""
        first, ids = self.items[0], {item.statement_id for item in self.items}
        also = {
            item.statement_id
            for item in self.archive.held.all(first.watch)
            if _group(item)[:3] == _group(first)[:3] and not item.is_settled
        }
        return self.archive.held.dossier_of(first, ids | also)

    def _take_back(self, alert_id: str, at: Instant) -> Alert | None:
        """The withdrawal of what was released; None if it was withdrawn before."""
        article_id = self.items[0].article_id
        earlier = self.archive.memory.alerts_on(article_id)
        now = last_told_as(alert_id, earlier)
        alert = next(one for one in earlier if one.id == now)
        ids = [item.statement_id for item in self.items]
        taken = withdraw(alert, earlier, unreleased(), at, ids)
        if taken is None:
            return None
        places = self.archive.memory.occurrence_counts(ids, but_article=article_id)
        return with_places([taken], places)[0]

    def _record(
        self, decisions: Sequence[HeldDecision], dossier: Dossier, raised: Alert | None
    ) -> None:
        alert_id = raised.id if raised else ""
        decided = [
            (dataclasses.replace(decision, alert_id=alert_id), case_of_held(decision, dossier))
            for decision in decisions
        ]
        if not self.archive.held.decide(decided, raised, self.case_file):
            names = ", ".join(item.id[:ID_CHARACTERS] for item in self.items)
            raise ConfigurationError([f"{names}: somebody decided on it just now; look again"])
