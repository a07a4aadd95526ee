"""The arguments and options that several commands share, and where their messages go."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from pipelines.telemetry.logs import LogFormat

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it

ARCHIVE_HELP = "Where all is kept: an SQLAlchemy URL. An SQLite file is made if there is none."

Watches = Annotated[
    list[str],
    typer.Argument(
        help="Watch files, or names of bundled watches: ukraine-peace-talks, gaza-ceasefire-talks, "
        "iran-nuclear-talks, us-china-trade-talks; sample (an invented newsroom, to try Parley "
        "with), template (a file to copy).",
        show_default=False,
    ),
]
ArchiveUrl = Annotated[
    str, typer.Option("--archive", metavar="URL", help=ARCHIVE_HELP, envvar="PARLEY_ARCHIVE")
]
WatchFilter = Annotated[
    str | None, typer.Option("--watch", metavar="ID", help="Only this watch's.")
]
SomeWatches = Annotated[
    list[str] | None,
    typer.Option(
        "--watch",
        metavar="WATCH",
        help="Read it by this watch. Default: by the bundled ones and by any-negotiation, which "
        "takes talks between any states. Repeatable.",
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="TIME",
        help="Only what is no earlier: 2025-05-21, or 3d. Of alerts, when they were raised.",
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Only what is no later: see --since.")
]
SpeakerFilter = Annotated[
    str | None,
    typer.Option("--speaker", metavar="NAME", help="Only this speaker's: a full name, or a part."),
]
Limit = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="No more than so many.")
]
HeldIds = Annotated[
    list[str], typer.Argument(metavar="ID…", help="Ids of held statements, or how they begin.")
]
Undo = Annotated[
    bool, typer.Option("--undo", help="Take that back: the statements are held again.")
]
Cases = Annotated[
    str,
    typer.Option(
        "--cases",
        metavar="FILE",
        help="Where cases are kept, for `parley check --cases`. Default: beside the archive.",
    ),
]
NoDeliver = Annotated[
    bool, typer.Option("--no-deliver", help="Tell nobody yet; the next run or deliver does.")
]
AllowHosts = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host",
        metavar="HOST",
        help="Fetch from this host though its address is private, without pacing. Repeatable.",
    ),
]
Feeds = Annotated[
    str,
    typer.Option("--feeds", metavar="FILE|URL", help="Feeds instead of the watch's: URLs or OPML."),
]
MaxAge = Annotated[
    str | None,
    typer.Option(
        "--max-age",
        metavar="AGE",
        help="Older articles raise no alert: 12h, 7d, all. Default: the watch's.",
    ),
]
Recorded = Annotated[
    str,
    typer.Option(
        "--recorded",
        metavar="DIR",
        help="Answers saved in a folder instead of the network; 'sample' is bundled.",
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
Meaning = Annotated[
    str,
    typer.Option(
        "--meaning",
        metavar="DIR",
        help="Also find retellings by meaning: a folder with a sentence embedding in ONNX. "
        "Default: by words alone.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="JSON lines instead of text.")]
Workers = Annotated[
    int, typer.Option("--workers", metavar="N", help="Processes that annotate articles.")
]

Logs = Annotated[
    LogFormat, typer.Option("--log-format", help="How log lines are written: text or json.")
]


def messages() -> Console:
    """The console of progress and errors: standard error."""
    return Console(stderr=True)
