"""Commands as hints print them: they can be pasted as they stand."""

from __future__ import annotations

import os
import shlex

from connectors.formats.sanitizing import without_passwords

#: What commands use that name no archive.
DEFAULT_ARCHIVE = "sqlite:///parley.db"


def command(line: str, archive: str) -> str:
    """The command line with the archive that it is to look at, in backquotes.

    The archive is left out where it is the one that would be used anyway. A password in it is not
    shown, so it must be filled in.

    >>> command("parley feeds", DEFAULT_ARCHIVE)
    '`parley feeds`'
    >>> command("parley feeds", "sqlite:////desk/the news.db")
    "`parley feeds --archive 'sqlite:////desk/the news.db'`"
    """
    if archive == os.environ.get("PARLEY_ARCHIVE", DEFAULT_ARCHIVE):
        return f"`{line}`"
    return f"`{line} --archive {shlex.quote(without_passwords(archive))}`"
