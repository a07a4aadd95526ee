"""`parley follow`: reads and alerts until stopped."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated

import typer

from pipelines.cli.options import (
    AllowHosts,
    ArchiveUrl,
    Feeds,
    Logs,
    MaxAge,
    Meaning,
    Model,
    Recorded,
    SubscriptionsFile,
    Watches,
)
from pipelines.jobs.stopping import Stopping
from pipelines.telemetry.logs import log_cleanly


def follow(
    watches: Watches,
    every: Annotated[
        str,
        typer.Option("--every", metavar="TIME", help="How often feeds are looked at: 30s, 5m, 1h."),
    ] = "5m",
    source: Annotated[
        str,
        typer.Option(
            "--source", metavar="URL", help="Read messages of a Pub/Sub subscription, not feeds."
        ),
    ] = "",
    feeds: Feeds = "",
    archive: ArchiveUrl = "sqlite:///parley.db",
    max_age: MaxAge = None,
    subscriptions: SubscriptionsFile = "",
    allow_host: AllowHosts = None,
    recorded: Recorded = "",
    metrics_port: Annotated[
        int | None,
        typer.Option(
            "--metrics-port", metavar="PORT", help="Show figures for Prometheus there. Default: no."
        ),
    ] = None,
    metrics_address: Annotated[
        str,
        typer.Option(
            "--metrics-address", metavar="ADDRESS", help="Where that port is; loopback by default."
        ),
    ] = "127.0.0.1",
    log_format: Logs = "text",
    model: Model = None,
    meaning: Meaning = "",
) -> None:
    """Read and alert until stopped: by SIGTERM or Ctrl-C, which finish what is in hand.

    \b
    parley follow ukraine-peace-talks
    parley follow my-watch.yaml --every 1m --metrics-port 9090 --log-format json
    parley follow my-watch.yaml --source pubsub:projects/news-desk/subscriptions/entries
    """
    with Stopping() as stopping, contextlib.ExitStack() as stack:
        from pipelines.jobs.follow import Following, follow_feeds
        from pipelines.settings.feeds_option import feeds_from
        from pipelines.settings.run_config import MonitorConfig, read_interval, subscription_path
        from pipelines.telemetry.prometheus import Exporter

        every_seconds = read_interval(every)
        path = subscription_path(source) if source else ""
        hosts = tuple(allow_host or ())
        named = feeds_from(feeds, hosts) if feeds else ()

        def load() -> MonitorConfig:
            return MonitorConfig.from_options(
                watches,
                feeds=named,
                archive=archive,
                max_age=max_age,
                allow_hosts=hosts,
                recorded=recorded,
                model=model,
                meaning=meaning,
                subscriptions_file=subscriptions,
                shows_terminal=True,
            )

        if not path:
            load().check_feeds("--feeds or --source")
        log_cleanly(log_format, is_service=True)
        exporter = stack.enter_context(contextlib.closing(Exporter()))
        if metrics_port is not None:
            exporter.serve(metrics_port, metrics_address)
        command = " ".join(sys.argv[1:])
        follow_feeds(Following(load, every_seconds, path, command), exporter, stopping)
