"""Commands about the people that an archive knows."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import ARCHIVE_HELP, ArchiveUrl, AsJson

persons_app = typer.Typer(
    help="Who is known, from where; two names that are one person's.", invoke_without_command=True
)

_Archive = Annotated[str | None, typer.Option("--archive", metavar="URL", help=ARCHIVE_HELP)]
_One = Annotated[str, typer.Argument(metavar="A", help="First and last name.")]
_Other = Annotated[str, typer.Argument(metavar="B", help="First and last name.")]


@persons_app.callback()
def persons(
    context: typer.Context, archive: ArchiveUrl = "sqlite:///parley.db", as_json: AsJson = False
) -> None:
    r"""List the people whom articles introduced, and what was ruled on them.

    \b
    parley persons list --name Greene
    parley persons merge "Robert Smith" "Bob Smith"
    """
    context.obj = archive
    if context.invoked_subcommand is None:
        persons_list(context, as_json=as_json)


@persons_app.command("list")
def persons_list(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option("--name", help="Only those of this last name.")
    ] = None,
    archive: _Archive = None,
    as_json: AsJson = False,
) -> None:
    """List the people whom articles introduced, and what was ruled on them."""
    from pipelines.cli.persons_view import print_persons

    print_persons(archive or context.obj, name, as_json=as_json)


@persons_app.command("merge")
def persons_merge(
    context: typer.Context, one: _One, other: _Other, archive: _Archive = None
) -> None:
    """Take two names for one person's from now on; no id changes."""
    from pipelines.services.persons import rule_names

    rule_names(archive or context.obj, "same", one, other)


@persons_app.command("split")
def persons_split(
    context: typer.Context, one: _One, other: _Other, archive: _Archive = None
) -> None:
    """Take two names for two people's from now on; undoes a merge."""
    from pipelines.services.persons import rule_names

    rule_names(archive or context.obj, "apart", one, other)
