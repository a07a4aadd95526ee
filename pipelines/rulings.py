"""What users decide about persons: stored as a log, applied whenever a speaker is recalled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.sanitizing import clean_line, shorten
from pipelines.archives import open_existing
from schemas.annotation import Category
from schemas.base import Timestamp
from schemas.errors import ConfigurationError
from schemas.person import NameRecord, Person, Ruling, RulingKind
from transforms.core.judging.persons import persons_of, ruling_id
from transforms.core.understanding.names import has_given_name, name_key

_PREVIEW_CHARS = 100


def rule_category(archive: Archive, name: str, category: Category, *, note: str) -> None:
    """Decide what the person of that name is, in every article from now on."""
    _rule(archive, "category", name, category=category, note=note)


def rule_names(url: str, kind: RulingKind, one: str, other: str) -> None:
    """Decide that two names are one person's ("same"), or are not ("apart").

    Raises:
        ConfigurationError: a name is not full, or both are the same.
    """
    mistakes = [
        f"{name!r} is no full name; give first and last name"
        for name in (one, other)
        if not has_given_name(name)
    ]
    if one == other:
        mistakes.append(f"{one!r} is given twice; give two names")
    if mistakes:
        raise ConfigurationError(mistakes)
    with open_existing(url) as archive:
        _rule(archive, kind, one, other, note="parley persons")
        strangers = [name for name in (one, other) if not _is_known(archive, name)]
    console = Console(highlight=False)
    said = "are one from now on" if kind == "same" else "are two from now on"
    console.print(Text(clean_line(f"{one} and {other} {said}")), soft_wrap=True)
    for name in strangers:
        told = f"{name}: no article in this archive has introduced them; is the name right?"
        Console(stderr=True).print(Text(clean_line(told)), soft_wrap=True)


def _is_known(archive: Archive, name: str) -> bool:
    """Whether an article has introduced somebody under this very name."""
    return any(told.name == name for told in archive.name_record(name_key(name)).introductions)


def _rule(
    archive: Archive,
    kind: RulingKind,
    name: str,
    other: str = "",
    category: Category = "citizen",
    *,
    note: str,
) -> None:
    at = Timestamp.now()
    ruling = Ruling(ruling_id(kind, name, other, at), kind, name, at, other, category, note)
    archive.rule(ruling, name_key(name), name_key(other) if other else "")


def print_persons(url: str, name: str | None) -> None:
    """Everybody who was introduced, or those of one last name: what was told, where and when."""
    console = Console()
    with open_existing(url) as archive:
        keys = [name_key(name)] if name else archive.name_keys()
        shown = [_print_record(archive.name_record(key), console) for key in keys]
        if not any(shown):
            Console(stderr=True).print("nobody was introduced yet")
        _print_log(archive.rulings(), console)


def _print_record(record: NameRecord, console: Console) -> bool:
    people = persons_of(record)
    for person in people:
        _print_person(person, console)
    return bool(people)


def _print_person(person: Person, console: Console) -> None:
    latest = person.introductions[0]
    ruled = f", ruled: {person.ruled}" if person.ruled else ""
    others = f", also {', '.join(person.names[1:])}" if len(person.names) > 1 else ""
    line = f"{person.name}: {latest.category}{ruled}{others}"
    console.print(Text(clean_line(line), style="bold"), soft_wrap=True)
    for told in person.introductions:
        day = told.told_at.to_utc_datetime().date().isoformat()
        words = shorten(clean_line(told.role or told.affiliation), _PREVIEW_CHARS)
        where = clean_line(told.publisher or told.article_url)
        console.print(Text(f"  {day}  {told.category:<10} {words}  ({where})"), soft_wrap=True)


def _print_log(rulings: Sequence[Ruling], console: Console) -> None:
    for line in _log_lines(rulings):
        console.print(Text(clean_line(line), style="dim"), soft_wrap=True)


def _log_lines(rulings: Iterable[Ruling]) -> Iterable[str]:
    for ruling in rulings:
        day = ruling.ruled_at.to_utc_datetime().date().isoformat()
        said = {
            "same": f"{ruling.name} and {ruling.other} are one",
            "apart": f"{ruling.name} and {ruling.other} are two",
            "category": f"{ruling.name}: {ruling.category}",
        }[ruling.kind]
        yield f"{day}  ruled: {said}  ({ruling.note})"
