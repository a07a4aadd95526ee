"""Commands that look at watches."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import (
    EXIT_FAILED,
    AllowHosts,
    AsJson,
    Meaning,
    Model,
    SubscriptionsFile,
    Watches,
    Workers,
    messages,
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
    model: Model = None,
) -> None:
    """Validate watches: every mistake with its file, line, value and remedy.

    \b
    parley check my-watch.yaml
    parley check ukraine-peace-talks --online
    parley check my-watch.yaml --subscriptions people.yaml
    parley check my-watch.yaml --cases parley.cases.jsonl
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
    )
    if not is_well:
        raise typer.Exit(EXIT_FAILED)


def backtest(
    watches: Watches,
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="ARCHIVE|PATH",
            help="An archive (sqlite:///parley.db), or WARC, files and folders. Repeatable.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="TIME",
            help="Only what was published later: 2025-05-21, or 3d. The rest is for memory.",
        ),
    ] = None,
    subscriptions: SubscriptionsFile = "",
    max_age: Annotated[
        str | None,
        typer.Option(
            "--max-age", metavar="AGE", help="Older articles raise no alert: 12h, 7d, all."
        ),
    ] = None,
    workers: Workers = 1,
    model: Model = None,
    meaning: Meaning = "",
    as_json: AsJson = False,
) -> None:
    """Show what a watch would have sent, by subscription and day; sends nothing.

    \b
    parley backtest my-watch.yaml --input sqlite:///parley.db --since 30d
    parley backtest my-watch.yaml --input day.warc.gz --json
    """
    from pipelines.cli.backtest import print_backtest
    from pipelines.jobs.backtest import backtest as run_backtest
    from pipelines.settings.times import since as instant_of

    done = run_backtest(
        watches,
        inputs or (),
        instant_of(since),
        subscriptions_file=subscriptions,
        max_age=max_age,
        workers=workers,
        model=model,
        meaning=meaning,
        console=messages(),
    )
    print_backtest(done, as_json=as_json)
