"""Commands that look at watches."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.options import EXIT_FAILED, AllowHosts, Watches


def check(
    watches: Watches,
    online: Annotated[
        bool, typer.Option("--online", help="Also poll each feed once, and say what it answers.")
    ] = False,
    allow_host: AllowHosts = None,
) -> None:
    """Validate watches: every mistake with its file, line, value and remedy.

    \b
    parley check my-watch.yaml
    parley check ukraine-peace-talks --online
    """
    from pipelines.check import check_watches

    if not check_watches(watches, online=online, allow_hosts=tuple(allow_host or ())):
        raise typer.Exit(EXIT_FAILED)
