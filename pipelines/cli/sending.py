"""What commands that decide something do at their end: send what follows from it."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from pipelines.cli.options import EXIT_FAILED, messages
from pipelines.settings.hints import command
from schemas.errors import ConfigurationError


def send_now(archive: str, subscriptions: str, allow_hosts: Sequence[str] | None) -> None:
    """Send what is pending and due.

    Raises:
        typer.Exit: something could not be sent; it stays recorded.
    """
    from pipelines.services.deliver_pending import deliver_pending

    console = messages()
    try:
        done = deliver_pending(
            archive,
            (),
            subscriptions_file=subscriptions,
            allow_hosts=tuple(allow_hosts or ()),
            console=console,
        )
    except ConfigurationError as error:
        for mistake in error.mistakes:
            console.print(mistake, markup=False, highlight=False, soft_wrap=True)
        hint = f"recorded, and not sent yet; send it with {command('parley deliver', archive)}"
        console.print(hint, markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(EXIT_FAILED) from None
    if done.failures:
        raise typer.Exit(EXIT_FAILED)
