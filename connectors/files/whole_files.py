"""Writes a file whole or not at all, so that no reader ever finds half of it."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

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
    """Put ``body`` at ``path`` in one step, keeping the permissions of a file that is there.

    A link stays, and what it leads to is replaced. A pipe or device (``/dev/null``) is
    written to as it is.

    Raises:
        OSError: the place cannot be written; what stood there is untouched.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        target.write_bytes(body)
        return
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("xb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, draft)
        os.replace(draft, target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OSError(error.errno, f"could not be written ({error.strerror})", str(path)) from error
