"""`parley alerts --held`: what was not sent because something was unsure, and what."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from connectors.archive.statements import HeldOccurrence
from connectors.formats.cloudevents import instant, rounded, write_json_line
from connectors.formats.sanitizing import clean_line
from pipelines.services.archives import check_watch, known_watches, open_existing
from pipelines.settings.times import since, when


def print_held(url: str, watch: str | None, after: str | None, *, as_json: bool) -> None:
    """What would have alerted, had it been surer, with what was missing.

    Each statement once, from where it first stood; nothing that was known already, or too old
    when it was seen.
    """
    with open_existing(url) as archive:
        check_watch(archive, watch)
        oldest = {known.id: known.max_age_seconds for known in known_watches(archive)}
        unsure = archive.statements.unsure(watch, since(after))
        held = _worth_showing(unsure, oldest)
        too_old = len(_worth_showing(unsure, {})) - len(held)
    if as_json:
        for item in held:
            write_json_line(sys.stdout.buffer, _record(item))
        return
    console = Console(highlight=False)
    for item in held:
        _print_one(item, console)
    if not held:
        Console(stderr=True).print("nothing held")
    if too_old:
        left_out = f"{too_old} more left out: older than their watch's max_age when first seen"
        Console(stderr=True).print(left_out, highlight=False, soft_wrap=True)


def _print_one(item: HeldOccurrence, console: Console) -> None:
    said = f"{clean_line(item.speaker.name)}: {clean_line(item.occurrence.text)}"
    missing = clean_line("; ".join(_missing(item))).removeprefix("held: ")
    where = f"{clean_line(item.publisher)}, {when(item.published_at)}"
    console.print(Text(said, style="bold"), soft_wrap=True)
    console.print(Text(f"  held   {missing}"), soft_wrap=True)
    console.print(Text(f"  where  {where}  {clean_line(item.article_url)}\n"), soft_wrap=True)


def _record(item: HeldOccurrence) -> dict[str, Any]:
    return {
        "watch": item.watch,
        "speaker": item.speaker.name,
        "role": item.speaker.role or None,
        "category": item.match.category,
        "evidence": item.match.evidence,
        "text": item.occurrence.text,
        "confidence": rounded(item.occurrence.attribution.confidence),
        "missing": _missing(item),
        "article_url": item.article_url,
        "article_title": item.article_title,
        "publisher": item.publisher,
        "published_at": instant(item.published_at),
    }


def _missing(item: HeldOccurrence) -> list[str]:
    """Why it was held."""
    return [reason.text for reason in item.match.reasons if reason.code.startswith("held")]


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
