"""Commands that set right what was wrong."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import (
    AllowHosts,
    ArchiveUrl,
    Cases,
    NoDeliver,
    SubscriptionsFile,
    messages,
)
from pipelines.cli.sending import send_now


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
    parley wrong d8e56f26 --not-expert
    parley wrong d8e56f26 --undo
    parley check my-watch.yaml --cases parley.cases.jsonl
    """
    from pipelines.services.correct import correct, said_wrong
    from pipelines.services.undo import undo as take_back

    said = said_wrong(
        alert, speaker=speaker, not_expert=not_expert, not_about=not_about, repeat=repeat, undo=undo
    )
    if said.kind == "right":
        take_back(archive, said.alert, cases=cases, console=messages())
    else:
        correct(archive, said, cases=cases, console=messages())
    if not no_deliver:
        send_now(archive, subscriptions, allow_host)
