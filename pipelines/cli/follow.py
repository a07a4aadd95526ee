"""Commands that go on until they are stopped."""

from __future__ import annotations

import contextlib
import sys
from typing import Annotated

import typer

from pipelines.cli.options import (
    AllowHosts,
    ArchiveUrl,
    Feeds,
    MaxAge,
    Meaning,
    Model,
    Recorded,
    SubscriptionsFile,
    Watches,
    messages,
)
from pipelines.jobs.stopping import Stopping
from pipelines.telemetry.logs import LogFormat, log_cleanly

Logs = Annotated[
    LogFormat, typer.Option("--log-format", help="How log lines are written: text or json.")
]


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
        from pipelines.jobs.follow import Following
        from pipelines.jobs.follow import follow as follow_on
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
        follow_on(Following(load, every_seconds, path, command), exporter, stopping)


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
