"""`parley dead-letters`: what failed, and why; `retry` and `replay` try it again."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from connectors.formats.cloudevents import instant, write_json_line
from connectors.formats.sanitizing import clean_line
from pipelines.cli.options import ARCHIVE_HELP, ArchiveUrl, AsJson
from pipelines.services.archives import open_existing
from pipelines.settings.times import when
from schemas.outcome import DeadLetter

app = typer.Typer(
    help="What failed, and trying again.", invoke_without_command=True, add_completion=False
)


@app.callback()
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


@app.command("list")
def dead_letters_list(
    context: typer.Context,
    archive: Annotated[
        str | None, typer.Option("--archive", metavar="URL", help=ARCHIVE_HELP)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what failed, with the reason."""
    print_dead_letters(archive or context.obj, as_json=as_json)


@app.command("retry")
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


@app.command("replay")
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


def print_dead_letters(url: str, *, as_json: bool) -> None:
    """What failed, latest first, with the reason."""
    with open_existing(url) as archive:
        letters = archive.dead_letters.all()
    if as_json:
        for letter in letters:
            write_json_line(sys.stdout.buffer, _record(letter))
        return
    console = Console(highlight=False)
    for letter in letters:
        head = f"{when(letter.failed_at)}  {letter.step}  {letter.reason}"
        console.print(Text(head, "bold"), soft_wrap=True)
        console.print(Text(f"  {clean_line(letter.message)}"), soft_wrap=True)
    if not letters:
        Console(stderr=True).print("no dead letters")


def _record(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "step": letter.step,
        "key": letter.key,
        "reason": letter.reason,
        "message": letter.message,
        "element": json.loads(letter.element),
        "trace": letter.trace or None,
        "failed_at": instant(letter.failed_at),
    }
