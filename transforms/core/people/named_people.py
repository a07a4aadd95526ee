"""The people that an article names: fullest names, gender, and what a last name stands for.

Works on the text alone, by runs of capitalised words, so that paragraphs which are not parsed
count too. Refuses to know who speaks.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from transforms.core.languages.en.word_lists import (
    bare_word,
    first_name_gender,
    gender_of,
    load_titles,
)
from transforms.core.people.categories import is_body
from transforms.core.people.names import name_key, same_person
from transforms.core.people.roles import role_after

_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_WORD = (
    rf"(?:{_UPPER}\.(?:-?{_UPPER}\.)*"
    r"|(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Maj|Capt|Adm|Sgt|St|Rev|Brig|Amb)\."
    rf"|{_UPPER}[\w’'-]*)"
)
_PARTICLE = r"(?:de|da|di|du|del|della|der|den|von|van|zu|al|el|bin|ibn|la|le|dos|das|ter|ten)"
#: A run of capitalised words with the particles between them, as a pattern.
NAME_RUN = rf"{_WORD}(?:[ \u00a0](?:{_PARTICLE}[ \u00a0])*{_WORD})*"
_RUN = re.compile(NAME_RUN)
_POSSESSIVE = re.compile(r"[’']s?$")
_COURTESIES = frozenset(("", "mr", "mrs", "ms", "miss", "dr"))
_COURTESY = re.compile(r"\b(Mr|Mrs|Ms|Miss)\.?\s+$")

#: Longer runs are headlines or lists.
MAX_NAME_WORDS = 4
#: More names than any article holds; what follows them is not looked up.
MAX_NAMES = 5_000
#: More last names under one key than any article holds, too; no others are compared.
_MOST_SPELLINGS = 20


@dataclass(frozen=True)
class NamedAt:
    """A name where the article writes it, without the titles before it."""

    start: int
    name: str
    titles: tuple[str, ...]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.name)

    @property
    def last(self) -> str:
        """Its last word, plain."""
        return bare_word(self.name.split()[-1])

    @property
    def titled(self) -> str:
        """The name with the titles."""
        return " ".join((*self.titles, self.name))


def strip_titles(words: list[str]) -> tuple[list[str], list[str]]:
    """Leading titles, and what is left as the name.

    >>> strip_titles("Foreign Minister Johann Wadephul".split())
    (['Foreign', 'Minister'], ['Johann', 'Wadephul'])
    """
    lists = load_titles()
    known = lists.titles | lists.not_names
    *before, last = words
    at = max((i + 1 for i, word in enumerate(before) if bare_word(word) in known), default=0)
    is_month = bare_word(last) in lists.not_names and not (
        before[at:] and first_name_gender(before[-1])  # Theresa May
    )
    if bare_word(last) in lists.titles or is_month:
        return words, []
    return words[:at], words[at:]


class People:
    """The names in one article, by last name."""

    def __init__(
        self, text: str, persons: Collection[str] = (), bodies: Collection[str] = ()
    ) -> None:
        """Read the names off ``text``; of some it is known that they are people's or not."""
        self.text = text
        self._full: dict[str, dict[str, list[NamedAt]]] = defaultdict(lambda: defaultdict(list))
        self._genders: dict[str, str] = {}
        self._titles: dict[str, str] = {}
        self._persons = {bare_word(name.split()[-1]) for name in persons if name.split()}
        self._by_first: dict[str, set[str]] = defaultdict(set)
        self._bare_titles: dict[str, set[str]] = defaultdict(set)
        self._bodies = frozenset(bodies)
        names = self._read(persons)
        self._by_key: dict[str, list[str]] = defaultdict(list)
        for last in self._full:
            self._by_key[name_key(last)].append(last)
        self.mentions = [  #: where people are named, and their full names
            (found.start, self.full_name(found.name, found.start))
            for found in names
            if found.last in self._persons and self._bodies.isdisjoint((found.name, found.titled))
        ]

    def _read(self, persons: Collection[str]) -> list[NamedAt]:
        """The names that surely are some; all are learned, doubtful ones if nobody bears them."""
        found = [(each, _is_believed(self.text, each, persons)) for each in _names(self.text)]
        names = [each for each, is_believed in found if is_believed]
        for each in names:
            self._learn(each)
        for each, is_believed in found:
            if not is_believed and each.last not in self._full:
                self._learn(each)
        for each in names:
            self._learn_first(each, persons)
        return names

    def _learn(self, found: NamedAt) -> None:
        words, last = found.name.split(), found.last
        if len(words) > 1:
            self._full[last][found.name].append(found)
        if found.titles or (len(words) > 1 and first_name_gender(words[0])):
            self._persons.add(last)
        gender = next(filter(None, map(gender_of, found.titles)), "")
        if gender:
            self._genders.setdefault(last, gender)
        title = " ".join(found.titles)
        if bare_word(title) not in _COURTESIES and len(title) > len(self.title_of(found.name)):
            self._titles[found.name] = title

    def _learn_first(self, found: NamedAt, persons: Collection[str]) -> None:
        """Take in what somebody may be called later by their first name, or is."""
        first, *others = found.name.split()
        if not others:
            self._bare_titles[bare_word(first)] |= set(map(bare_word, found.titles)) - _COURTESIES
        elif first == _POSSESSIVE.sub("", first) and self._is_person(found, persons):
            self._by_first[first].add(found.name)

    def _is_person(self, found: NamedAt, persons: Collection[str]) -> bool:
        """Whether a name is surely a person's, by the model, a title, a first name or a role."""
        if found.name in self._bodies:
            return False
        first = found.name.split()[0]
        is_voted = found.name in persons and first in persons
        is_titled = any(bare_word(title) in load_titles().titles for title in found.titles[-1:])
        is_person = is_voted or is_titled or bool(first_name_gender(first))
        return (is_person or bool(role_after(self.text, found.end))) and not is_body(found.name)

    def knows(self, word: str) -> bool:
        """Whether the word is the last name of somebody in the article."""
        last = bare_word(word)
        return word[:1].isupper() and (last in self._full or last in self._persons)

    def title_of(self, name: str) -> str:
        """The longest title written before a full name: "German Foreign Minister"."""
        return self._titles.get(name, "")

    def written(self, name: str) -> list[NamedAt]:
        """Where the article writes a full name, in text order."""
        words = name.split()
        return self._full[bare_word(words[-1])].get(name, []) if words else []

    def full_name(self, name: str, at: int) -> str:
        """The fullest form of a name that stands at ``at``: the nearest before it, or after.

        A last name that two people bear goes with the "Mr." or "Mrs." before it, else with
        the full name before it unless that is far the rarer one.

        >>> People("Jane Doe came. Later Doe said no.").full_name("Doe", 21)
        'Jane Doe'
        >>> People("Alex De Waal came. Then De Waal and De Waal left.").full_name("De Waal", 23)
        'Alex De Waal'
        """
        words = name.split()
        by_first_name = self._by_first_name(name) if len(words) == 1 else ""
        if by_first_name or not words:
            return by_first_name or name
        known = self._bearers(bare_word(words[-1]))
        written = {full: known[full] for full in self._fitting(name, known, at)}
        if not written:
            return name
        best = _commonest(written) if len(words) > 1 else _nearest(written, at)
        return best if len(best) >= len(name) else name

    def _fitting(self, name: str, known: Iterable[str], at: int) -> list[str]:
        """The full names that a shorter form may stand for."""
        words = name.split()
        fitting = [full for full in known if _fits(words, full.split())]
        fitting = self._of_courtesy(fitting, at) or fitting
        if fitting and words[0].casefold() in load_titles().particles:
            return [full for full in known if full.endswith(f" {name}")] or fitting
        return fitting

    def _bearers(self, last: str) -> dict[str, list[NamedAt]]:
        """The full names with this last name, or with one that is spelled alike."""
        if last not in self._full:
            alike = self._by_key.get(name_key(last), ())[:_MOST_SPELLINGS]
            last = next((known for known in alike if same_person(last, known)), last)
        return self._full.get(last, {})

    def _by_first_name(self, word: str) -> str:
        """The one person with this first name, if it is nobody's last name; or "".

        News of Ethiopians, Icelanders or Chinese calls people so: "Abiy said". Not a state,
        which people are named after, nor a king, whose title the full name does not bear.
        """
        if bare_word(word) in self._full or is_body(word) or word in self._bodies:
            return ""
        bearers = self._by_first[_POSSESSIVE.sub("", word)]
        longest = max(bearers, key=len, default="")
        if not all(longest.startswith(name) for name in bearers):
            return ""
        titles = self._bare_titles[bare_word(word)]
        return longest if not titles or titles & self._all_titles(bearers) else ""

    def _all_titles(self, names: Iterable[str]) -> set[str]:
        return {
            bare_word(t) for name in names for found in self.written(name) for t in found.titles
        }

    def _of_courtesy(self, names: list[str], at: int) -> list[str]:
        """Those whose first name goes with the "Mr." or "Mrs." before ``at``."""
        match = _COURTESY.search(self.text, max(0, at - 6), at) if len(names) > 1 else None
        if match is None:
            return []
        gender = "m" if match[1] == "Mr" else "f"
        return [name for name in names if first_name_gender(name.split()[0]) == gender]

    def gender(self, name: str) -> str:
        """The gender, "m", "f" or "", by title or first name."""
        words = name.split()
        if not words:
            return ""
        by_title = self._genders.get(bare_word(words[-1]), "")
        return by_title or (first_name_gender(words[0]) if len(words) > 1 else "")


def _is_believed(text: str, found: NamedAt, persons: Collection[str]) -> bool:
    """Whether two words are surely a name: the first of a sentence may be any word."""
    words = found.name.split()
    if len(words) != 2 or found.titles or found.name in persons or first_name_gender(words[0]):
        return True
    before = text[max(0, found.start - 4) : found.start].rstrip(' \u00a0“"‘(•–—-')
    return bool(before) and before[-1] not in ".!?…:\n”"


def _last_before(places: list[NamedAt], at: int) -> int:
    """The last of the places up to ``at``; -1 if there is none."""
    index = bisect.bisect_right(places, at, key=lambda found: found.start) - 1
    return places[index].start if index >= 0 else -1


def _commonest(written: dict[str, list[NamedAt]]) -> str:
    """The full name that the article writes most often."""
    return max(written, key=lambda full: (len(written[full]), len(full)))


def _nearest(written: dict[str, list[NamedAt]], at: int) -> str:
    """The full name nearest before a place, unless it is far rarer than the commonest."""
    best = _commonest(written)
    nearest = max(written, key=lambda full: _last_before(written[full], at))
    is_before = _last_before(written[nearest], at) >= 0
    return nearest if is_before and len(written[nearest]) * 2 >= len(written[best]) else best


def _fits(short: list[str], full: list[str]) -> bool:
    if len(short) == 1:
        return True
    a, b = bare_word(short[0]), bare_word(full[0])
    return a == b or (a.startswith(b[:1]) and (len(a) == 1 or len(b) == 1))


def _names(text: str) -> Iterator[NamedAt]:
    """The names in text order, single words too."""
    count = 0
    for match in _RUN.finditer(text):
        words = re.split(r"[ \u00a0]", match[0])
        titles, name = strip_titles(words)
        if not name:
            continue
        name[-1] = _POSSESSIVE.sub("", name[-1]).rstrip(".,")
        if name[-1] and len(name) <= MAX_NAME_WORDS:
            start = match.start() + sum(len(word) + 1 for word in titles)
            yield NamedAt(start, " ".join(name), tuple(titles))
            count += 1
            if count >= MAX_NAMES:
                return
