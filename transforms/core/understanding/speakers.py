"""Who a mention is: the fullest name, pronouns and descriptions resolved, role kept."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, replace

from schemas.annotation import Speaker
from schemas.base import Span
from transforms.core.understanding.antecedents import Antecedents, Candidate
from transforms.core.understanding.mentions import Mention
from transforms.core.understanding.people import People, load_titles, plain
from transforms.core.understanding.roles import affiliation_in, clean, role_after

try:
    from transforms.core.understanding.categories import categorise
except ImportError:  # pragma: no cover

    def categorise(name, role, affiliation, *, named):  # type: ignore[no-untyped-def]
        """Stand-in until the module is there."""
        return "citizen", ""


_FEMALE = frozenset(("she", "her", "hers"))
_MALE = frozenset(("he", "his", "him"))
_SELF = frozenset(("i", "we", "you"))


@dataclass
class _Person:
    """A speaker or a person who is named, with what is known of them."""

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
        self._candidates: list[Candidate] = []
        for at, name in people.mentions:
            key = name.casefold()
            person = self._persons.setdefault(
                key, _Person(name, True, people.gender(name), self._role_in_text(name))
            )
            self._candidates.append(Candidate(key, at, person.gender))

    def _role_in_text(self, name: str) -> str:
        """What the text sets off after the full name, or writes before it."""
        for end in self._people.ends_of(name):
            role = role_after(self._people.text, end)
            if role:
                return role
        return clean(self._people.title_of(name))

    def resolve(self, mention: Mention | None, at: int) -> tuple[Speaker | None, str]:
        """The speaker, and how it was resolved: name, pronoun, description, carried."""
        if mention is None:
            return self._resolved("carried", None, at, "", False)
        if mention.kind == "description" and self._people.knows(mention.text):
            mention = replace(mention, kind="name", name=mention.text)
        if mention.kind == "name":
            key = self._remember(mention)
            return self._speaker(key, mention), "name"
        if mention.kind == "pronoun":
            word = mention.text.lower()
            gender = "f" if word in _FEMALE else "m" if word in _MALE else ""
            return self._resolved("pronoun", mention, mention.start, gender, mention.is_plural)
        key = self._described(mention) or ""
        if key:
            self._speaks(key, mention.start)
            return self._speaker(key, mention), "description"
        key = f"?{mention.text.casefold()}"
        gender = _role_gender(mention.text) or ("" if is_human(mention.head) else "n")
        self._persons[key] = _Person(mention.text, False, gender, "", mention.is_plural)
        self._speaks(key, mention.start)
        return self._speaker(key, mention), "unnamed"

    def _resolved(
        self, rule: str, mention: Mention | None, at: int, gender: str, is_plural: bool
    ) -> tuple[Speaker | None, str]:
        ranked = self._antecedents.rank(
            self._candidates, at, gender=gender, is_plural=is_plural, rule=rule
        )
        if not ranked:
            return None, rule
        key = ranked[0][1].key
        self._speaks(key, at)
        return self._speaker(key, mention), rule

    def _speaks(self, key: str, at: int) -> None:
        person = self._persons[key]
        candidate = Candidate(key, at, person.gender, person.is_plural, is_speaker=True)
        bisect.insort(self._candidates, candidate, key=lambda c: c.at)

    def _remember(self, mention: Mention) -> str:
        name = mention.name
        if not mention.is_plural:
            name = self._people.full_name(name, mention.start)
        key = name.casefold()
        known = self._persons.get(key)
        role = _better(clean(mention.role), known.role if known else "")
        gender = self._people.gender(name) or _role_gender(mention.role)
        if not gender and mention.entity in ("ORG", "GPE", "NORP", "FAC", "LOC"):
            gender = "n"
        self._persons[key] = _Person(
            name, True, gender or (known.gender if known else ""),
            role, mention.is_plural,
        )  # fmt: skip
        self._speaks(key, mention.start)
        return key

    def _described(self, mention: Mention) -> str | None:
        """The key of the person whom "the analyst" stands for."""
        if not mention.is_definite or mention.is_plural:
            return None
        spoke = [c for c in self._candidates if c.at < mention.start and self._persons[c.key].named]
        for candidate in reversed(spoke[-12:]):
            if mention.head in self._persons[candidate.key].role.lower().split():
                return candidate.key
        if mention.head in _PERSONAL:
            ranked = self._antecedents.rank(
                [c for c in spoke if self._persons[c.key].gender != "n"], mention.start,
                gender="", is_plural=False, rule="pronoun",
            )  # fmt: skip
            return ranked[0][1].key if ranked else None
        return None

    def _speaker(self, key: str, mention: Mention | None) -> Speaker:
        person = self._persons[key]
        affiliation = affiliation_in(person.role)
        category, evidence = categorise(
            person.name, person.role, affiliation, named=person.named
        )
        return Speaker(
            name=person.name,
            as_written=mention.text if mention else "",
            named=person.named,
            span=Span(mention.start, mention.end) if mention else None,
            role=person.role,
            affiliation=affiliation,
            category=category,
            evidence=evidence,
        )


_PERSONAL = frozenset(
    ["analyst", "expert", "economist", "historian", "professor", "researcher", "scholar", "author", "lawmaker", "politician", "ambassador", "diplomat", "official", "minister", "senator", "congressman", "congresswoman", "governor", "candidate", "businessman", "billionaire", "president", "leader", "secretary", "spokesman", "spokeswoman", "adviser", "advisor"]
)


def _better(new: str, old: str) -> str:
    """The role that says more: one set off with an article, else the longer one."""
    rank = {True: 1, False: 0}
    return max((old, new), key=lambda r: (bool(r), rank[r[:2] in ("a ", "an", "th")], len(r)))


def is_human(noun: str) -> bool:
    """Whether a noun is one for people."""
    titles = load_titles()
    word = plain(noun)
    return any(word in words for words in (titles.human, titles.titles, titles.female, titles.male))


def _role_gender(role: str) -> str:
    titles = load_titles()
    words = {plain(word) for word in role.split()}
    return "f" if words & titles.female else "m" if words & titles.male else ""
