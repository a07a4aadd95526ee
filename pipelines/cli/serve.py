"""`parley serve`: an archive as web pages and feeds, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from connectors.formats.sanitizing import without_passwords
from pipelines.cli.options import ArchiveUrl
from pipelines.services.archives import check_exists, open_existing
from schemas.distribution import install_hint
from schemas.errors import ConfigurationError


def serve(
    archive: ArchiveUrl = "sqlite:///parley.db",
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="0 takes a free one.")
    ] = 8765,
    host: Annotated[
        str, typer.Option("--host", metavar="H", help="localhost, 127.0.0.1 or ::1; no other yet.")
    ] = "localhost",
) -> None:
    """Show an archive as web pages and feeds, on this machine only.

    It reads and changes nothing; `parley run` and `follow` may write meanwhile. Ctrl-C ends it.

    \b
    parley serve --archive sqlite:///parley.db
    """
    try:
        from pipelines.reading_room.server import check_host, serve_archive
    except ImportError as error:
        raise ConfigurationError(
            [f"parley serve needs {error.name}; install {install_hint('serve')}"]
        ) from error
    check_host(host)
    _check_there(archive)
    with open_existing(archive) as opened:
        serve_archive(opened, host, port, lambda url: typer.echo(f"reading room: {url}"))


def _check_there(archive: str) -> None:
    """Do nothing if the archive may be there.

    Raises:
        ConfigurationError: it is not; with the command that makes one.
    """
    try:
        check_exists(archive)
    except ConfigurationError as error:
        shown = without_passwords(archive)
        remedy = (
            f"to try the bundled sample: `parley run sample --recorded sample --archive {shown}`"
        )
        raise ConfigurationError([*error.mistakes, remedy]) from error
