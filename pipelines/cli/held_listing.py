"""`parley alerts --held`: what was not sent because something was unsure, to be decided about."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.archive.held import HeldStatement
from connectors.formats import humanize
from connectors.formats.cloudevents import instant, rounded, write_json_line
from connectors.formats.console import put, put_field, put_whole
from connectors.formats.sanitizing import clean_line, web_address
from pipelines.services.archives import check_watch, known_watches, open_existing
from pipelines.services.held import ID_CHARACTERS
from pipelines.settings.filters import Filter
from pipelines.settings.hints import command
from transforms.core.alerts.releasing import why_held

_SETTLED = {"release": "released", "dismiss": "dismissed"}


def print_held(
    url: str,
    wanted: Filter,
    *,
    settled: bool,
    as_json: bool,
) -> None:
    """Each held statement once, from where it was published first; or those that were settled."""
    with open_existing(url) as archive:
        check_watch(archive, wanted.watch)
        oldest = {known.id: known.max_age_seconds for known in known_watches(archive)}
        every = archive.held.all()
        held = _chosen(archive, every, wanted, settled=settled)
    if as_json:
        for item in held:
            write_json_line(sys.stdout.buffer, _record(item))
        return
    console = Console(highlight=False)
    for item in held:
        _print_one(item, oldest.get(item.watch), console)
    left = 0 if settled else sum(not item.is_settled for item in every)
    put_whole(Console(stderr=True), Text(_hint(held, left, url, settled=settled)))


def _chosen(
    archive: Archive, every: Sequence[HeldStatement], wanted: Filter, *, settled: bool
) -> list[HeldStatement]:
    ids = {item.id for item in archive.held.all(wanted.watch, wanted.since)}
    return wanted.last(
        item
        for item in every
        if item.id in ids
        and item.is_settled == settled
        and wanted.takes(item.fetched_at, item.speaker.name)
    )


def _hint(held: Sequence[HeldStatement], left: int, url: str, *, settled: bool) -> str:
    """What can be done about the list, of which ``left`` are still to be decided about."""
    if settled:
        return f"{len(held)} settled" if held else "nothing settled"
    if held:
        verbs = (f"parley {verb} {held[0].id[:ID_CHARACTERS]}" for verb in ("release", "dismiss"))
        release, dismiss = (command(verb, url) for verb in verbs)
        return f"{len(held)} held; e.g. {release} or {dismiss}"
    rest = command("parley alerts --held", url)
    return f"nothing held that fits; {left} held in all: {rest}" if left else "nothing held"


def _print_one(item: HeldStatement, max_age_seconds: int | None, console: Console) -> None:
    id_ = f"{item.id[:ID_CHARACTERS]}  "
    said = f"{clean_line(item.speaker.name)}: {clean_line(item.occurrence.text)}"
    put(console, Text(said, style="bold"), id_, "  ")
    role = ", ".join(filter(None, (item.speaker.role, item.speaker.affiliation)))
    put_field(console, "Who", clean_line(role or item.match.evidence))
    put_field(console, "Unsure", clean_line("; ".join(why_held(item.match))))
    where = f"{clean_line(item.publisher)}, {humanize.moment(item.published_at)}"
    put_field(console, "Where", f"{where}; watch {clean_line(item.watch)}")
    address = web_address(item.article_url) or clean_line(item.article_url)
    put_whole(console, Text.assemble(" " * 11, (address, "blue")))
    age = float(item.seen_at - item.published_at)
    if max_age_seconds is not None and age > max_age_seconds:
        put_field(console, "Old", f"published {humanize.duration(age)} before it was seen")
    if item.is_settled and item.decision is not None:
        done = _SETTLED[item.decision.kind]
        as_what = f" as alert {item.decision.alert_id}" if item.decision.alert_id else ""
        put_field(console, "Settled", f"{done}{as_what}")
    put_whole(console, Text())


def _record(item: HeldStatement) -> dict[str, Any]:
    return {
        "id": item.id,
        "watch": item.watch,
        "speaker": item.speaker.name,
        "role": item.speaker.role or None,
        "category": item.match.category,
        "evidence": item.match.evidence,
        "text": item.occurrence.text,
        "confidence": rounded(item.occurrence.attribution.confidence),
        "missing": why_held(item.match),
        "article_url": item.article_url,
        "article_title": item.article_title,
        "publisher": item.publisher,
        "published_at": instant(item.published_at),
        "settled": _SETTLED[item.decision.kind] if item.decision and item.is_settled else None,
        "alert_id": item.decision.alert_id or None if item.decision and item.is_settled else None,
    }
