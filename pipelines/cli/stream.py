"""`parley stream`: a job on a streaming engine, and what it counted."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections import Counter
from typing import Annotated, Any

import typer
from rich.console import Console

from connectors.formats.humanize import counted as several
from pipelines.cli.options import AllowHosts, Meaning, Model, messages
from pipelines.jobs.stopping import Stopping
from pipelines.telemetry.counters import Counted, counted, outcomes_of
from schemas.outcome import MEANING, is_failure

#: How often it is looked whether the job has ended.
_LOOK_SECONDS = 0.2


app = typer.Typer(add_completion=False)


@app.command(context_settings={"ignore_unknown_options": True})
def stream(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="WATCH... [BEAM OPTIONS]",
            help="Watch files or names of bundled watches, then options of Beam and its engine.",
            show_default=False,
        ),
    ],
    source: Annotated[
        str,
        typer.Option(
            "--source",
            metavar="URL|PATH",
            help="pubsub:projects/P/subscriptions/S; or a file or folder, as --input of run.",
            show_default=False,
        ),
    ],
    sinks: Annotated[
        list[str],
        typer.Option(
            "--sink",
            metavar="URL",
            help="pubsub:projects/P/topics/T, or an archive's URL without password. Repeatable.",
            show_default=False,
        ),
    ],
    dead_letters: Annotated[
        str,
        typer.Option(
            "--dead-letters",
            metavar="URL",
            help="pubsub:projects/P/topics/T for what failed, beside the archive. "
            "Default: the archive; without one, the workers' log.",
        ),
    ] = "",
    runner: Annotated[
        str, typer.Option("--runner", metavar="NAME", help="prism, flink, dataflow.")
    ] = "prism",
    allow_host: AllowHosts = None,
    model: Model = None,
    meaning: Meaning = "",
) -> None:
    """Run as a streaming job: messages in, alerts out.

    \b
    parley stream my-watch.yaml --source pubsub:projects/news-desk/subscriptions/entries \\
        --sink pubsub:projects/news-desk/topics/alerts --sink postgresql://parley@db/parley \\
        --runner flink --flink_master=flink:8081 --environment_type=EXTERNAL \\
        --environment_config=workers:50000
    parley stream sample --source articles.jsonl --sink sqlite:///trial.db \\
        --runner prism --prism_location=build/engines/prism      (a trial)
    """
    from pipelines.jobs.stopping import Stopping, alone
    from pipelines.jobs.stream import run_stream
    from pipelines.settings.stream_config import StreamConfig
    from pipelines.telemetry.logs import log_engine_errors

    watches, beam = _divided(given)
    config = StreamConfig.from_options(
        watches,
        source=source,
        sinks=sinks,
        dead_letters=dead_letters,
        runner=runner,
        allow_hosts=tuple(allow_host or ()),
        model=model,
        meaning=meaning,
        beam=beam,
    )
    log_engine_errors()
    with Stopping() as stopping:
        with alone():  # the engine's figures are asked for after Ctrl-C
            job = run_stream(config)
        watch_job(job, config.runner, stopping, messages())


def _divided(given: list[str]) -> tuple[list[str], list[str]]:
    """The watches, and Beam's options after them.

    >>> _divided(["sample", "--parallelism", "2"])
    (['sample'], ['--parallelism', '2'])
    """
    first = next((n for n, word in enumerate(given) if word.startswith("-")), len(given))
    return given[:first], given[first:]


def watch_job(result: Any, runner: str, stopping: Stopping, console: Console) -> None:
    """Wait until the job ends or this process is asked to; tell what was counted by then.

    A job on a cluster goes on without this process.

    Raises:
        Exception: the job failed, with what the engine says of it.
    """
    begun, failed = time.monotonic(), list[Exception]()
    waiting = threading.Thread(target=_wait, args=(result, failed), daemon=True)
    waiting.start()
    while waiting.is_alive() and not stopping.is_asked:
        stopping.wait(_LOOK_SECONDS)
    if failed and not stopping.is_asked:
        raise failed[0]
    if stopping.is_asked:
        # Workers in this process complain if their engine was ended at the same time.
        logging.disable(logging.CRITICAL)
        threading.excepthook = lambda _: None
        console.print("asked to stop; so far:")
    for line in summary_of(_so_far(result), runner, time.monotonic() - begun):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if stopping.is_asked:  # and print traces when their threads end with the process
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def _so_far(result: Any) -> Counted:
    """What was counted; nothing where the engine is gone."""
    import grpc

    try:
        return counted(result)
    except (grpc.RpcError, ValueError):  # ValueError: its channel is closed
        return Counted()


def _wait(result: Any, failed: list[Exception]) -> None:
    try:
        result.wait_until_finish()
    except Exception as error:
        failed.append(error)


def summary_of(done: Counted, runner: str, seconds: float) -> list[str]:
    """The lines: what came in, what went out, what was not read on.

    >>> done = Counted({"messages_read": 3, "articles_extracted": 2, "alerts_published": 1,
    ...                 "outcome_bad_message": 1, "outcome_too_short": 1})
    >>> for line in summary_of(done, "PrismRunner", 4.2):
    ...     print(line)
    3 messages, 0 pages fetched, 2 articles
    0 articles read: 0 new statements, 0 repeated
    0 alerts archived, 1 published
    1 dead letter
    4.2 s, runner PrismRunner
          1 not read on: the message holds neither an article nor an address
          1 not read on: too little text to be an article
    """
    if not done.counters:
        return [f"no figures: {runner} has none, may tell them only when a job ends, or is gone"]
    count, outcomes = Counter(done.counters), outcomes_of(done.counters)
    dead = sum(n for reason, n in outcomes.items() if is_failure(reason))
    return [
        f"{several(count['messages_read'], 'message')}, "
        f"{several(count['pages_fetched'], 'page')} fetched, "
        f"{several(count['articles_extracted'], 'article')}",
        f"{several(count['articles_selected'], 'article')} read: "
        f"{several(count['statements_new'], 'new statement')}, "
        f"{count['statements_repeated']} repeated",
        f"{several(count['alerts_raised'], 'alert')} archived, "
        f"{count['alerts_published']} published",
        several(dead, "dead letter"),
        f"{seconds:.1f} s, runner {runner}",
        *(f"  {n:5} not read on: {MEANING[reason]}" for reason, n in outcomes.items()),
    ]
