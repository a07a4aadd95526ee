"""`parley new`: drafts a watch of one's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import AllowHosts

_ENDED = "one a line, an empty one to end"


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The watch to write.")],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What the talks are called.")],
    side: Annotated[
        list[str] | None,
        typer.Option(
            "--side",
            metavar="NAME=ALIASES",
            help="A side, and what else articles call it: Upland=Uplanders,Upton. Repeatable.",
        ),
    ] = None,
    mediator: Annotated[
        list[str] | None,
        typer.Option(
            "--mediator", metavar="NAME=ALIASES", help="Who mediates or hosts. Repeatable."
        ),
    ] = None,
    phrase: Annotated[
        list[str] | None,
        typer.Option(
            "--phrase",
            metavar="WORDS",
            help="Words that name these talks. Repeatable.",
        ),
    ] = None,
    site: Annotated[
        list[str] | None,
        typer.Option("--site", metavar="URL", help="A site whose feeds are polled. Repeatable."),
    ] = None,
    allow_host: AllowHosts = None,
) -> None:
    """Draft a watch, commented, with the feeds of sites; asks for sides that are not given.

    \b
    parley new my-watch.yaml "River talks"
    parley new my-watch.yaml "River talks" --side Upland=Uplanders --side Lowland=Lowlanders
    parley new my-watch.yaml "River talks" --site https://news.example.org/
    """
    from connectors.watchfile.draft import draft_watch, id_of, read_named
    from pipelines.settings.feeds_option import feeds_from
    from pipelines.settings.run_config import HERE
    from schemas.errors import ConfigurationError

    sides = [*map(read_named, side or ())]
    mediators = [*map(read_named, mediator or ())]
    if nameless := [n for n in (title, *(n.name for n in (*sides, *mediators))) if not id_of(n)]:
        raise ConfigurationError([f"{name!r}: has no letter; give a name" for name in nameless])
    if file.exists():
        raise ConfigurationError([f"{file}: is there already; write to another file"])
    if not sides and sys.stdin.isatty():
        ask = f"Sides that negotiate, as NAME=ALIAS,ALIAS; {_ENDED}"
        sides = [read_named(each) for each in _asked(ask)]
        ask = f"Mediators and hosts, the same way; {_ENDED}"
        mediators = mediators or [read_named(each) for each in _asked(ask)]
        phrase = phrase or list(_asked(f"Words that name these talks; {_ENDED}"))
    feeds = [
        feed for url in site or () for feed in feeds_from(url, tuple(allow_host or ()), "--site: ")
    ]
    drafted = draft_watch(
        title,
        sides=sides,
        mediators=mediators,
        phrases=phrase or (),
        feeds=feeds,
        schema=(HERE.parent / "schemas" / "watch.schema.json").as_uri(),
    )
    try:
        file.write_text(drafted, encoding="utf8", errors="replace")
    except OSError as error:
        raise ConfigurationError([f"{file}: {error.strerror}; check the path"]) from error
    typer.echo(f"written: {file}; next: parley check {file}", err=True)


def _asked(question: str) -> Iterator[str]:
    """The lines that the user answers, up to an empty one."""
    typer.echo(question, err=True)
    while answer := typer.prompt("", default="", show_default=False, prompt_suffix="> ").strip():
        yield answer
