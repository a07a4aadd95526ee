"""What users decide about persons: stored as a log, applied whenever a speaker is recalled."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.formats.sanitizing import clean_line
from pipelines.services.archives import open_existing
from schemas.base import Instant
from schemas.errors import ConfigurationError
from schemas.person import Ruling, RulingKind
from transforms.core.people.names import has_given_name, name_key
from transforms.core.people.persons import ruling_id


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
        at = Instant.now()
        ruling_key = ruling_id(kind, one, other, at)
        ruling = Ruling(ruling_key, kind, one, at, other, note="parley persons")
        archive.persons.decide(ruling, name_key(one), name_key(other))
        strangers = [name for name in (one, other) if not _is_known(archive, name)]
    console = Console(highlight=False)
    said = "are one from now on" if kind == "same" else "are two from now on"
    console.print(Text(clean_line(f"{one} and {other} {said}")), soft_wrap=True)
    for name in strangers:
        told = f"{name}: no article in this archive has introduced them; is the name right?"
        Console(stderr=True).print(Text(clean_line(told)), soft_wrap=True)


def _is_known(archive: Archive, name: str) -> bool:
    """Whether an article has introduced somebody under this very name."""
    return any(
        told.name == name for told in archive.memory.name_record(name_key(name)).introductions
    )
