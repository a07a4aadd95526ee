"""Writes a file whole or not at all, so that no reader ever finds half of it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from schemas.errors import ConfigurationError


def check_writable(path: Path, option: str) -> None:
    """Do nothing when a file can be written at ``path``.

    Raises:
        ConfigurationError: the place cannot be written; ``option`` is what the user gave.
    """
    folder = path.parent
    if path.is_dir():
        problem, remedy = f"{path} is a folder", "name a file in it"
    elif not folder.is_dir():
        problem, remedy = f"there is no folder {folder}", f"make it first: mkdir -p {folder}"
    elif not os.access(path if path.exists() else folder, os.W_OK):
        problem, remedy = f"{path} may not be written", "choose another place, or change its owner"
    else:
        return
    raise ConfigurationError([f"{option}: {problem}; {remedy}"])


def replace_file(path: Path, body: bytes) -> None:
    """Puts ``body`` at ``path`` in one step; see ``written_whole``.

    Raises:
        OSError: the place cannot be written; what stood there is untouched.
    """
    with written_whole(path) as stream:
        stream.write(body)


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes stand at ``path`` when the block ends, all of them or none.

    The permissions of a file that is there are kept. A link stays, and what it leads to is
    replaced. A pipe or device (``/dev/null``) is written to as it is.

    Raises:
        OSError: the place cannot be written; what stood there is untouched.
    """
    if path.exists() and not path.is_file():  # asked of the path: /dev/stdout resolves to nothing
        with path.open("wb") as stream:
            yield stream
        return
    target = Path(os.path.realpath(path))
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, draft)
        os.replace(draft, target)
    except OSError as error:
        raise OSError(error.errno, f"could not be written ({error.strerror})", str(path)) from error
    finally:
        draft.unlink(missing_ok=True)
