"""Log lines: the libraries' errors on standard error, with nothing in them that moves a terminal.

Messages of libraries quote what came from outside: addresses, headers, host names.
"""

from __future__ import annotations

import logging
import sys

from connectors.sanitizing import clean_line


class _CleanFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(_clean, super().format(record).split("\n")))


def _clean(line: str) -> str:
    """A line with its indentation, for traces are logged, too."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean_line(line)


def log_cleanly() -> None:
    """Let errors through, cleaned, and nothing less: retries and refused addresses are
    outcomes with a named reason, and stand in the archive.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_CleanFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.getLogger("apache_beam").setLevel(logging.CRITICAL)  # it logs what it raises, too
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
