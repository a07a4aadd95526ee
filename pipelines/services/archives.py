"""Archives that must be there already: looking at one must not make one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from connectors.archive import Archive, open_archive
from connectors.formats.sanitizing import without_passwords
from schemas.errors import ConfigurationError
from schemas.watch import Watch


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
    except (ArgumentError, ValueError) as error:
        shown = without_passwords(url)
        raise ConfigurationError(
            [f"{option}: {shown!r} is not an address; give e.g. sqlite:///parley.db"]
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


def check_watch(archive: Archive, watch: str | None) -> None:
    """Do nothing if the archive was read for the watch.

    Raises:
        ConfigurationError: it was not; with those that it was read for.
    """
    if watch is None:
        return
    known = {w for run in archive.runs.all() for w in run.watches} | set(archive.runs.watch_files())
    known |= {alert.watch for alert in archive.alerts.all(watch)}
    if watch not in known:
        names = ", ".join(sorted(known)) or "none yet"
        raise ConfigurationError(
            [f"--watch: {watch!r}: not read for in this archive, which knows {names}"]
        )


def known_watches(archive: Archive) -> list[Watch]:
    """The watches that the archive was last used with, as far as they can still be read."""
    from connectors.watchfile.loading import load_watch  # loads pydantic
    from pipelines.settings.run_config import BUNDLED

    found = []
    for reference, _ in archive.runs.watch_files().values():
        with contextlib.suppress(ConfigurationError):
            found.append(load_watch(reference, bundled=BUNDLED))
    return found
