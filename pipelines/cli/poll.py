"""`parley poll`: feed entries to a Pub/Sub topic."""

from __future__ import annotations

import contextlib
from typing import Annotated

import typer

from pipelines.cli.options import (
    AllowHosts,
    ArchiveUrl,
    Feeds,
    Logs,
    Recorded,
    Watches,
    messages,
)
from pipelines.jobs.stopping import Stopping
from pipelines.telemetry.logs import log_cleanly


def poll(
    watches: Watches,
    sink: Annotated[
        str,
        typer.Option("--sink", metavar="URL", help="The Pub/Sub topic that entries are handed to."),
    ],
    every: Annotated[
        str | None,
        typer.Option(
            "--every", metavar="TIME", help="Go on until stopped: 30s, 5m, 1h. Default: once."
        ),
    ] = None,
    feeds: Feeds = "",
    archive: ArchiveUrl = "sqlite:///parley.db",
    allow_host: AllowHosts = None,
    recorded: Recorded = "",
    log_format: Logs = "text",
) -> None:
    """Hand new feed entries to a Pub/Sub topic, for `parley follow --source` or `stream` to read.

    \b
    parley poll ukraine-peace-talks --sink pubsub:projects/news-desk/topics/entries
    parley poll my-watch.yaml --sink pubsub:projects/news-desk/topics/entries --every 5m
    """
    with contextlib.ExitStack() as stack:
        stopping = stack.enter_context(Stopping()) if every is not None else None
        from connectors.formats.humanize import counted
        from pipelines.jobs.poll import poll_on, poll_once
        from pipelines.settings.feeds_option import feeds_from
        from pipelines.settings.run_config import MonitorConfig, read_interval, topic_path

        topic = topic_path(sink)
        every_seconds = read_interval(every or "1m")
        hosts = tuple(allow_host or ())
        config = MonitorConfig.from_options(
            watches,
            feeds=feeds_from(feeds, hosts) if feeds else (),
            archive=archive,
            allow_hosts=hosts,
            recorded=recorded,
            shows_terminal=False,
        )
        config.check_feeds("--feeds")
        if stopping is not None:
            log_cleanly(log_format, is_service=True)
            poll_on(config, topic, every_seconds, stopping)
            return
        count = poll_once(config, topic).counters
    polled = counted(count.get("feeds_polled", 0), "feed")
    handed_on = counted(count.get("entries_published", 0), "entry", "entries")
    done = f"{polled} polled, {count.get('feeds_failed', 0)} failed; {handed_on} handed on"
    messages().print(done, highlight=False)
