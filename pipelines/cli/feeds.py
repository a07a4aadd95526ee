"""`parley feeds`: the health of each feed, and lists of feeds in and out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.archive.feeds import FeedHealth
from connectors.formats.cloudevents import instant, write_json_line
from connectors.formats.console import put, put_whole
from connectors.formats.humanize import counted
from connectors.formats.sanitizing import clean_line
from pipelines.cli.options import (
    EXIT_FAILED,
    AllowHosts,
    ArchiveUrl,
    AsJson,
    Limit,
    Since,
    Until,
    Watches,
    WatchFilter,
)
from pipelines.reading_room.feed_health import course, findings_on
from pipelines.services.archives import check_watch, known_watches, open_existing
from pipelines.settings.filters import Filter
from pipelines.settings.times import when
from schemas.base import Instant

app = typer.Typer(
    help="Health of each feed; OPML in and out.", invoke_without_command=True, add_completion=False
)


@app.callback()
def feeds(
    context: typer.Context,
    archive: ArchiveUrl = "sqlite:///parley.db",
    watch: WatchFilter = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """Show the health of each feed: last success, rhythm, next poll, silence, errors.

    \b
    parley feeds
    parley feeds export ukraine-peace-talks > feeds.opml
    """
    if context.invoked_subcommand is None:
        wanted = Filter.from_options(watch, None, since, until, limit)
        print_feeds(archive, wanted, as_json=as_json)


@app.command("export")
def feeds_export(watches: Watches) -> None:
    """Write the feeds of watches as OPML to standard output."""
    from connectors.files.feed_lists import write_opml
    from connectors.watchfile.loading import load_watches
    from pipelines.settings.run_config import BUNDLED

    loaded = load_watches(watches, bundled=BUNDLED)
    typer.echo(write_opml([feed for watch in loaded for feed in watch.feeds]))


@app.command("import")
def feeds_import(
    opml: Annotated[Path, typer.Argument(metavar="FILE", help="OPML, or URLs one a line.")],
) -> None:
    """Turn an OPML file into the feeds of a watch, as YAML on standard output."""
    from pipelines.settings.feeds_option import feeds_from, feeds_yaml

    typer.echo(feeds_yaml(feeds_from(str(opml), (), option="")), nl=False)


@app.command("find")
def feeds_find(
    site: Annotated[str, typer.Argument(metavar="URL", help="Any page of the site.")],
    allow_host: AllowHosts = None,
) -> None:
    """Find the feeds of a site: those its page names, or one where most sites have theirs.

    \b
    parley feeds find https://news.example.org/
    """
    from connectors.formats.sanitizing import clean_line
    from pipelines.settings.feeds_option import found_at
    from transforms.core.text.urls import without_secrets

    is_any = False
    for each in found_at(site, tuple(allow_host or ())):
        is_any = True
        title, count = clean_line(each.parsed.title), len(each.parsed.entries)
        typer.echo(f"{clean_line(each.answer.url)}\t{count} entries\t{title}")
    if not is_any:
        typer.echo(f"{clean_line(without_secrets(site))}: no feed found", err=True)
        raise typer.Exit(EXIT_FAILED)


def print_feeds(url: str, wanted: Filter, *, as_json: bool) -> None:
    """Each feed's last success, rhythm, silence, errors and next poll; a filter's times are those
    of its newest entry.
    """
    with open_existing(url) as archive:
        check_watch(archive, wanted.watch)
        theirs = _feeds_of(archive, wanted.watch) if wanted.watch else set()
        feeds = [
            feed
            for feed in archive.feeds.health()
            if (wanted.watch is None or feed.state.url in theirs)
            and wanted.takes(feed.last_published_at or feed.state.new_at)
        ][: wanted.limit]
    if as_json:
        for feed in feeds:
            write_json_line(sys.stdout.buffer, _record(feed))
        return
    now, console = Instant.now(), Console(highlight=False)
    for feed in feeds:
        _print_feed(feed, now, console)
    if not feeds:
        none = "no feed was polled yet" if wanted == Filter() else "no feed fits"
        Console(stderr=True).print(none)


def _print_feed(feed: FeedHealth, now: Instant, console: Console) -> None:
    name = feed.publisher or feed.title or feed.state.url
    findings = findings_on(feed, now)
    newest = feed.last_published_at or feed.state.new_at
    entries = counted(feed.entries, "entry", "entries")
    told = f"  {entries}, the newest of {when(newest)}" if feed.entries else ""
    put(console, Text(clean_line(name), "bold").append(told, "not bold"), rest="  ")
    put(console, Text(course(feed)), "  ", "  ")
    for finding in findings:
        put(console, Text(clean_line(finding), "yellow"), "  ", "  ")
    if findings or name != feed.state.url:
        put_whole(console, Text(f"  {clean_line(feed.state.url)}", "dim"))


def _feeds_of(archive: Archive, watch: str) -> set[str]:
    """The addresses of a watch's feeds, by its file as the archive was last used with it."""
    from pipelines.settings.run_config import watches_named  # loads pydantic

    known = [each for each in known_watches(archive) if each.id == watch]
    return {feed.url for each in known or watches_named([watch]) for feed in each.feeds}


def _record(feed: FeedHealth) -> dict[str, Any]:
    state = feed.state
    return {
        "url": state.url,
        "publisher": feed.publisher,
        "polled_at": _instant(state.polled_at),
        "succeeded_at": _instant(state.succeeded_at),
        "next_poll_at": _instant(state.next_poll_at),
        "interval_seconds": state.interval_seconds or None,
        "asks_for_seconds": state.hint_seconds or None,
        "busy_until": _instant(state.busy_until),
        "failures": state.failures,
        "reason": feed.reason or None,
        "message": feed.message or None,
        "muted": state.is_muted,
        "entries": feed.entries,
        "last_new_at": _instant(state.new_at),
        "last_published_at": _instant(feed.last_published_at),
        "overruns": state.overruns,
        "lied_304s": state.lied_304s,
        "broken_guids": state.has_broken_guids,
        "fetch_url": state.fetch_url or None,
        "redirects_to": state.moved_to or None,
    }


def _instant(at: Instant | None) -> str | None:
    return instant(at) if at is not None else None
