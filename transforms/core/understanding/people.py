"""The people that an article names: fullest names, gender, and what a last name stands for.

Works on the text alone, by runs of capitalised words, so that paragraphs which are not parsed
count too.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

import yaml

from transforms.core.understanding.names import name_key

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_WORD = (
    rf"(?:{_UPPER}\.(?:-?{_UPPER}\.)*|(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Maj|Capt|Adm|Sgt|St|Rev|Brig|Amb)\."
    rf"|{_UPPER}[\w’'-]*)"
)
_PARTICLE = r"(?:de|da|di|du|del|della|der|den|von|van|zu|al|el|bin|ibn|la|le|dos|das|ter|ten)"
#: A run of capitalised words with the particles between them, as a pattern.
NAME_RUN = rf"{_WORD}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0])*{_WORD})*"
_RUN = re.compile(NAME_RUN)
_POSSESSIVE = re.compile(r"[’']s?$")


_COURTESIES = frozenset(("", "mr", "mrs", "ms", "miss", "dr"))
_COURTESY = re.compile(r"\b(Mr|Mrs|Ms|Miss)\.?\s+$")


@dataclass(frozen=True)
class _Titles:
    titles: frozenset[str]
    female: frozenset[str]
    male: frozenset[str]
    human: frozenset[str]
    documents: frozenset[str]
    particles: frozenset[str]
    not_names: frozenset[str]


@functools.lru_cache(maxsize=1)
def load_titles() -> _Titles:
    """The word lists in ``data/titles.yaml``, which states their source."""
    path = resources.files("transforms.core.understanding") / "data" / "titles.yaml"
    data = yaml.safe_load(path.read_text("utf8"))
    return _Titles(**{name: frozenset(words) for name, words in data.items()})


def plain(word: str) -> str:
    """A word without possessive and full stop, lower case.

    >>> plain("Putin’s"), plain("Gen.")
    ('putin', 'gen')
    """
    return _POSSESSIVE.sub("", word).rstrip(".").casefold()


def strip_titles(words: list[str]) -> tuple[list[str], list[str]]:
    """Leading titles and what is left as the name.

    >>> strip_titles("Foreign Minister Johann Wadephul".split())
    (['Foreign', 'Minister'], ['Johann', 'Wadephul'])
    """
    titles = load_titles()
    known = titles.titles | titles.not_names
    at = max((i + 1 for i, word in enumerate(words) if plain(word) in known), default=0)
    return (words[:at], words[at:]) if at < len(words) else (words, [])


@dataclass(frozen=True)
class NamedAt:
    """A name of two words or more, where the article writes it."""

    start: int
    name: str
    titles: tuple[str, ...]
    end: int = 0


class People:
    """The names in one article, by last name."""

    def __init__(
        self, text: str, persons: Iterable[str] = (), bodies: Iterable[str] = ()
    ) -> None:
        """Read the names off ``text``; of some it is known that they are people's or not."""
        self._by_last: dict[str, list[NamedAt]] = defaultdict(list)
        self._genders: dict[str, str] = {}
        self.text = text
        self._titles: dict[str, str] = {}
        self._persons = {plain(name.split()[-1]) for name in persons if name.split()}
        bodies = frozenset(bodies)
        self.mentions: list[tuple[int, str]] = []  #: where people are named, and their full names
        names = list(_full_names(text))
        for found in names:
            words = found.name.split()
            last = plain(words[-1])
            if len(words) > 1:
                self._by_last[last].append(found)
            if found.titles or (len(words) > 1 and first_name_gender(words[0])):
                self._persons.add(last)
            self._learn_gender(last, found.titles)
            title = " ".join(found.titles)
            if plain(title) not in _COURTESIES and len(title) > len(self._titles.get(found.name, "")):
                self._titles[found.name] = title
        self._keys = {name_key(last): last for last in self._by_last}
        for found in names:
            if plain(found.name.split()[-1]) in self._persons and found.name not in bodies:
                self.mentions.append((found.start, self.full_name(found.name, found.start)))

    def _learn_gender(self, last: str, words: tuple[str, ...]) -> None:
        titles = load_titles()
        for word in map(plain, words):
            if word in titles.female:
                self._genders.setdefault(last, "f")
            elif word in titles.male:
                self._genders.setdefault(last, "m")

    def full_name(self, name: str, at: int) -> str:
        """The fullest form of a name that stands at ``at``: the nearest before it, or after.

        >>> People("Jane Doe came. Later Doe said no.").full_name("Doe", 21)
        'Jane Doe'
        """
        words = name.split()
        if not words:
            return name
        last = plain(words[-1])
        known = self._by_last.get(last) or self._by_last.get(
            self._keys.get(name_key(words[-1]), ""), []
        )
        fitting = [n for n in known if _fits(words, n.name.split())]
        fitting = self._of_title(fitting, at) or fitting
        if not fitting:
            return name
        counts: dict[str, int] = defaultdict(int)
        for found in fitting:
            counts[found.name] += 1
        before = [n.name for n in fitting if n.start <= at]
        best = max(counts, key=lambda n: (counts[n], len(n)))
        if before and len(words) == 1:
            best = before[-1] if counts[before[-1]] * 2 >= counts[best] else best
        return best if len(best) >= len(name) else name

    def knows(self, word: str) -> bool:
        """Whether the word is the last name of somebody in the article."""
        return word[:1].isupper() and (plain(word) in self._by_last or plain(word) in self._persons)

    def ends_of(self, name: str) -> list[int]:
        """Where mentions of a full name end, in text order."""
        return [n.end for n in self._by_last.get(plain(name.split()[-1]), []) if n.name == name]

    def title_of(self, name: str) -> str:
        """The longest title written before a full name: "German Foreign Minister"."""
        return self._titles.get(name, "")

    def _of_title(self, names: list[NamedAt], at: int) -> list[NamedAt]:
        """Those whose first name goes with the "Mr." or "Mrs." before ``at``."""
        match = _COURTESY.search(self.text, max(0, at - 6), at)
        if match is None:
            return []
        gender = "m" if match[1] == "Mr" else "f"
        return [n for n in names if first_name_gender(n.name.split()[0]) == gender]

    def gender(self, name: str) -> str:
        """ "m", "f" or "" by title or first name."""
        words = name.split()
        if not words:
            return ""
        by_title = self._genders.get(plain(words[-1]), "")
        by_first = first_name_gender(words[0]) if len(words) > 1 else ""
        return by_title or by_first


def _fits(short: list[str], full: list[str]) -> bool:
    if len(short) == 1:
        return True
    a, b = plain(short[0]), plain(full[0])
    return a == b or (a.startswith(b[:1]) and (len(a) == 1 or len(b) == 1))


def _full_names(text: str) -> Iterator[NamedAt]:
    for match in _RUN.finditer(text):
        words = re.split(r"[ \u00a0]+", match[0])
        titles, name = strip_titles(words)
        if not name:
            continue
        name[-1] = _POSSESSIVE.sub("", name[-1]).rstrip(".,")
        if 1 <= len(name) <= 4 and name[-1]:
            skipped = sum(len(w) + 1 for w in titles)
            start = match.start() + skipped
            written = " ".join(name)
            yield NamedAt(start, written, tuple(titles), start + len(written))


@functools.lru_cache(maxsize=4096)
def first_name_gender(name: str) -> str:
    """ "m", "f" or "" for a first name, by ``data/first_names.yaml``.

    >>> first_name_gender("Angela"), first_name_gender("John"), first_name_gender("Xyz")
    ('f', 'm', '')
    """
    genders = _first_names()
    return genders.get(plain(name).split("-")[0], "")


@functools.lru_cache(maxsize=1)
def _first_names() -> dict[str, str]:
    path = resources.files("transforms.core.understanding") / "data" / "first_names.yaml"
    data = yaml.safe_load(path.read_text("utf8"))
    return {n: g[0] for g in ("female", "male") for n in data[g].split()}
