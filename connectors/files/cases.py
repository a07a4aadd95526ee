"""Cases as JSON lines: a desk's corrections, as a file that it can keep and test with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from connectors.files.append import append_new
from connectors.formats.row_json import from_json, to_json
from schemas.correction import Case
from schemas.errors import ConfigurationError


def append_case(path: Path, case: Case) -> None:
    """Add the case to the file, unless it is there.

    Raises:
        OSError: the file could not be written.
    """
    append_new(path, {case.id: f"{to_json(case)}\n".encode("utf8", "replace")})


def read_cases(path: Path) -> Iterator[tuple[str, Case]]:
    """Each case with its place, file and line.

    Raises:
        ConfigurationError: the file cannot be read, or a line is no case.
    """
    try:
        lines = path.read_text(encoding="utf8").split("\n")  # JSON may hold U+2028 as it is
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigurationError(
            [f"--cases: {path}: {why}; give a file that `parley wrong` wrote"]
        ) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{path}:{number}", _case(line, f"{path}:{number}")


def _case(line: str, place: str) -> Case:
    try:
        case: Case = from_json(line, Case)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        why = f": {error}" if isinstance(error, ValueError) else ""
        what = f"{line[:60]!a} is no case as `parley wrong` writes them; take the line out"
        raise ConfigurationError([f"{place}: {what}, or mend it{why}"]) from error
    return case
