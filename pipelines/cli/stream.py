"""Commands that run on a streaming engine."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import AllowHosts, Meaning, Model, messages


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
    from pipelines.cli.stream_view import watch_job
    from pipelines.jobs.stopping import Stopping, alone
    from pipelines.jobs.stream import stream as start
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
            job = start(config)
        watch_job(job, config.runner, stopping, messages())


def _divided(given: list[str]) -> tuple[list[str], list[str]]:
    """The watches, and Beam's options after them.

    >>> _divided(["sample", "--parallelism", "2"])
    (['sample'], ['--parallelism', '2'])
    """
    first = next((n for n, word in enumerate(given) if word.startswith("-")), len(given))
    return given[:first], given[first:]
