"""Which speakers' names are names of persons, before memory keeps them as such.

A finder takes for a name what broken pages, datelines and headlines set in capitals: "inPlease",
"KEEPS", "WEST PALM BEACH", "Following Moe". What is none leaves the speaker unnamed; a place
before a name is cut off: "Air Force One Ida Moe".
"""

from __future__ import annotations

import dataclasses
import functools
import re

from schemas.annotation import Annotation, Attribution, Speaker
from transforms.core.languages.en.word_lists import first_name_gender
from transforms.core.people.names import listed_names
from transforms.core.text.phrases import fold

#: Two words that a page set without the space between them: "inPlease".
_GLUED = re.compile(r"([a-z]+)[A-Z]")
#: Begin last names that are written as one: "diCaprio".
_PREFIXES = frozenset(
    [
        "d",
        "o",
        "mc",
        "mac",
        "fitz",
        "de",
        "di",
        "da",
        "du",
        "del",
        "la",
        "le",
        "van",
        "von",
        "al",
        "el",
        "ben",
        "bin",
    ]
)
#: Longer words in capitals alone are no initials, as "AOC" is.
_MOST_INITIALS = 3
#: A form in -ing, of two syllables or more.
_ING = re.compile(r"[a-z]*[aeiouy][a-z]*[a-z]ing")
#: One or two syllables in pinyin: Xiaoping, Yuning, Ming.
_PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlghjqxrzcsyw])?"
    r"(?:i?ao|i?ang|i?an|iong|ong|uang|uan|uai|u?o|eng|en|ei|ai|ou|iu|ie|ia|u[aein]|un|ui|[aeiu])"
    r")?(?:[bpmdtnljqxy]|zh|ch|sh)ing"
)
#: Rules that take a label before a turn for its speaker; labels are often set in capitals.
_LABELLING = ("turn", "label")


def with_persons_named(annotation: Annotation) -> Annotation:
    """The annotation, each speaker unnamed whose name is no person's, the others by what of it is.

    Args:
        annotation: of one article.
    """
    attributions = [_plausible(attribution) for attribution in annotation.attributions]
    return dataclasses.replace(annotation, attributions=attributions)


def _plausible(attribution: Attribution) -> Attribution:
    speaker = attribution.speaker
    if not speaker.named:
        return attribution
    name = person_name(speaker.name, is_label=attribution.rule.startswith(_LABELLING))
    if name == speaker.name:
        return attribution
    found: Speaker = dataclasses.replace(speaker, name=name or speaker.name, named=bool(name))
    return dataclasses.replace(attribution, speaker=found)


@functools.lru_cache(maxsize=16384)
def person_name(name: str, *, is_label: bool = False) -> str:
    """What of a name is a person's; "" if nothing is. A label may be set in capitals.

    >>> person_name("Air Force One Ida Moe"), person_name("inPlease"), person_name("KEEPS")
    ('Ida Moe', '', '')
    >>> person_name("Following Moe"), person_name("WEST SOLM BEACH"), person_name("JOHN MOE")
    ('', '', 'JOHN MOE')
    >>> person_name("Sterling Moe"), person_name("Xiaoping Li"), person_name("MOE", is_label=True)
    ('Sterling Moe', 'Xiaoping Li', 'MOE')
    """
    words = name.split()
    if any(_is_glued(word) for word in words):
        return ""
    if not words or _begins_no_name(words) or (not is_label and _is_headline(words)):
        return ""
    return " ".join(words[_place_before(words) :]) if _place_before(words) else name


def _is_glued(word: str) -> bool:
    """Reports if two words stand in one: "inPlease"; not a prefix of a last name: "deGrasse"."""
    found = _GLUED.match(word)
    return found is not None and found[1] not in _PREFIXES


def _is_headline(words: list[str]) -> bool:
    """Reports if all is in capitals, as headlines and datelines are, and no first name in it."""
    letters = [word for word in words if any(c.isalpha() for c in word)]
    if not letters or any(word != word.upper() for word in letters):
        return False
    if len(letters) == 1:
        return len(letters[0].strip(".")) > _MOST_INITIALS
    first = fold(letters[0])
    return not (_is_first_name(first) or "." in first or len(first) < 3)


def _begins_no_name(words: list[str]) -> bool:
    """Reports if the first word begins no name: a preposition, or a verb before a last name."""
    first = fold(words[0])
    if first in listed_names("no first word"):
        return True
    is_verb = len(words) == 2 and _ING.fullmatch(first) is not None
    return is_verb and not _is_first_name(first) and _PINYIN.fullmatch(first) is None


def _place_before(words: list[str]) -> int:
    """How many words before the name are a place's or an outlet's: two or more, with a first and
    a last name left.
    """
    if _is_first_name(fold(words[0])):
        return 0
    ends = [
        number
        for number, word in enumerate(words[:-2], 1)
        if number > 1 and fold(word) in listed_names("ends of places")
    ]
    return ends[-1] if ends else 0


def _is_first_name(folded: str) -> bool:
    return bool(
        first_name_gender(folded)
        or folded in listed_names("given names")
        or folded in listed_names("first names in -ing")
    )
