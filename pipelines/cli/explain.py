"""Commands that show what Parley makes of given articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from pipelines.cli.options import AllowHosts, AsJson, Model, SomeWatches, Workers, messages


def annotate(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", help='{"doc_id", "text"} a line.')],
    target: Annotated[
        Path, typer.Argument(metavar="OUT.jsonl|-", help="One object a line; - is standard output.")
    ],
    watch: SomeWatches = None,
    workers: Workers = 1,
    model: Model = None,
) -> None:
    """Find who says what in given texts, in full, and write it as JSON lines.

    \b
    parley annotate texts.jsonl statements.jsonl
    parley annotate texts.jsonl statements.jsonl --watch my-watch.yaml --workers 2
    """
    from pipelines.services.explain import annotate_file

    annotate_file(source, target, watch or (), workers=workers, model=model, console=messages())


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
    from pipelines.services.explain import explain_source

    explain_source(
        source,
        watch or (),
        as_json=as_json,
        allow_hosts=tuple(allow_host or ()),
        model=model,
        console=Console(),
    )
