"""Log lines on standard error, with nothing in them that moves a terminal.

Messages of libraries quote what came from outside: addresses, headers, host names.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any, Literal

from connectors.formats.sanitizing import clean_line

LogFormat = Literal["text", "json"]
#: The logger of services: what they did, batch by batch.
SERVICE = "parley"


class _CleanFormatter(logging.Formatter):
    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        lines = map(_clean, super().format(record).split("\n"))
        return " ".join(["\n".join(lines), *(f"{k}={v}" for k, v in _fields(record).items())])


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line: dict[str, Any] = {
            "time": f"{at}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": clean_line(record.getMessage()),
            **_fields(record),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)  # ASCII: nothing in it can move a terminal


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What a line of ours says in numbers: ``log(message, extra={"fields": …})``."""
    return getattr(record, "fields", {})


def _clean(line: str) -> str:
    """A line with its indentation, for traces are logged, too."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean_line(line)


def log_cleanly(form: LogFormat = "text", *, is_service: bool = False) -> None:
    """Let errors through, cleaned, and nothing less: retries and refused addresses are
    outcomes with a named reason, and stand in the archive. A service also tells what it does.
    """
    handler = logging.StreamHandler(sys.stderr)
    time_of = "%(asctime)sZ " if is_service else ""
    text = _CleanFormatter(f"{time_of}%(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S")
    handler.setFormatter(_JsonFormatter() if form == "json" else text)
    logging.getLogger("apache_beam").setLevel(logging.CRITICAL)  # it logs what it raises, too
    logging.getLogger(SERVICE).setLevel(logging.INFO if is_service else logging.ERROR)
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)


def log_engine_errors() -> None:
    """Let an engine's errors through, too: of a job that it starts again and again, they are all
    that is heard.
    """
    logging.getLogger("apache_beam").setLevel(logging.ERROR)
