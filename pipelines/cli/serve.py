"""`parley serve`: the reading room, to come."""

from __future__ import annotations

import typer

from schemas.errors import ConfigurationError

app = typer.Typer(add_completion=False)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def serve() -> None:
    """To come: the reading room."""
    raise ConfigurationError(["parley serve: to come in a later version (the reading room)"])
