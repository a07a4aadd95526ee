"""What an archive holds, for people and for programs: alerts, statements, feeds, failures."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.archive.memory import HeldOccurrence, StatementOccurrence
from connectors.events import event_of, instant, rounded, write_json_line
from connectors.model_fields import read_duration
from connectors.phrasing import counted
from connectors.sanitizing import clean_line, shorten
from connectors.watch_files import load_watch
from pipelines.alerts_view import print_with_history
from pipelines.archives import open_existing
from pipelines.batch import RunSummary
from pipelines.config import BUNDLED
from schemas.alert import Alert, Bundle
from schemas.base import Timestamp
from schemas.commentary import Nearest
from schemas.dead_letter import MEANING
from schemas.errors import ConfigurationError
from transforms.core.ids import hash_of

_PREVIEW_CHARS = 100


def since(given: str | None) -> Timestamp | None:
    """The instant that ``--since`` names: a date or time (UTC if it has no zone), or an age.

    Raises:
        ConfigurationError: it is neither.
    """
    if not given:
        return None
    if re.fullmatch(r"\d+[a-z]+", given):
        with contextlib.suppress(ValueError):
            age = timedelta(seconds=read_duration(given))
            return Timestamp.from_utc_datetime(datetime.now(timezone.utc) - age)
    with contextlib.suppress(ValueError):
        at = datetime.fromisoformat(given.replace("Z", "+00:00"))
        at = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
        return Timestamp.from_utc_datetime(at.astimezone(timezone.utc))
    raise ConfigurationError([f"--since: {given!r} is no time; give 2025-05-21 or 3d"])


def print_alerts(url: str, watch: str | None, after: str | None, *, as_json: bool) -> None:
    """Alerts, oldest first, as Bundles for people or as events for programs."""
    with open_existing(url) as archive:
        _check_watch(archive, watch)
        alerts = archive.alerts(watch, since(after))
        if as_json:
            _print_json(event_of(alert) for alert in alerts)
            return
        print_with_history(_bundles(alerts), archive, Console())
    _say_if_empty(alerts, "no alerts")


def _bundles(alerts: Iterable[Alert]) -> list[Bundle]:
    by_id: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_id.setdefault(alert.bundle_id, []).append(alert)
    return [Bundle(id_, found[0].watch, tuple(found)) for id_, found in by_id.items()]


def print_held(url: str, watch: str | None, after: str | None, *, as_json: bool) -> None:
    """What would have alerted, had it been surer, with what was missing.

    Each statement once, from where it first stood; nothing that was known already, or too old
    when it was seen.
    """
    with open_existing(url) as archive:
        _check_watch(archive, watch)
        held = _worth_showing(archive.held(watch, since(after)), _oldest(archive))
    rows = [
        {
            "watch": item.watch,
            "speaker": item.speaker.name,
            "role": item.speaker.role or None,
            "category": item.match.category,
            "evidence": item.match.evidence,
            "text": item.occurrence.text,
            "confidence": rounded(item.occurrence.attribution.confidence),
            "missing": [reason.text for reason in item.match.reasons if _is_missing(reason.code)],
            "article_url": item.article_url,
            "article_title": item.article_title,
            "publisher": item.publisher,
            "published_at": instant(item.published_at),
        }
        for item in held
    ]
    if as_json:
        _print_json(rows)
        return
    console = Console(highlight=False)
    for item in held:
        missing = "; ".join(r.text for r in item.match.reasons if _is_missing(r.code))
        said = f"{_clean(item.speaker.name)}: {_clean(item.occurrence.text)}"
        console.print(Text(said, style="bold"), soft_wrap=True)
        console.print(Text(f"  held   {_clean(missing).removeprefix('held: ')}"), soft_wrap=True)
        where = f"{_clean(item.publisher)}, {_when(item.published_at)}  {_clean(item.article_url)}"
        console.print(Text(f"  where  {where}\n"), soft_wrap=True)
    _say_if_empty(rows, "nothing held")


def _oldest(archive: Archive) -> dict[str, int | None]:
    """How old an article may be that alerts, by the watches that can still be read."""
    found: dict[str, int | None] = {}
    for watch, (reference, _) in archive.watch_files().items():
        with contextlib.suppress(ConfigurationError):
            found[watch] = load_watch(reference, bundled=BUNDLED).max_age_seconds
    return found


def _worth_showing(
    held: Iterable[HeldOccurrence], oldest: Mapping[str, int | None]
) -> list[HeldOccurrence]:
    first: dict[tuple[str, str], HeldOccurrence] = {}
    for item in sorted(held, key=lambda h: h.published_at):
        verdict = item.occurrence.verdict
        limit = oldest.get(item.watch)
        is_old = limit is not None and item.seen_at - item.published_at > limit
        if verdict is not None and verdict.novelty == "new" and not is_old:
            first.setdefault((item.watch, verdict.statement_id), item)
    return list(first.values())


def _check_watch(archive: Archive, watch: str | None) -> None:
    """Do nothing if the archive was read for the watch.

    Raises:
        ConfigurationError: it was not; with those that it was read for.
    """
    if watch is None:
        return
    known = {w for run in archive.runs() for w in run.watches} | set(archive.watch_files())
    known |= {alert.watch for alert in archive.alerts(watch)}
    if watch not in known:
        names = ", ".join(sorted(known)) or "none yet"
        raise ConfigurationError(
            [f"--watch: {watch!r}: not read for in this archive, which knows {names}"]
        )


def _is_missing(code: str) -> bool:
    return code.startswith("held")


def print_statements(url: str, watch: str | None, *, as_json: bool) -> None:
    """Every standing occurrence: by time of publication for programs, by statement for people."""
    empty = True
    with open_existing(url) as archive:
        _check_watch(archive, watch)
        if as_json:
            for item in archive.statements(watch):
                empty = False
                _print_json([_statement_row(item)])
        else:
            found = archive.statements(watch, by_statement=True)
            for _, places in itertools.groupby(found, key=lambda item: item.statement_id):
                empty = False
                _print_statement([*places])
    _say_if_empty([] if empty else [1], "no statements")


def _statement_row(item: StatementOccurrence) -> dict[str, Any]:
    return {
        "statement_id": item.statement_id,
        "verdict": item.novelty,
        "speaker": item.speaker,
        "speaker_id": hash_of(item.name_key),
        "category": item.category,
        "alertworthy": item.is_alertworthy,
        "article_url": item.article_url,
        "content": [[span.start, span.end] for span in item.content],
        "text": item.text,
        "published_at": instant(item.published_at),
        "first": item.is_first,
        "nearest": _nearest(item.nearest),
    }


def _print_statement(places: Sequence[StatementOccurrence]) -> None:
    """One statement, as its original has it, and where it stands, the original first."""
    console, first = Console(highlight=False), places[0]
    said = shorten(_clean(first.text), _PREVIEW_CHARS)
    said = f"{_clean(first.speaker)} ({first.category}): {said}"
    console.print(Text(said, style="bold"), soft_wrap=True)
    for item in places:
        where = f"{_when(item.published_at)}  {_clean(item.publisher)}  {_clean(item.article_url)}"
        console.print(Text(f"  {item.novelty:<9} {where}", style="dim"), soft_wrap=True)


def _nearest(nearest: Nearest | None) -> dict[str, Any] | None:
    if nearest is None:
        return None
    return {
        "id": nearest.statement_id,
        "text": nearest.text,
        "url": nearest.url,
        "said_at": instant(nearest.said_at),
        "relation": nearest.relation,
        "similarity": rounded(nearest.similarity),
        "reason": nearest.reason,
    }


def print_dead_letters(url: str, *, as_json: bool) -> None:
    """What failed, latest first, with the reason."""
    with open_existing(url) as archive:
        letters = archive.dead_letters()
    if as_json:
        _print_json(
            {
                "id": letter.id,
                "step": letter.step,
                "key": letter.key,
                "reason": letter.reason,
                "message": letter.message,
                "element": json.loads(letter.element),
                "trace": letter.trace or None,
                "failed_at": instant(letter.failed_at),
            }
            for letter in letters
        )
        return
    console = Console(highlight=False)
    for letter in letters:
        console.print(
            Text(f"{_when(letter.failed_at)}  {letter.step}  {letter.reason}", "bold"),
            soft_wrap=True,
        )
        console.print(Text(f"  {_clean(letter.message)}"), soft_wrap=True)
    _say_if_empty(letters, "no dead letters")


def print_summary(summary: RunSummary, console: Console) -> None:
    """What a run did, in a few lines."""
    count = Counter(summary.counters)
    resting = count["feeds_resting"]
    if count["articles_given"]:
        source = [f"{counted(count['articles_given'], 'article')} given"]
    else:
        source = [
            f"{counted(count['feeds_polled'], 'feed')}: {count['feeds_changed']} changed, "
            f"{count['feeds_unchanged']} unchanged, {count['feeds_failed']} failed"
            + (f"; {resting} not due yet" if resting else ""),
            f"{counted(count['entries_due'], 'entry', 'entries')} due, "
            f"{counted(count['pages_fetched'], 'page')} fetched",
        ]
    lines = [
        *source,
        f"{counted(count['articles_selected'], 'article')} read: "
        f"{counted(count['statements_new'], 'new statement')}, "
        f"{count['statements_repeated']} repeated",
        f"{counted(count['alerts_raised'], 'alert')} raised, {summary.delivered.sent} sent",
        f"{summary.seconds:.1f} s, runner {summary.runner}",
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False)
    for reason, n in summary.outcomes.items():
        console.print(f"  {n:5} not read on: {MEANING[reason]}", markup=False, highlight=False)
    for failure in summary.delivered.failures:
        console.print(Text(f"not delivered: {_clean(failure)}"), soft_wrap=True)
    for line in _feed_notices(summary, count["feeds_polled"] + resting):
        console.print(line, markup=False, highlight=False)


def _feed_notices(summary: RunSummary, feeds: int) -> Iterator[str]:
    """What an operator must know of the feeds of a run."""
    failing, muted = (summary.counters.get(name, 0) for name in ("feeds_failing", "feeds_muted"))
    if muted:
        yield (
            f"muted: {counted(muted, 'feed')}, for they said 410 Gone; `parley feeds` names them, "
            "`parley dead-letters retry` asks them again"
        )
    if summary.have_most_feeds_failed:
        which = "no feed" if failing == feeds else f"only {feeds - failing} of {feeds} feeds"
        yield f"{which} could be read; `parley feeds` says why"


def _print_json(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        write_json_line(sys.stdout.buffer, row)


def _say_if_empty(found: Iterable[Any], nothing: str) -> None:
    if not list(found):
        Console(stderr=True).print(nothing)


def _clean(text: str) -> str:
    return clean_line(text)


def _when(at: Timestamp | None) -> str:
    return at.to_utc_datetime().strftime("%Y-%m-%d %H:%M") if at is not None else "never"
