"""`parley explain`: who says what in one article, and what would alert."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from pipelines.cli.options import AllowHosts, AsJson, Model, SomeWatches


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
