"""Commands about what failed."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import ARCHIVE_HELP, ArchiveUrl, AsJson

dead_letters_app = typer.Typer(help="What failed, and trying again.", invoke_without_command=True)


@dead_letters_app.callback()
def dead_letters(
    context: typer.Context, archive: ArchiveUrl = "sqlite:///parley.db", as_json: AsJson = False
) -> None:
    """List what failed, with the reason.

    \b
    parley dead-letters
    parley dead-letters retry && parley run ukraine-peace-talks
    """
    context.obj = archive
    if context.invoked_subcommand is None:
        dead_letters_list(context, None, as_json)


@dead_letters_app.command("list")
def dead_letters_list(
    context: typer.Context,
    archive: Annotated[
        str | None, typer.Option("--archive", metavar="URL", help=ARCHIVE_HELP)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what failed, with the reason."""
    from pipelines.cli.dead_letters_view import print_dead_letters

    print_dead_letters(archive or context.obj, as_json=as_json)


@dead_letters_app.command("retry")
def dead_letters_retry(
    context: typer.Context,
    archive: Annotated[
        str | None, typer.Option("--archive", metavar="URL", help=ARCHIVE_HELP)
    ] = None,
) -> None:
    """Make every failed, empty or gated feed and page due; the next run reads them."""
    from pipelines.services.archives import open_existing

    with open_existing(archive or context.obj) as store:
        due = store.dead_letters.retry()
    typer.echo(f"{due} due again; the next `parley run` reads them")


@dead_letters_app.command("replay")
def dead_letters_replay(
    source: Annotated[
        str,
        typer.Option("--source", metavar="URL", help="A Pub/Sub subscription to dead letters."),
    ],
    sink: Annotated[
        str, typer.Option("--sink", metavar="URL", help="The Pub/Sub topic that the stream reads.")
    ],
) -> None:
    """Hand what failed in a stream to it again, once its cause is mended.

    \b
    parley dead-letters replay --source pubsub:projects/news-desk/subscriptions/dead \\
        --sink pubsub:projects/news-desk/topics/entries
    """
    from connectors.formats.sanitizing import clean_line
    from pipelines.jobs.replay import replay
    from pipelines.settings.run_config import subscription_path, topic_path

    count = 0
    for letter in replay(subscription_path(source), topic_path(sink)):
        count += 1
        why = f"{letter.attributes.get('reason', '-')}  {letter.attributes.get('key', '-')}"
        typer.echo(clean_line(why))
    typer.echo(f"{count} handed on again to {sink}", err=True)
