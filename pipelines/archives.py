"""Archives that must be there already: looking at one must not make one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from connectors.archive import Archive, open_archive
from schemas.errors import ConfigurationError


@contextlib.contextmanager
def open_existing(url: str) -> Iterator[Archive]:
    """The archive at ``url``, which must be there: looking must not make one.

    Raises:
        ConfigurationError: there is none, or it cannot be used.
    """
    check_exists(url)
    with contextlib.closing(open_archive(url)) as archive:
        yield archive


def check_exists(url: str, option: str = "--archive") -> None:
    """Do nothing when an archive may be there.

    Raises:
        ConfigurationError: the URL is none, or names a file that does not exist.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(
            [f"{option}: {url!r} is not an address; give e.g. sqlite:///parley.db"]
        ) from error
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (
        None,
        "",
        ":memory:",
    )
    if is_file and not Path(str(parsed.database)).exists():
        raise ConfigurationError(
            [f"{option}: {parsed.database}: no archive there; make one with `parley run`"]
        )
