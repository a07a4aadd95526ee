"""Commands that read the news."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.text import Text

from connectors.formats.sanitizing import clean_line
from pipelines.cli.options import (
    EXIT_FAILED,
    AllowHosts,
    ArchiveUrl,
    Feeds,
    MaxAge,
    Meaning,
    Model,
    Recorded,
    SubscriptionsFile,
    Watches,
    Workers,
    messages,
)


def run(
    watches: Watches,
    feeds: Feeds = "",
    inputs: Annotated[
        list[str] | None,
        typer.Option(
            "--input",
            metavar="PATH",
            help="Articles instead of feeds: .html, .txt, .jsonl, .warc.gz, a folder. Repeatable.",
        ),
    ] = None,
    archive: ArchiveUrl = "sqlite:///parley.db",
    out: Annotated[
        str,
        typer.Option(
            "--out", metavar="PATH|-", help="Write one Alert event a line; - is standard output."
        ),
    ] = "",
    no_deliver: Annotated[
        bool, typer.Option("--no-deliver", help="Record alerts, but send none (--out still is).")
    ] = False,
    max_age: MaxAge = None,
    subscriptions: SubscriptionsFile = "",
    allow_host: AllowHosts = None,
    recorded: Recorded = "",
    warc: Annotated[
        str,
        typer.Option(
            "--warc",
            metavar="DIR|FILE",
            help="Also keep what was fetched: a file of its own in DIR, or added to FILE.",
        ),
    ] = "",
    runner: Annotated[
        str, typer.Option("--runner", metavar="NAME", help="Beam runner: in-process, DirectRunner.")
    ] = "in-process",
    workers: Workers = 1,
    model: Model = None,
    meaning: Meaning = "",
) -> None:
    """Read what is new in the feeds, and alert.

    \b
    parley run ukraine-peace-talks
    parley run my-watch.yaml --archive sqlite:///desk.db --out alerts.jsonl
    parley run sample --recorded sample            (no network)
    parley run my-watch.yaml --input articles.jsonl --out -
    parley run my-watch.yaml --warc day.warc.gz    (later: --input day.warc.gz)
    """
    from pipelines.cli.run_summary import print_summary
    from pipelines.jobs.run import run as run_batch
    from pipelines.services.channel_checks import channel_problems
    from pipelines.settings.feeds_option import feeds_from
    from pipelines.settings.run_config import MonitorConfig
    from pipelines.telemetry.progress import Progress

    config = MonitorConfig.from_options(
        watches,
        feeds=feeds_from(feeds, tuple(allow_host or ())) if feeds else (),
        inputs=tuple(inputs or ()),
        archive=archive,
        out=out,
        max_age=max_age,
        allow_hosts=tuple(allow_host or ()),
        recorded=recorded,
        warc=warc,
        runner=runner,
        workers=workers,
        model=model,
        meaning=meaning,
        deliver=not no_deliver,
        subscriptions_file=subscriptions,
    )
    if not config.inputs:
        config.check_feeds("--feeds or --input")
    console = messages()
    for problem in channel_problems(config):
        console.print(Text(f"warning: {clean_line(problem)}"), soft_wrap=True)
    with Progress(config.archive, console):
        summary = run_batch(config, command=" ".join(sys.argv[1:]))
    print_summary(summary, console)
    if summary.have_most_feeds_failed or summary.delivered.failures:
        raise typer.Exit(EXIT_FAILED)
