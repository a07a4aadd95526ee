"""The command line: options in, exit codes out.

Exit codes: 0 all well; 1 ran, but something failed that the user must know; 2 wrong usage or
configuration, with one line per mistake. Progress goes to standard error, results to
standard output. What a command needs is imported in it: Beam and spaCy take seconds to load,
and ``--help`` must not.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import os
import sys
import warnings
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from pipelines.logs import log_cleanly
from schemas.errors import ConfigurationError, ParleyError

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it

app = typer.Typer(
    name="parley",
    help="Reads the news and tells you when an expert says something new about a negotiation.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_ARCHIVE_HELP = "Where all is kept: an SQLAlchemy URL. An SQLite file is made if there is none."

Watches = Annotated[
    list[str], typer.Argument(help="Watch files, or names of bundled watches.", show_default=False)
]
ArchiveUrl = Annotated[
    str, typer.Option("--archive", metavar="URL", help=_ARCHIVE_HELP, envvar="PARLEY_ARCHIVE")
]
WatchFilter = Annotated[
    str | None, typer.Option("--watch", metavar="ID", help="Only this watch's.")
]
SomeWatches = Annotated[
    list[str] | None,
    typer.Option("--watch", metavar="WATCH", help="Instead of all bundled watches. Repeatable."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="Only later ones: 2025-05-21, or 3d for 3 days."),
]
AllowHosts = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="HOST",
        help="Fetch from this host though its address is private, without pacing. Repeatable.",
    ),
]
SubscriptionsFile = Annotated[
    str,
    typer.Option(
        "--subscriptions", metavar="FILE", help="Subscriptions beside those of the watches."
    ),
]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="spaCy model to use instead of the small one."),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines instead of text.")]
Workers = Annotated[
    int, typer.Option("--workers", metavar="N", help="Processes that annotate articles.")
]


@app.callback(invoke_without_command=True)
def parley(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Reads the news and tells you when an expert says something new about a negotiation.

    Try it without a network: [bold]parley run sample --recorded sample[/bold]
    """
    if version:
        typer.echo(f"parley {importlib.metadata.version('parley')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(EXIT_USAGE)


@app.command()
def run(
    watches: Watches,
    feeds: Annotated[
        str,
        typer.Option(
            "--feeds", metavar="FILE|URL", help="Feeds instead of the watch's: URLs or OPML."
        ),
    ] = "",
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
    max_age: Annotated[
        str | None,
        typer.Option(
            "--max-age",
            metavar="AGE",
            help="Older articles raise no alert: 12h, 7d, all. Default: the watch's.",
        ),
    ] = None,
    subscriptions: SubscriptionsFile = "",
    allow_host: AllowHosts = None,
    recorded: Annotated[
        str,
        typer.Option(
            "--recorded",
            metavar="DIR",
            help="Answers saved in a folder instead of the network; 'sample' is bundled.",
        ),
    ] = "",
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
) -> None:
    """Read what is new in the feeds, and alert.

    \b
    parley run ukraine-peace-talks
    parley run my-watch.yaml --archive sqlite:///desk.db --out alerts.jsonl
    parley run sample --recorded sample            (no network)
    parley run my-watch.yaml --input articles.jsonl --out -
    parley run my-watch.yaml --warc day.warc.gz    (later: --input day.warc.gz)
    """
    from pipelines.batch import run as run_batch
    from pipelines.config import MonitorConfig
    from pipelines.feed_lists import feeds_from
    from pipelines.progress import Progress
    from pipelines.views import print_summary

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
        deliver=not no_deliver,
        subscriptions_file=subscriptions,
    )
    console = _messages()
    with Progress(config.archive, console):
        summary = run_batch(config, command=" ".join(sys.argv[1:]))
    print_summary(summary, console)
    if summary.have_most_feeds_failed or summary.delivered.failures:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def deliver(
    watches: Annotated[
        list[str] | None,
        typer.Argument(
            help="Watches whose subscriptions are served. Default: those of the last runs.",
            show_default=False,
        ),
    ] = None,
    archive: ArchiveUrl = "sqlite:///parley.db",
    subscriptions: SubscriptionsFile = "",
    allow_host: AllowHosts = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Also try now what failed or was given up.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--list", help="Send nothing; show the ledger, channel by channel.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send what is pending and due; `parley run` does it at its end.

    \b
    parley deliver
    parley deliver --subscriptions people.yaml --archive sqlite:///desk.db
    parley deliver --list
    """
    from pipelines.deliver_pending import deliver_pending
    from pipelines.ledger_view import print_ledger

    if show:
        print_ledger(archive, as_json=as_json)
        return
    done = deliver_pending(
        archive,
        watches or (),
        subscriptions_file=subscriptions,
        allow_hosts=tuple(allow_host or ()),
        retry=retry,
        console=_messages(),
    )
    if done.failures:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def annotate(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help='{"doc_id", "text"} a line.')],
    target: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="One object a line.")],
    watch: SomeWatches = None,
    workers: Workers = 1,
    model: Model = None,
) -> None:
    """Find who says what in given texts, in full, and write it as JSON lines.

    \b
    parley annotate texts.jsonl statements.jsonl
    parley annotate texts.jsonl statements.jsonl --watch my-watch.yaml --workers 2
    """
    from pipelines.annotate import annotate_file

    annotate_file(source, target, watch or (), workers=workers, model=model, console=_messages())


@app.command()
def explain(
    source: Annotated[str, typer.Argument(metavar="URL|FILE", help="An article: page or text.")],
    watch: SomeWatches = None,
    as_json: AsJson = False,
    allow_host: AllowHosts = None,
    model: Model = None,
) -> None:
    """Show who says what in an article, and why each statement would or would not alert.

    \b
    parley explain https://news.example.org/talks --watch ukraine-peace-talks
    parley explain page.html --json
    """
    from pipelines.annotate import explain_source

    explain_source(
        source,
        watch or (),
        as_json=as_json,
        allow_hosts=tuple(allow_host or ()),
        model=model,
        console=Console(),
    )


@app.command()
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


@app.command()
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
    from pipelines.views import print_alerts, print_held

    show = print_held if held else print_alerts
    show(archive, watch, since, as_json=as_json)


@app.command()
def statements(
    archive: ArchiveUrl = "sqlite:///parley.db",
    watch: WatchFilter = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="One occurrence a line.")] = False,
) -> None:
    """List every occurrence of every statement in memory, whoever said it.

    \b
    parley statements --jsonl > statements.jsonl
    """
    from pipelines.views import print_statements

    print_statements(archive, watch, as_json=jsonl)


feeds_app = typer.Typer(help="Health of each feed; OPML in and out.", invoke_without_command=True)
app.add_typer(feeds_app, name="feeds")


@feeds_app.callback()
def feeds(
    context: typer.Context, archive: ArchiveUrl = "sqlite:///parley.db", as_json: AsJson = False
) -> None:
    """Show the health of each feed: last success, rhythm, next poll, silence, errors.

    \b
    parley feeds
    parley feeds export ukraine-peace-talks > feeds.opml
    """
    if context.invoked_subcommand is None:
        from pipelines.feed_health import print_feeds

        print_feeds(archive, as_json=as_json)


@feeds_app.command("export")
def feeds_export(watches: Watches) -> None:
    """Write the feeds of watches as OPML to standard output."""
    from connectors.feed_lists import write_opml
    from connectors.watch_files import load_watches
    from pipelines.config import BUNDLED

    loaded = load_watches(watches, bundled=BUNDLED)
    typer.echo(write_opml([feed for watch in loaded for feed in watch.feeds]))


@feeds_app.command("import")
def feeds_import(
    opml: Annotated[Path, typer.Argument(metavar="FILE", help="OPML, or URLs one a line.")],
) -> None:
    """Turn an OPML file into the feeds of a watch, as YAML on standard output."""
    from pipelines.feed_lists import feeds_from, feeds_yaml

    typer.echo(feeds_yaml(feeds_from(str(opml), ())), nl=False)


@feeds_app.command("find")
def feeds_find(
    site: Annotated[str, typer.Argument(metavar="URL", help="Any page of the site.")],
    allow_host: AllowHosts = None,
) -> None:
    """Find the feeds of a site: those its page names, or one where most sites have theirs.

    \b
    parley feeds find https://news.example.org/
    """
    from connectors.sanitizing import clean_line
    from pipelines.feed_lists import found_at

    is_any = False
    for each in found_at(site, tuple(allow_host or ())):
        is_any = True
        title, count = clean_line(each.parsed.title), len(each.parsed.entries)
        typer.echo(f"{clean_line(each.answer.url)}\t{count} entries\t{title}")
    if not is_any:
        typer.echo(f"{clean_line(site)}: no feed found", err=True)
        raise typer.Exit(EXIT_FAILED)


dead_letters_app = typer.Typer(help="What failed, and trying again.", invoke_without_command=True)
app.add_typer(dead_letters_app, name="dead-letters")


@dead_letters_app.callback()
def dead_letters(
    context: typer.Context, archive: ArchiveUrl = "sqlite:///parley.db", as_json: AsJson = False
) -> None:
    """List what failed, with the reason.

    \b
    parley dead-letters
    parley dead-letters retry && parley run ukraine-peace-talks
    """
    context.obj = archive
    if context.invoked_subcommand is None:
        dead_letters_list(context, None, as_json)


@dead_letters_app.command("list")
def dead_letters_list(
    context: typer.Context,
    archive: Annotated[
        str | None, typer.Option("--archive", metavar="URL", help=_ARCHIVE_HELP)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what failed, with the reason."""
    from pipelines.views import print_dead_letters

    print_dead_letters(archive or context.obj, as_json=as_json)


@dead_letters_app.command("retry")
def dead_letters_retry(
    context: typer.Context,
    archive: Annotated[
        str | None, typer.Option("--archive", metavar="URL", help=_ARCHIVE_HELP)
    ] = None,
) -> None:
    """Make every failed, empty or gated feed and page due; the next run reads them."""
    from pipelines.archives import open_existing

    with open_existing(archive or context.obj) as store:
        due = store.retry_dead_letters()
    typer.echo(f"{due} due again; the next `parley run` reads them")


def _to_come(name: str, what: str) -> None:
    """Register a command that says that it is not there yet, and fails."""

    def command() -> None:
        raise ConfigurationError([f"parley {name}: to come in a later version ({what})"])

    app.command(
        name,
        help=f"To come: {what}.",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(command)


for _name, _what in {
    "follow": "the same as run, until stopped",
    "poll": "publish new feed entries to Pub/Sub",
    "stream": "the same as a streaming job on Flink or Dataflow",
    "wrong": "correct an alert, and remember the case",
    "backtest": "what would have been sent",
    "serve": "the reading room",
}.items():
    _to_come(_name, _what)


def _messages() -> Console:
    return Console(stderr=True)


def _leave() -> NoReturn:
    """End at once, without waiting for the servers that threads are waiting for."""
    sys.stderr.write("stopped; what was read so far is kept, and the next run goes on\n")
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(EXIT_INTERRUPTED)


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether the user pressed Ctrl-C; Beam wraps what a stage raises."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        if "KeyboardInterrupt" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return error is not None


def main() -> None:
    """Run the command line; errors that are the user's to mend become lines, not traces."""
    log_cleanly()
    warnings.simplefilter("ignore")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # quotation marks on a terminal without them
    status: int | str | None = 0
    try:
        status = app(standalone_mode=True)
    except SystemExit as end:
        status = end.code
        if status == EXIT_INTERRUPTED:
            _leave()
    except ConfigurationError as error:
        sys.stderr.write("\n".join(error.mistakes) + "\n")
        status = EXIT_USAGE
    except ParleyError as error:
        sys.stderr.write(f"{error}\n")
        status = EXIT_FAILED
    except (KeyboardInterrupt, RuntimeError) as error:
        if not _is_interrupt(error):
            raise
        _leave()
    except BrokenPipeError:  # the reader of our output has gone, e.g. `| head`
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = EXIT_FAILED
    sys.exit(status)
