"""`parley run`: reads what is new, alerts, and sums up."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from connectors.formats.humanize import counted
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
from pipelines.settings.hints import command
from schemas.outcome import MEANING

if TYPE_CHECKING:
    from pipelines.jobs.run import RunSummary


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
    from pipelines.services.check import channel_problems
    from pipelines.settings.contact import NO_CONTACT
    from pipelines.settings.feeds_option import feeds_from
    from pipelines.settings.run_config import MonitorConfig

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
    if config.is_anonymous:
        console.print(Text(NO_CONTACT), soft_wrap=True)
    for problem in channel_problems(config):
        console.print(Text(f"warning: {clean_line(problem)}"), soft_wrap=True)
    # After all mistakes: these load the archive.
    from pipelines.jobs.run import run_batch
    from pipelines.telemetry.progress import Progress

    with Progress(config.archive, console):
        summary = run_batch(config, command=" ".join(sys.argv[1:]))
    print_summary(summary, console, config.archive)
    if summary.have_most_feeds_failed or summary.delivered.failures:
        raise typer.Exit(EXIT_FAILED)


def print_summary(summary: RunSummary, console: Console, archive: str) -> None:
    """Print what a run did, and why it raised no more alerts."""
    from pipelines.services.silence import explanation

    count = Counter(summary.counters)
    resting, held = count["feeds_resting"], summary.silence.held
    if count["articles_given"]:
        source = [f"{counted(count['articles_given'], 'article')} given"]
    else:
        source = [
            f"{counted(count['feeds_polled'], 'feed')}: {count['feeds_changed']} changed, "
            f"{count['feeds_unchanged']} unchanged, {count['feeds_failed']} failed"
            + (f"; {resting} not due yet" if resting else ""),
            f"{counted(count['entries_due'], 'entry', 'entries')} due, "
            f"{counted(count['pages_fetched'], 'page')} fetched",
        ]
    lines = [
        *source,
        f"{counted(count['articles_selected'], 'article')} read: "
        f"{counted(count['statements_new'], 'new statement')}, "
        f"{count['statements_repeated']} repeated",
        f"{counted(count['alerts_raised'], 'alert')} raised, {summary.delivered.sent} sent"
        + (f"; {held} held: {command('parley alerts --held', archive)}" if held else ""),
        *explanation(summary.silence, count["articles_selected"]),
        f"{summary.seconds:.1f} s, runner {summary.runner}",
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for reason, n in summary.outcomes.items():
        console.print(f"  {n:5} not read on: {MEANING[reason]}", markup=False, highlight=False)
    for failure in summary.delivered.failures:
        console.print(Text(f"not delivered: {clean_line(failure)}"), soft_wrap=True)
    for line in _feed_notices(summary, count["feeds_polled"] + resting, archive):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _feed_notices(summary: RunSummary, feeds: int, archive: str) -> Iterator[str]:
    """What an operator must know of the feeds of a run."""
    failing, muted = (summary.counters.get(name, 0) for name in ("feeds_failing", "feeds_muted"))
    if muted:
        yield (
            f"muted: {counted(muted, 'feed')}, for they said 410 Gone; "
            f"{command('parley feeds', archive)} names them, "
            f"{command('parley dead-letters retry', archive)} asks them again"
        )
    if summary.have_most_feeds_failed:
        which = "no feed" if failing == feeds else f"only {feeds - failing} of {feeds} feeds"
        yield f"{which} could be read; {command('parley feeds', archive)} says why"
