"""`parley statements`: every occurrence of every statement in memory."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.archive.statements import StatementOccurrence
from connectors.formats.cloudevents import instant, nearest_data, write_json_line
from connectors.formats.sanitizing import clean_line, shorten
from pipelines.cli.options import ArchiveUrl, Limit, Since, SpeakerFilter, Until, WatchFilter
from pipelines.services.archives import check_watch, open_existing
from pipelines.settings.filters import Filter
from pipelines.settings.times import when
from schemas.ids import hash_of

_PREVIEW_CHARS = 100
#: So many are looked up together for where their nearest stands.
_AT_ONCE = 500


def statements(
    archive: ArchiveUrl = "sqlite:///parley.db",
    watch: WatchFilter = None,
    speaker: SpeakerFilter = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    as_json: Annotated[
        bool, typer.Option("--json", "--jsonl", help="JSON lines: one occurrence a line.")
    ] = False,
) -> None:
    """List every occurrence of every statement in memory, whoever said it.

    \b
    parley statements --json > statements.jsonl
    parley statements --speaker "Ana Ruiz" --since 30d --limit 10
    """
    wanted = Filter.from_options(watch, speaker, since, until, limit)
    print_statements(archive, wanted, as_json=as_json)


def print_statements(url: str, wanted: Filter, *, as_json: bool) -> None:
    """Every standing occurrence: by time of publication for programs, by statement for people.

    A limit counts occurrences for programs, statements for people, and leaves the latest.
    """
    empty = True
    with open_existing(url) as archive:
        check_watch(archive, wanted.watch)
        if as_json:
            found = _chosen(archive, wanted)
            if wanted.limit is not None:
                found = iter(wanted.last(found))
            while part := archive.statements.with_first_places(
                [*itertools.islice(found, _AT_ONCE)]
            ):
                empty = False
                for item in part:
                    write_json_line(sys.stdout.buffer, _statement_row(item))
        else:
            chosen = _chosen(archive, wanted, by_statement=True)
            grouped = itertools.groupby(chosen, key=lambda item: item.statement_id)
            statements: Iterable[list[StatementOccurrence]] = ([*places] for _, places in grouped)
            for places in statements if wanted.limit is None else wanted.last(statements):
                empty = False
                _print_statement(places)
    if empty:
        Console(stderr=True).print("no statements")


def _chosen(
    archive: Archive, wanted: Filter, *, by_statement: bool = False
) -> Iterator[StatementOccurrence]:
    for item in archive.statements.all(wanted.watch, by_statement=by_statement):
        if wanted.takes(item.published_at, item.speaker):
            yield item


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
        "nearest": nearest_data(item.nearest),
    }


def _print_statement(places: Sequence[StatementOccurrence]) -> None:
    """One statement, as its original has it, and where it stands, the original first."""
    console, first = Console(highlight=False), places[0]
    said = shorten(clean_line(first.text), _PREVIEW_CHARS)
    said = f"{clean_line(first.speaker)} ({first.category}): {said}"
    console.print(Text(said, style="bold"), soft_wrap=True)
    for item in places:
        where = "  ".join(map(clean_line, (item.publisher, item.article_url)))
        line = f"  {item.novelty:<9} {when(item.published_at)}  {where}"
        console.print(Text(line, "dim"), soft_wrap=True)
