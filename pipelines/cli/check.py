"""`parley check`: validates watches, subscriptions and cases."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import (
    EXIT_FAILED,
    AllowHosts,
    Model,
    SubscriptionsFile,
    Watches,
)


def check(
    watches: Watches,
    online: Annotated[
        bool, typer.Option("--online", help="Also poll each feed once, and say what it answers.")
    ] = False,
    subscriptions: SubscriptionsFile = "",
    allow_host: AllowHosts = None,
    cases: Annotated[
        str,
        typer.Option(
            "--cases", metavar="FILE", help="Also read the articles that `parley wrong` corrected."
        ),
    ] = "",
    against: Annotated[
        str,
        typer.Option(
            "--against",
            metavar="URL|PATH",
            help="Also read an archive's articles, or given ones, and tell by reason why experts' "
            "statements do not alert.",
        ),
    ] = "",
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="TIME",
            help="Of the archive's, those published since: 7d, 2025-05-21.",
        ),
    ] = "7d",
    model: Model = None,
) -> None:
    """Validate watches: every mistake with its file, line, value and remedy.

    \b
    parley check my-watch.yaml
    parley check ukraine-peace-talks --online
    parley check my-watch.yaml --subscriptions people.yaml
    parley check my-watch.yaml --cases parley.cases.jsonl
    parley check my-watch.yaml --against sqlite:///parley.db --since 3d
    """
    from pipelines.services.check import check_watches

    allow_hosts = tuple(allow_host or ())
    is_well = check_watches(
        watches,
        online=online,
        allow_hosts=allow_hosts,
        subscriptions_file=subscriptions,
        cases=cases,
        model=model,
        against=against,
        since=since,
    )
    if not is_well:
        raise typer.Exit(EXIT_FAILED)
