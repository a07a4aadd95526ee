"""The command line: which commands there are, and what their ends mean.

Exit codes: 0 all well; 1 ran, but something failed that the user must know; 2 wrong usage or
configuration, with one line per mistake. Progress goes to standard error, results to
standard output.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import io
import os
import sys
import warnings
from typing import Annotated, NoReturn

import typer

from pipelines.cli import (
    archive_commands,
    check,
    dead_letters,
    deliver,
    explain,
    feeds,
    follow,
    persons,
    run,
    stream,
    wrong,
)
from pipelines.cli.options import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from pipelines.telemetry.logs import log_cleanly
from schemas.errors import ConfigurationError, ParleyError

app = typer.Typer(
    name="parley",
    help="Reads the news and tells you when an expert says something new about a negotiation.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


#: In the order of ``parley --help``.
for _command in (
    run.run,
    follow.follow,
    follow.poll,
    deliver.deliver,
    wrong.wrong,
    explain.annotate,
    explain.explain,
    check.check,
    check.backtest,
    archive_commands.alerts,
    archive_commands.statements,
):
    app.command()(_command)
app.command(context_settings={"ignore_unknown_options": True})(stream.stream)
app.add_typer(feeds.feeds_app, name="feeds")
app.add_typer(dead_letters.dead_letters_app, name="dead-letters")
app.add_typer(persons.persons_app, name="persons")


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
    "serve": "the reading room",
}.items():
    _to_come(_name, _what)


def _leave() -> NoReturn:
    """End at once, without waiting for the servers that threads are waiting for."""
    sys.stderr.write("stopped; what was read so far is kept, and the next run goes on\n")
    for output in (sys.stdout, sys.stderr):
        output.flush()
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
    for output in (sys.stdout, sys.stderr):
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(errors="replace")  # quotation marks on a terminal without them
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
