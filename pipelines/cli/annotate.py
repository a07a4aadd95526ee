"""`parley annotate`: every attributed statement of a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import Model, SomeWatches, Workers, messages


def annotate(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="IN.jsonl",
            help='Articles as `run --input` takes them: "text" or "html" a line, and "doc_id".',
        ),
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUT.jsonl|-", help="One object a line; - is standard output.")
    ],
    watch: SomeWatches = None,
    workers: Workers = 1,
    model: Model = None,
    fields: Annotated[
        str,
        typer.Option(
            "--fields",
            metavar="NAMES",
            help="Only these fields of a statement, parted by commas; -NAME leaves one out.",
        ),
    ] = "",
) -> None:
    """Find who says what in given texts, in full, and write it as JSON lines.

    \b
    parley annotate texts.jsonl statements.jsonl
    parley annotate texts.jsonl statements.jsonl --watch my-watch.yaml --workers 2
    parley annotate texts.jsonl - --fields speaker,text,content
    parley annotate texts.jsonl statements.jsonl --fields -matches,-tags
    """
    from pipelines.services.explain import annotate_file

    annotate_file(
        source,
        target,
        watch or (),
        workers=workers,
        model=model,
        console=messages(),
        fields=fields,
    )
