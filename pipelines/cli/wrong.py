"""Commands that set right what was wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from pipelines.cli.options import (
    AllowHosts,
    ArchiveUrl,
    Cases,
    NoDeliver,
    SubscriptionsFile,
    messages,
)
from pipelines.cli.sending import send_now
from schemas.errors import ConfigurationError

if TYPE_CHECKING:
    from pipelines.services.correct import Wrong


def wrong(
    alert: Annotated[
        str, typer.Argument(metavar="ALERT", help="The alert's id, or how it begins.")
    ],
    speaker: Annotated[
        str | None, typer.Option("--speaker", metavar="NAME", help="It was NAME who said it.")
    ] = None,
    not_expert: Annotated[
        bool,
        typer.Option("--not-expert", help="The speaker is no expert, in this archive, ever."),
    ] = False,
    not_about: Annotated[
        bool, typer.Option("--not-about", help="The words are not about the negotiation.")
    ] = False,
    repeat: Annotated[
        str | None, typer.Option("--repeat", metavar="ALERT", help="It repeats that alert.")
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take it back without a reason.")
    ] = False,
    statement: Annotated[
        int | None,
        typer.Option(
            "--statement", metavar="N", help="Only its Nth new statement is wrong; see --preview."
        ),
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show its statements and whom it reached; do nothing.")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="It was right: take back what was said of it before.")
    ] = False,
    archive: ArchiveUrl = "sqlite:///parley.db",
    cases: Cases = "",
    no_deliver: NoDeliver = False,
    subscriptions: SubscriptionsFile = "",
    allow_host: AllowHosts = None,
) -> None:
    """Take an alert back: tell those who got it, mend memory, keep the case as a test.

    \b
    parley wrong d8e56f26 --speaker "Tom Okafor"
    parley wrong d8e56f26 --statement 2 --not-about
    parley wrong d8e56f26 --preview
    parley wrong d8e56f26 --undo
    parley check my-watch.yaml --cases parley.cases.jsonl
    """
    from pipelines.services import correct as service
    from pipelines.services.undo import undo as take_back

    said = service.said_wrong(
        alert,
        speaker=speaker,
        not_expert=not_expert,
        not_about=not_about,
        repeat=repeat,
        withdraw=withdraw,
        undo=undo,
        statement=statement,
    )
    if preview or said is None:
        for line in service.preview(archive, alert, said):
            messages().print(Text(line), soft_wrap=True)
    if preview:
        return
    said = said or _ask(alert, statement)
    if said.kind == "right":
        take_back(archive, said.alert, cases=cases, console=messages())
    else:
        service.correct(archive, said, cases=cases, console=messages())
    if not no_deliver:
        send_now(archive, subscriptions, allow_host)


def _ask(alert: str, statement: int | None) -> Wrong:
    """What is wrong with the alert, as its reader answers.

    Raises:
        ConfigurationError: there is no terminal to ask on.
        typer.Abort: the reader does not answer.
    """
    from pipelines.services.correct import CHOICES, said_wrong

    if not sys.stdin.isatty():
        choices = [f"  {option:<15} {meaning}" for option, meaning in CHOICES.items()]
        raise ConfigurationError([f"wrong: {alert}: say what is wrong with it:", *choices])
    for number, meaning in enumerate(CHOICES.values(), 1):
        messages().print(f"  {number}  {meaning}", highlight=False)
    chosen = 0
    while not 1 <= chosen <= len(CHOICES):
        chosen = typer.prompt("What is wrong", type=int, err=True)
    speaker = typer.prompt("Who said it", err=True) if chosen == 1 else None
    repeat = typer.prompt("Which alert does it repeat", err=True) if chosen == 4 else None
    said = said_wrong(
        alert,
        speaker=speaker,
        not_expert=chosen == 2,
        not_about=chosen == 3,
        repeat=repeat,
        withdraw=chosen == 5,
        statement=statement,
    )
    if said is None:
        raise typer.Abort
    return said
