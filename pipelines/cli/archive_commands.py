"""Commands that show what an archive holds."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import ArchiveUrl, AsJson, Since, WatchFilter


def alerts(
    archive: ArchiveUrl = "sqlite:///parley.db",
    watch: WatchFilter = None,
    since: Since = None,
    held: Annotated[
        bool, typer.Option("--held", help="Those not sent because something was unsure, and what.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the alerts in an archive, newest last.

    \b
    parley alerts --since 7d
    parley alerts --held --watch ukraine-peace-talks
    """
    from pipelines.cli.alerts import print_alerts
    from pipelines.cli.held import print_held

    show = print_held if held else print_alerts
    show(archive, watch, since, as_json=as_json)


def statements(
    archive: ArchiveUrl = "sqlite:///parley.db",
    watch: WatchFilter = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One occurrence a line.")] = False,
) -> None:
    """List every occurrence of every statement in memory, whoever said it.

    \b
    parley statements --jsonl > statements.jsonl
    """
    from pipelines.cli.statements import print_statements

    print_statements(archive, watch, as_json=jsonl)
