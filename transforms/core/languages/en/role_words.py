"""The lexicons of roles and institutions, ready to scan with, each built once per process."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator

from schemas.annotation import Category
from transforms.core.text.phrases import (
    Casing,
    Phrase,
    PhraseScan,
    T,
    inflected,
    is_acronym,
    read_sections,
    spelling_of,
)

#: What the sections of roles.txt make of people, as far as the role alone tells; "open"
#: leaves it to the institution.
ROLE_CATEGORIES: dict[str, Category] = {
    "expert": "expert",
    "official": "official",
    "official unless research": "official",
    "journalist": "journalist",
    "organisation": "organisation",
    "organisation unless research": "organisation",
    "citizen": "citizen",
}


@dataclasses.dataclass(frozen=True)
class Institution:
    """What a body makes of those who speak for it, and how sure that is, 0 to 1."""

    category: Category
    sureness: float
    is_kind: bool = False  #: known by a word of the name only: "institute"
    is_house: bool = False  #: many of its people are not asked for judgement: a bank's tellers


_INSTITUTION_CATEGORIES: dict[str, Category] = {
    "research": "expert",
    "government": "official",
    "media": "journalist",
    "organisation": "organisation",
}
#: The sections of houses.txt, by what they make of people.
_HOUSE_CATEGORIES: dict[str, Category] = {
    "universities": "expert",
    "research centres": "expert",
    "banks": "expert",
    "brokers": "expert",
    "law firms": "expert",
    "consultancies": "expert",
    "rating agencies": "expert",
    "data firms": "expert",
    "analyst charities": "organisation",
}
#: Names that say what kind of house it is: "Tarn Securities", "a law firm".
_HOUSE_KINDS: dict[str, Casing] = {"house patterns": "capital", "kinds of house": "any"}
#: A known name is surer than a kind of name ("institute of"); an officer of a known house that
#: sells judgement is mostly asked for it; of one that is known by its kind only, less surely. By
#: hand, as an order of evidence.
_NAME_SURENESS = 0.95
_KIND_SURENESS = 0.9
_HOUSE_SURENESS = 0.85
_HOUSE_KIND_SURENESS = 0.8
#: Houses of these sections are of research, as those of institutions.txt are.
_LEARNED = frozenset({"universities", "research centres"})


@functools.lru_cache(maxsize=1)
def roles() -> PhraseScan[str]:
    """Roles, by the section of roles.txt that lists them: "open", or one with a category."""
    return PhraseScan(p for section in ("open", *ROLE_CATEGORIES) for p in _words(section))


@functools.lru_cache(maxsize=1)
def past_words() -> PhraseScan[str]:
    """Words after which an office is past: "former"."""
    return PhraseScan(_words("former"))


@functools.lru_cache(maxsize=1)
def other_trades() -> frozenset[str]:
    """Words before "analyst" or "expert" that name a trade with no say on negotiations."""
    return frozenset(read_sections("roles.txt")["trades"])


@functools.lru_cache(maxsize=1)
def other_things() -> frozenset[str]:
    """Goods and pastimes of whose analysts and experts the same is true: "analyst of cars"."""
    return frozenset(read_sections("roles.txt")["things"])


@functools.lru_cache(maxsize=1)
def not_past_words() -> PhraseScan[str]:
    """Words that hold one of ``past_words`` and say nothing of an office: "ex-Soviet"."""
    return PhraseScan(_words("not former"))


@functools.lru_cache(maxsize=1)
def fields() -> PhraseScan[str]:
    """Fields whose heads are asked for judgement wherever they work: "commodities strategy"."""
    return PhraseScan(_words("fields"))


@functools.lru_cache(maxsize=1)
def source_words() -> PhraseScan[str]:
    """Words for nobody in particular: "source", "officials"."""
    return PhraseScan(_words("unnamed"))


@functools.lru_cache(maxsize=1)
def states() -> PhraseScan[str]:
    """States and their capitals."""
    return PhraseScan(_names("states", "state", "capital"))


@functools.lru_cache(maxsize=1)
def institutions() -> PhraseScan[Institution]:
    """Bodies that people speak for, by name and by kind of name."""
    phrases: list[Phrase[Institution]] = []
    for section, category in _INSTITUTION_CATEGORIES.items():
        phrases += _names(section, Institution(category, _NAME_SURENESS), "capital")
        phrases += _names(
            f"{section} patterns", Institution(category, _KIND_SURENESS, is_kind=True), "any"
        )
    for section, category in _HOUSE_CATEGORIES.items():
        sureness = _NAME_SURENESS if section in _LEARNED else _HOUSE_SURENESS
        house = Institution(category, sureness, is_house=section != "research centres")
        phrases += _names(section, house, "capital", "houses.txt")
    for section, casing in _HOUSE_KINDS.items():
        house = Institution("expert", _HOUSE_KIND_SURENESS, is_kind=True, is_house=True)
        phrases += _names(section, house, casing, "houses.txt")
    return PhraseScan(phrases)


def _words(section: str) -> Iterator[Phrase[str]]:
    for written in read_sections("roles.txt")[section]:
        for spelling in inflected(spelling_of(written)):
            yield Phrase(spelling, written, "any", section)


def _names(
    section: str, value: T, casing: Casing, file: str = "institutions.txt"
) -> Iterator[Phrase[T]]:
    """The names of a section, an acronym in its capitals, the others in the given case."""
    for line in read_sections(file)[section]:
        for written in (part.strip() for part in line.split("|")):
            how: Casing = "exact" if is_acronym(written) else casing
            yield Phrase(spelling_of(written), written, how, value)
