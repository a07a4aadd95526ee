"""``parley check --cases``: are articles that were once read wrongly read rightly now?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text
from sqlalchemy.engine import make_url

from connectors.archive import Archive
from connectors.files.cases import append_case, read_cases
from connectors.formats import humanize
from connectors.formats.sanitizing import clean_line, shorten
from schemas.correction import Case
from schemas.errors import ConfigurationError
from schemas.watch import Watch
from transforms.core.alerts.cases import expected, found_instead, in_force, remedy

_SHOWN_CHARACTERS = 100


def check_cases(path: str, watches: Sequence[Watch], model: str | None, console: Console) -> bool:
    """Read each case's article by today's rules, and tell those that are still wrong; all well?

    Raises:
        ConfigurationError: the file cannot be read, or none of its watches was named.
    """
    from pipelines.services.explain import Reader  # loads spaCy

    by_id = {watch.id: watch for watch in watches}
    cases = in_force(read_cases(Path(path)))
    others = sorted({clean_line(case.watch) for _, case in cases if case.watch not in by_id})
    if cases and len(others) == len({case.watch for _, case in cases}):
        raise ConfigurationError([f"--cases: {path}: is of {', '.join(others)}; name that watch"])
    reader = Reader(watches, model)
    mine = [(place, case) for place, case in cases if case.watch in by_id]
    wrong = 0
    for place, case in mine:
        dossier, watch = reader.read_article(case.article), by_id[case.watch]
        if found := found_instead(case, dossier, watch):
            wrong += 1
            _tell(place, case, found, remedy(case, dossier, watch), console)
    told = f"{humanize.counted(len(mine), 'case')}: {len(mine) - wrong} right, {wrong} wrong"
    skipped = len(cases) - len(mine)
    rest = f"; {skipped} of {', '.join(others)} not tried" if skipped else ""
    console.print(Text(told + rest), soft_wrap=True)
    return not wrong


def _tell(place: str, case: Case, found: str, help_: str, console: Console) -> None:
    text = case.article.text
    words = " … ".join(text[span.start : span.end] for span in case.said)
    said = shorten(clean_line(words), _SHOWN_CHARACTERS)
    console.print(Text(f"{place}: {clean_line(case.article.url)}: {said}"), soft_wrap=True)
    console.print(Text(f"  - expected: {clean_line(expected(case))}", "green"), soft_wrap=True)
    console.print(Text(f"  + found:    {clean_line(found)}", "red"), soft_wrap=True)
    console.print(Text(f"    helps:    {clean_line(help_)}"), soft_wrap=True)


def write_owed_cases(archive: Archive) -> list[str]:
    """Write the cases that stand in no file yet; a line for each that cannot be written."""
    failures = []
    for owed in archive.corrections.pending_cases():
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
