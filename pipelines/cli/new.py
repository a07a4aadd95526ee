"""`parley new`: drafts a watch of one's own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import AllowHosts
from schemas.feed import Feed

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
    from connectors.watchfile.draft import draft_watch, read_named
    from pipelines.settings.run_config import HERE
    from schemas.errors import ConfigurationError

    if file.exists():
        raise ConfigurationError([f"{file}: is there already; write to another file"])
    sides, mediators, phrases = side or [], mediator or [], phrase or []
    if not sides and sys.stdin.isatty():
        sides = _asked(f"Sides that negotiate, as NAME=ALIAS,ALIAS; {_ENDED}")
        mediators = mediators or _asked(f"Mediators and hosts, the same way; {_ENDED}")
        phrases = phrases or _asked(f"Words that name these talks; {_ENDED}")
    named = [read_named(each) for each in (*sides, *mediators)]
    _check_names([title, *(each.name for each in named)])
    drafted = draft_watch(
        title,
        sides=named[: len(sides)],
        mediators=named[len(sides) :],
        phrases=phrases,
        feeds=_feeds(site or (), allow_host or ()),
        schema=(HERE.parent / "schemas" / "watch.schema.json").as_uri(),
    )
    try:
        file.write_text(drafted, encoding="utf8", errors="replace")
    except OSError as error:
        raise ConfigurationError([f"{file}: {error.strerror}; check the path"]) from error
    typer.echo(f"written: {file}; next: parley check {file}", err=True)


def _check_names(names: Sequence[str]) -> None:
    """Do nothing if an id can be made of each name.

    Raises:
        ConfigurationError: one has no letter.
    """
    from connectors.watchfile.draft import id_of
    from schemas.errors import ConfigurationError

    if nameless := [name for name in names if not id_of(name)]:
        raise ConfigurationError([f"{name!r}: has no letter; give a name" for name in nameless])


def _feeds(sites: Sequence[str], allow_hosts: Sequence[str]) -> list[Feed]:
    """The feeds of the sites."""
    from pipelines.settings.feeds_option import feeds_from

    return [feed for url in sites for feed in feeds_from(url, tuple(allow_hosts), "--site: ")]


def _asked(question: str) -> list[str]:
    """The lines that the user answers, up to an empty one."""
    typer.echo(question, err=True)
    answers = []
    while answer := typer.prompt("", default="", show_default=False, prompt_suffix="> ").strip():
        answers.append(answer)
    return answers
