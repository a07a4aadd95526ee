"""Commands that set right what was wrong."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import (
    EXIT_FAILED,
    AllowHosts,
    ArchiveUrl,
    SubscriptionsFile,
    messages,
)
from schemas.errors import ConfigurationError


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
    cases: Annotated[
        str,
        typer.Option(
            "--cases",
            metavar="FILE",
            help="Where the case is kept, for `parley check --cases`. Default: beside the archive.",
        ),
    ] = "",
    no_deliver: Annotated[
        bool, typer.Option("--no-deliver", help="Tell nobody yet; the next run or deliver does.")
    ] = False,
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
    from pipelines.services.deliver_pending import deliver_pending
    from pipelines.services.undo import undo as take_back

    said = said_wrong(
        alert, speaker=speaker, not_expert=not_expert, not_about=not_about, repeat=repeat, undo=undo
    )
    if said.kind == "right":
        take_back(archive, said.alert, cases=cases, console=messages())
    else:
        correct(archive, said, cases=cases, console=messages())
    if no_deliver:
        return
    try:
        done = deliver_pending(
            archive,
            (),
            subscriptions_file=subscriptions,
            allow_hosts=tuple(allow_host or ()),
            console=messages(),
        )
    except ConfigurationError as error:
        for mistake in error.mistakes:
            messages().print(mistake, markup=False, highlight=False, soft_wrap=True)
        messages().print("recorded, and not sent yet: `parley deliver` does it", highlight=False)
        raise typer.Exit(EXIT_FAILED) from None
    if done.failures:
        raise typer.Exit(EXIT_FAILED)
