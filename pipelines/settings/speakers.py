"""Which names `--speaker` means."""

from __future__ import annotations

from transforms.core.people.names import has_given_name, same_person
from transforms.core.text.phrases import fold


def is_meant(name: str, wanted: str | None) -> bool:
    """Reports if a name is one that ``--speaker`` asks for; None asks for all.

    A full name means the one person, in other spellings of the name, too; a single word any name
    that has it.

    >>> [is_meant("Ana Ruiz", wanted) for wanted in ("ruiz", "Ana Ruíz", "Eva Ruiz", "rui", None)]
    [True, True, False, False, True]
    """
    if wanted is None:
        return True
    words = set(fold(wanted).split())
    if words and words <= set(fold(name).split()):
        return True
    return has_given_name(wanted) and has_given_name(name) and same_person(wanted, name)
