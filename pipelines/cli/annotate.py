"""`parley annotate`: every attributed statement of a corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import Model, SomeWatches, Workers, messages


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
