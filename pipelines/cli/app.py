"""The command line: which commands there are, and what their ends mean.

Exit codes: 0 all well; 1 ran, but something failed that the user must know; 2 wrong usage or
configuration, with one line per mistake. Progress goes to standard error, results to
standard output.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import warnings
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from pipelines.cli.options import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from pipelines.settings.installation import clashing_distributions, shadowed_packages
from pipelines.telemetry.logs import log_cleanly
from schemas.distribution import VERSION
from schemas.errors import ConfigurationError, ParleyError

#: Each command with its line in ``parley --help``. Its module, of the same name in this folder, is
#: imported when it is used: all together load Beam, spaCy and SQLAlchemy.
COMMANDS = {
    "run": "Read what is new in the feeds, and alert.",
    "follow": "Read and alert until stopped: by SIGTERM or Ctrl-C, which finish what is in hand.",
    "poll": "Hand new feed entries to a Pub/Sub topic, for `parley follow --source` or `stream` to "
    "read.",
    "deliver": "Send what is pending and due; `parley run` does it at its end.",
    "wrong": "Take an alert back: tell those who got it, mend memory, keep the case as a test.",
    "release": "Send held statements as alerts, and keep each as a case.",
    "dismiss": "Settle held statements that are no alerts, and keep each as a case.",
    "annotate": "Find who says what in given texts, in full, and write it as JSON lines.",
    "explain": "Show who says what in an article, and why each statement would or would not alert.",
    "new": "Draft a watch, commented, with the feeds of sites; asks for sides that are not given.",
    "check": "Validate watches: every mistake with its file, line, value and remedy.",
    "backtest": "Show what a watch would have sent, by subscription and day; sends nothing.",
    "alerts": "List the alerts in an archive, newest last.",
    "statements": "List every occurrence of every statement in memory, whoever said it.",
    "stream": "Run as a streaming job: messages in, alerts out.",
    "serve": "Show an archive as web pages and feeds, on this machine only.",
    "feeds": "Health of each feed; OPML in and out.",
    "dead-letters": "What failed, and trying again.",
    "persons": "Who is known, from where; two names that are one person's.",
}


def load_command(name: str) -> Any:
    """The command of that name: its module's ``app``, or its function of that name."""
    module = importlib.import_module(f"pipelines.cli.{name.replace('-', '_')}")
    app = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False)
        app.command()(getattr(module, name))
    command = get_command(app)
    command.name = name
    return command


class _Commands(TyperGroup):
    """Lists the commands without importing them; imports the one that is used."""

    def __init__(self, **settings: Any) -> None:
        listed = {name: TyperCommand(name, help=line) for name, line in COMMANDS.items()}
        super().__init__(**{**settings, "commands": listed})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that the arguments name, imported."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and load_command(str(name)), rest


app = typer.Typer(
    name="parley",
    cls=_Commands,
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
        typer.echo(f"parley {VERSION}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(EXIT_USAGE)


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
        if shadowed := shadowed_packages():
            raise ConfigurationError(shadowed)
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
    except ImportError as error:  # perhaps another distribution has replaced a module of ours
        clashing = clashing_distributions()
        if not clashing:
            raise
        sys.stderr.write("\n".join([f"{error}", *clashing]) + "\n")
        status = EXIT_USAGE
    except (KeyboardInterrupt, RuntimeError) as error:
        if not _is_interrupt(error):
            raise
        _leave()
    except BrokenPipeError:  # the reader of our output has gone, e.g. `| head`
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = EXIT_FAILED
    sys.exit(status)
