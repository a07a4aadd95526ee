"""Commands that send what was found."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import (
    EXIT_FAILED,
    AllowHosts,
    ArchiveUrl,
    AsJson,
    SubscriptionsFile,
    messages,
)


def deliver(
    watches: Annotated[
        list[str] | None,
        typer.Argument(
            help="Watches whose subscriptions are served. Default: those of the last runs.",
            show_default=False,
        ),
    ] = None,
    archive: ArchiveUrl = "sqlite:///parley.db",
    subscriptions: SubscriptionsFile = "",
    allow_host: AllowHosts = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Also try now what failed or was given up.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--list", help="Send nothing; show the ledger, channel by channel.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send what is pending and due; `parley run` does it at its end.

    \b
    parley deliver
    parley deliver --subscriptions people.yaml --archive sqlite:///desk.db
    parley deliver --list
    """
    from pipelines.cli.ledger_view import print_ledger
    from pipelines.services.deliver_pending import deliver_pending

    if show:
        print_ledger(archive, as_json=as_json)
        return
    done = deliver_pending(
        archive,
        watches or (),
        subscriptions_file=subscriptions,
        allow_hosts=tuple(allow_host or ()),
        retry=retry,
        console=messages(),
    )
    if done.failures:
        raise typer.Exit(EXIT_FAILED)
