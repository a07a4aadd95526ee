"""Word lists about people: titles, nouns for people, first names. All are data."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

_POSSESSIVE = re.compile(r"[’']s?$")


@dataclass(frozen=True)
class Titles:
    """The lists in ``data/titles.yaml``, which states their source."""

    titles: frozenset[str]  #: before a name
    female: frozenset[str]
    male: frozenset[str]
    human: frozenset[str]  #: nouns for people
    callings: frozenset[str]  #: "the analyst" stands for one who is named
    documents: frozenset[str]  #: writings that speak
    particles: frozenset[str]  #: inside names: "von"
    not_names: frozenset[str]  #: capitalised, and no part of a name
    abbreviations: dict[str, str]  #: "Col" -> "Colonel"


def load_data(name: str) -> Any:
    """What a YAML file beside this package holds."""
    path = resources.files("transforms.core.languages.en") / "data" / name
    return yaml.safe_load(path.read_text("utf8"))


def word_set(name: str) -> frozenset[str]:
    """One of the lists in ``data/words.yaml``, in lower case.

    >>> sorted(word_set("articles"))
    ['a', 'an', 'the']
    """
    return frozenset(_word_lists()[name])


@functools.lru_cache(maxsize=1)
def _word_lists() -> dict[str, list[str]]:
    data: dict[str, list[str]] = load_data("words.yaml")
    return data


@functools.lru_cache(maxsize=1)
def load_titles() -> Titles:
    """The word lists about people."""
    data = load_data("titles.yaml")
    abbreviations = data.pop("abbreviations")
    lists = {name: frozenset(words) for name, words in data.items()}
    return Titles(**lists, abbreviations=abbreviations)


def bare_word(word: str) -> str:
    """A word without possessive and full stop, lower case.

    >>> bare_word("Putin’s"), bare_word("Gen.")
    ('putin', 'gen')
    """
    return _POSSESSIVE.sub("", word).rstrip(".").casefold()


def is_human(noun: str) -> bool:
    """Whether a noun is one for people.

    >>> is_human("officials"), is_human("Analyst"), is_human("development")
    (True, True, False)
    """
    titles, word = load_titles(), bare_word(noun)
    return any(word in words for words in (titles.human, titles.titles, titles.female, titles.male))


def gender_of(role: str) -> str:
    """The gender, "f" or "m", when a title or noun tells: "spokeswoman".

    >>> gender_of("Vatican spokesman"), gender_of("analyst")
    ('m', '')
    """
    titles = load_titles()
    words = {bare_word(word) for word in role.split()}
    return "f" if words & titles.female else "m" if words & titles.male else ""


@functools.lru_cache(maxsize=4096)
def first_name_gender(name: str) -> str:
    """The gender of a first name, "m", "f" or "", by ``data/first_names.yaml``.

    >>> first_name_gender("Angela"), first_name_gender("John"), first_name_gender("Xyz")
    ('f', 'm', '')
    """
    return _first_names().get(bare_word(name).split("-")[0], "")


@functools.lru_cache(maxsize=1)
def _first_names() -> dict[str, str]:
    data = load_data("first_names.yaml")
    return {name: gender[0] for gender in ("female", "male") for name in data[gender].split()}
