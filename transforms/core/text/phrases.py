"""Finding many phrases in a text at once, as whole words, whatever the house style.

Aho–Corasick: the cost hardly depends on how many phrases there are. Offsets are always those
of the text as it was given.
"""

from __future__ import annotations

import dataclasses
import functools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Generic, Literal, TypeVar

from ahocorasick_rs import AhoCorasick

T = TypeVar("T")

#: How a text must write a phrase: "exact" for acronyms (US is not us), "capital" for names
#: (Turkey is not turkey), "any" for common words.
Casing = Literal["any", "capital", "exact"]

#: An acronym has at most so many letters; longer capitals are a headline's style.
_MAX_ACRONYM_LETTERS = 6

#: One character each, so that offsets stay those of the text.
_PLAIN = {
    ord("’"): "'", ord("‘"): "'", ord("ʼ"): "'", ord("‐"): "-", ord("‑"): "-", ord("–"): "-",
    ord("\u00a0"): " ", ord("\u202f"): " ", ord("\n"): " ", ord("\t"): " ",
}  # fmt: skip


def _base_letters() -> Iterator[tuple[int, str]]:
    """Accented Latin letters with their plain ones: Latin-1 to Latin Extended Additional."""
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            yield code, base.lower()


_FOLD = {**dict(_base_letters()), **_PLAIN}


def fold(text: str) -> str:
    """The text in lower case and without Latin accents, character for character.

    The length never changes, so that an offset in one is an offset in the other; that is why
    this is neither ``str.casefold`` nor NFKD.

    >>> fold("Żółć in İzmir’s Straße")
    "zołc in izmir's straße"
    """
    if not text.isascii():
        text = text.translate(_FOLD)
    elif "\n" in text or "\t" in text:
        text = text.translate(_PLAIN)
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class _PlainTable(dict[int, str]):
    """For ``str.translate``: each letter's plain small form, a space for what is none."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        base = unicodedata.normalize("NFD", char)[0]
        if not char.isalnum():
            plain = " "
        elif base.isascii():
            plain = base.lower()
        else:
            plain = char.lower() if len(char.lower()) == 1 else char
        self[code] = plain
        return plain


_PLAIN_LETTERS = _PlainTable()


def plain(text: str) -> str:
    """The text's letters and digits folded, all else as spaces, character for character.

    >>> plain("Cease-fire: İzmir’s “no”")
    'cease fire  izmir s  no '
    """
    return text.translate(_PLAIN_LETTERS)


def spelling_of(written: str) -> str:
    """A phrase as it is looked for: plain, from its first letter to its last.

    >>> spelling_of(" Prime Minister "), spelling_of("U.S.")
    ('prime minister', 'u s')
    """
    return plain(written).strip()


def is_acronym(written: str) -> bool:
    """Whether a phrase means itself only in capitals.

    >>> is_acronym("US"), is_acronym("U.N."), is_acronym("Iran"), is_acronym("C")
    (True, True, False, False)
    """
    letters = [c for c in written if c.isalpha()]
    return 1 < len(letters) <= _MAX_ACRONYM_LETTERS and all(c.isupper() for c in letters)


def inflected(spelling: str) -> Iterator[str]:
    """The spelling and its regular plural.

    >>> list(inflected("cease fire")), list(inflected("peace treaty"))
    (['cease fire', 'cease fires'], ['peace treaty', 'peace treaties'])
    """
    yield spelling
    if spelling.endswith("y") and spelling[-2:-1] not in "aeiou":
        yield spelling[:-1] + "ies"
    elif spelling.endswith("man"):
        yield spelling[:-2] + "en"
    elif spelling[-1:].isalpha() and not spelling.endswith(("s", "x", "ch", "sh")):
        yield spelling + "s"


@dataclasses.dataclass(frozen=True)
class Phrase(Generic[T]):
    """Something to be found, and what it stands for."""

    spelling: str  #: as ``spelling_of`` gives it, not empty
    written: str  #: as given; what an "exact" phrase must look like
    casing: Casing
    value: T


@dataclasses.dataclass(frozen=True)
class Hit(Generic[T]):
    """A place where a phrase stands."""

    start: int
    end: int
    value: T


class PhraseScan(Generic[T]):
    """All phrases, ready to scan with. Build it once per process."""

    def __init__(self, phrases: Iterable[Phrase[T]]) -> None:
        groups: dict[str, list[Phrase[T]]] = {}
        for phrase in phrases:
            groups.setdefault(phrase.spelling, []).append(phrase)
        self._groups = list(groups.values())
        # The spaces are the word boundaries.
        self._automaton = AhoCorasick([f" {spelling} " for spelling in groups])

    def hits(self, text: str) -> Iterator[Hit[T]]:
        """Every phrase that stands in the text as whole words, overlapping ones too, by
        start, the longest first.
        """
        found = self._automaton.find_matches_as_indexes(f" {plain(text)} ", overlapping=True)
        # One space was put before the text, and the match begins and ends with one more.
        for start, end, group in sorted(((m[1], m[2] - 2, m[0]) for m in found), key=_by_start):
            for phrase in self._groups[group]:
                if _is_cased(text, start, end, phrase):
                    yield Hit(start, end, phrase.value)


def _by_start(match: tuple[int, int, int]) -> tuple[int, int]:
    return match[0], -match[1]


def leftmost_longest(hits: Iterable[Hit[T]]) -> Iterator[Hit[T]]:
    """The hits that no earlier, or equally early and longer, one overlaps.

    Of several hits in the very same place all are kept.

    >>> [h.value for h in leftmost_longest([Hit(0, 9, "a"), Hit(0, 5, "b"), Hit(0, 9, "c")])]
    ['a', 'c']
    """
    last_start = last_end = -1
    for hit in hits:
        if hit.start >= last_end or (hit.start, hit.end) == (last_start, last_end):
            last_start, last_end = hit.start, hit.end
            yield hit


def _is_cased(text: str, start: int, end: int, phrase: Phrase[T]) -> bool:
    if phrase.casing == "any":
        return True
    if phrase.casing == "exact":
        return text[start:end] in phrase.written
    return text[start].isupper() or not text[start].isalpha()


@functools.lru_cache(maxsize=8)
def read_sections(file: str) -> Mapping[str, Sequence[str]]:
    """The lines of a lexicon in ``data/``, by their ``[section]``; "#" begins a comment."""
    data = resources.files("transforms.core.languages.en") / "data" / file
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for raw in data.read_text("utf8").splitlines():
        line = raw.partition("#")[0].strip()
        if line.startswith("["):
            lines = sections.setdefault(line.strip("[]"), [])
        elif line:
            lines.append(line)
    return sections
