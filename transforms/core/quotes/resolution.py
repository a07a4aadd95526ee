"""Who a mention is: the fullest name, pronouns and descriptions resolved, role kept."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from schemas.annotation import Speaker
from schemas.base import Span
from transforms.core.languages.en.word_lists import gender_of, is_human, load_titles
from transforms.core.people.categories import categorise, is_body
from transforms.core.people.named_people import People
from transforms.core.people.roles import affiliation_in, better, clean, role_after, with_body
from transforms.core.quotes.antecedents import Antecedents, Candidate
from transforms.core.quotes.mentions import Mention

#: How a speaker was found: by name, by a pronoun or description that stands for somebody, by
#: a description of nobody in particular, or because nobody else is named.
_POSSESSIVE = re.compile(r"['’]s\b")
Resolution = Literal["name", "pronoun", "description", "unnamed", "carried"]

_GENDERS = {"she": "f", "her": "f", "hers": "f", "he": "m", "his": "m", "him": "m"}
#: How far apart the sums of the two best candidates are when the choice is safe. Counted on
#: PolNeAR's training part.
CLEAR_MARGIN = 1.5
#: Mentions of one person whose surroundings are searched for a role.
_MAX_ROLE_PLACES = 8


@dataclass(frozen=True)
class Resolved:
    """A speaker, how they were found, and whether nobody else came near."""

    speaker: Speaker
    how: Resolution
    is_clear: bool = True


@dataclass(frozen=True)
class _Person:
    """Somebody who is named or spoke, with what is known of them."""

    name: str
    named: bool
    gender: str = ""  #: "m", "f", "n" for a body, "" when unknown
    role: str = ""
    is_plural: bool = False


class Speakers:
    """Resolves mentions in text order and remembers who spoke."""

    def __init__(self, people: People, antecedents: Antecedents) -> None:
        self._people = people
        self._antecedents = antecedents
        self._persons: dict[str, _Person] = {}
        for at, name in people.mentions:
            key = name.casefold()
            if key not in self._persons:
                role = self._role_in_text(name)
                gender = people.gender(name) or ("n" if is_body(name) else "")
                self._persons[key] = _Person(name, True, gender, role)
            antecedents.add(Candidate(key, at, self._persons[key].gender))

    def _role_in_text(self, name: str) -> str:
        """What the text sets off after the full name, or writes before it."""
        before = ""
        for place in self._people.written(name)[:_MAX_ROLE_PLACES]:
            role = role_after(self._people.text, place.end)
            if role:
                return role
            titled = with_body(clean(" ".join(place.titles)), self._people.text, place.end)
            before = better(titled, before)
        return better(clean(self._people.title_of(name)), before)

    def resolve(self, mention: Mention | None, at: int) -> Resolved | None:
        """The speaker whom the mention names, or of words at ``at`` that nobody claims.

        None when no candidate fits.
        """
        if mention is None:
            return self._ranked("carried", None, at)
        if mention.kind == "pronoun":
            return self._ranked("pronoun", mention, mention.start)
        if mention.kind == "description" and self._people.knows(mention.text):
            mention = replace(mention, kind="name")
        if mention.kind == "name":
            return self._resolved(self._remember(mention), mention, "name")
        key = self._described(mention)
        if key:
            return self._resolved(key, mention, "description")
        gender = gender_of(mention.text) or ("" if is_human(mention.head) else "n")
        key = f"?{mention.text.casefold()}"
        self._persons[key] = _Person(mention.text, False, gender, "", mention.is_plural)
        return self._resolved(key, mention, "unnamed")

    def _ranked(self, how: Resolution, mention: Mention | None, at: int) -> Resolved | None:
        gender = _GENDERS.get(mention.text.lower(), "") if mention else ""
        is_plural = mention is not None and mention.is_plural
        ranked = self._antecedents.rank(at, how, gender=gender, is_plural=is_plural)
        if not ranked:
            return None
        is_clear = len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= CLEAR_MARGIN
        return self._resolved(ranked[0][1], mention, how, at, is_clear)

    def _remember(self, mention: Mention) -> str:
        name = mention.text
        if not mention.is_plural:
            name = self._people.full_name(name, mention.start)
        key = name.casefold()
        known = self._persons.get(key) or _Person(name, True, role=self._role_in_text(name))
        gender = self._people.gender(name) or gender_of(mention.role)
        if not gender and mention.is_body:
            gender = "n"
        role = clean(mention.role)
        if not mention.is_body and not mention.is_plural:
            role = with_body(role, self._people.text, mention.end)
        role = better(role, known.role)
        self._persons[key] = _Person(name, True, gender or known.gender, role, mention.is_plural)
        return key

    def _described(self, mention: Mention) -> str:
        """The key of the person whom "the analyst" stands for; "" if it is nobody known."""
        if not mention.is_definite or mention.is_plural:
            return ""
        named = self._called(mention)
        if named or mention.head not in load_titles().callings:
            return named
        if _POSSESSIVE.search(mention.text):
            return ""  # "the Kremlin's spokesman" is not whoever spoke before
        ranked = self._antecedents.rank(mention.start, "pronoun")
        fitting = (key for _, key in ranked if _may_be(mention, self._persons[key]))
        return next(fitting, "")

    def _called(self, mention: Mention) -> str:
        """The key of the last person with the described role: "an analyst", "the analyst"."""
        for candidate in self._antecedents.before(mention.start):
            person = self._persons[candidate.key]
            if person.named and mention.head in person.role.casefold().split():
                return candidate.key
        return ""

    def _resolved(
        self,
        key: str,
        mention: Mention | None,
        how: Resolution,
        at: int = 0,
        is_clear: bool = True,
    ) -> Resolved:
        person = self._persons[key]
        at = mention.start if mention else at
        self._antecedents.add(Candidate(key, at, person.gender, person.is_plural, is_speaker=True))
        affiliation = affiliation_in(person.role)
        category, evidence = categorise(person.name, person.role, affiliation, named=person.named)
        speaker = Speaker(
            name=person.name,
            as_written=mention.text if mention else "",
            named=person.named,
            span=Span(mention.start, mention.end) if mention else None,
            role=person.role,
            affiliation=affiliation,
            category=category,
            evidence=evidence,
        )
        return Resolved(speaker, how, is_clear)


def _may_be(mention: Mention, person: _Person) -> bool:
    """Reports if a description can stand for a person: "the minister" is no analyst."""
    if person.gender == "n" or not person.named:
        return False
    described, _ = categorise("", mention.text, "", named=True)
    known, _ = categorise(person.name, person.role, affiliation_in(person.role), named=True)
    return "citizen" in (described, known) or described == known
