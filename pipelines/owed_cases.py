"""The file of cases: where it stands, and what the archive still owes it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url

from connectors.archive import Archive
from connectors.files.cases import append_case


def write_owed_cases(archive: Archive) -> list[str]:
    """Write the cases that stand in no file yet; a line for each that cannot be written."""
    failures = []
    for owed in archive.corrections.owed_cases():
        try:
            append_case(Path(owed.file), owed.case)
        except OSError as error:
            failures.append(f"case file {owed.file}: {error.strerror}; the next run tries again")
        else:
            archive.corrections.mark_written(owed.correction_id)
    return failures


def case_file(url: str, given: str) -> Path:
    """Beside an archive that is a file; else in the folder at hand."""
    if given:
        return Path(given)
    database = make_url(url).database or ""
    if make_url(url).get_backend_name() == "sqlite" and not database.startswith("file:"):
        return Path(database).with_suffix(".cases.jsonl")
    return Path("parley.cases.jsonl")
