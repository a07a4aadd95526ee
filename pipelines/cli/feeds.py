"""Commands about feeds: their health, and lists of them in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import EXIT_FAILED, AllowHosts, ArchiveUrl, AsJson, Watches

feeds_app = typer.Typer(help="Health of each feed; OPML in and out.", invoke_without_command=True)


@feeds_app.callback()
def feeds(
    context: typer.Context, archive: ArchiveUrl = "sqlite:///parley.db", as_json: AsJson = False
) -> None:
    """Show the health of each feed: last success, rhythm, next poll, silence, errors.

    \b
    parley feeds
    parley feeds export ukraine-peace-talks > feeds.opml
    """
    if context.invoked_subcommand is None:
        from pipelines.cli.feed_health import print_feeds

        print_feeds(archive, as_json=as_json)


@feeds_app.command("export")
def feeds_export(watches: Watches) -> None:
    """Write the feeds of watches as OPML to standard output."""
    from connectors.files.feed_lists import write_opml
    from connectors.watchfile.loading import load_watches
    from pipelines.settings.run_config import BUNDLED

    loaded = load_watches(watches, bundled=BUNDLED)
    typer.echo(write_opml([feed for watch in loaded for feed in watch.feeds]))


@feeds_app.command("import")
def feeds_import(
    opml: Annotated[Path, typer.Argument(metavar="FILE", help="OPML, or URLs one a line.")],
) -> None:
    """Turn an OPML file into the feeds of a watch, as YAML on standard output."""
    from pipelines.settings.feeds_option import feeds_from, feeds_yaml

    typer.echo(feeds_yaml(feeds_from(str(opml), (), option="")), nl=False)


@feeds_app.command("find")
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
