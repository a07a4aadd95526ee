"""Who a mention is: the fullest name, pronouns and descriptions resolved, role kept."""

from __future__ import annotations

from dataclasses import dataclass, replace

from schemas.annotation import Speaker
from schemas.base import Span
from transforms.core.understanding.mentions import Mention
from transforms.core.understanding.people import People, load_titles, plain

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
class _Seen:
    """A speaker or person that came up, with what is known of them."""

    name: str
    named: bool
    gender: str
    role: str
    is_plural: bool
    at: int


class Speakers:
    """Resolves mentions in text order and remembers who spoke."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._seen: list[_Seen] = []
        self._roles: dict[str, str] = {}

    def resolve(self, mention: Mention | None) -> tuple[Speaker | None, str]:
        """The speaker, and how it was resolved: name, pronoun, description, carried."""
        if mention is None:
            last = self._seen[-1] if self._seen else None
            return (self._speaker(last, None), "carried") if last else (None, "carried")
        if mention.kind == "name":
            return self._speaker(self._remember(mention), mention), "name"
        if mention.kind == "pronoun":
            seen = self._antecedent(mention)
            if seen is None:
                return None, "pronoun"
            self._seen.append(replace(seen, at=mention.start))
            return self._speaker(seen, mention), "pronoun"
        seen = self._described(mention)
        if seen is not None:
            self._seen.append(replace(seen, at=mention.start))
            return self._speaker(seen, mention), "description"
        unnamed = _Seen(mention.text, False, "", "", mention.is_plural, mention.start)
        self._seen.append(unnamed)
        return self._speaker(unnamed, mention), "unnamed"

    def note(self, mention: Mention) -> None:
        """Remember a person that came up without speaking: an antecedent for a pronoun."""
        if mention.kind == "name":
            self._remember(mention)

    def _remember(self, mention: Mention) -> _Seen:
        name = self._people.full_name(mention.name, mention.start)
        key = plain(name.split()[-1]) if name.split() else ""
        if mention.role and len(mention.role) > len(self._roles.get(key, "")):
            self._roles[key] = mention.role
        gender = self._people.gender(name) or _role_gender(mention.role)
        if mention.entity in ("ORG", "GPE", "NORP") and not gender:
            gender = "n"
        seen = _Seen(name, True, gender, self._roles.get(key, ""), mention.is_plural, mention.start)
        self._seen.append(seen)
        return seen

    def _antecedent(self, mention: Mention) -> _Seen | None:
        word = mention.text.lower()
        gender = "f" if word in _FEMALE else "m" if word in _MALE else ""
        for seen in reversed(self._seen[-12:]):
            if seen.at >= mention.start:
                continue
            if gender and (seen.is_plural or seen.gender not in (gender, "")):
                continue
            if word == "they" and not seen.is_plural and seen.gender in ("m", "f"):
                continue
            return seen
        return None

    def _described(self, mention: Mention) -> _Seen | None:
        """The person whom "the analyst" stands for."""
        if not mention.is_definite or mention.is_plural:
            return None
        recent = [seen for seen in self._seen[-8:] if seen.named and seen.at < mention.start]
        for seen in reversed(recent):
            if mention.head in seen.role.lower().split():
                return seen
        if mention.head in _PERSONAL and recent:
            return recent[-1]
        return None

    def _speaker(self, seen: _Seen, mention: Mention | None) -> Speaker:
        key = plain(seen.name.split()[-1]) if seen.named and seen.name.split() else ""
        role = self._roles.get(key, "") or seen.role
        category, evidence = categorise(seen.name, role, "", named=seen.named)
        return Speaker(
            name=seen.name,
            as_written=mention.text if mention else "",
            named=seen.named,
            span=Span(mention.start, mention.end) if mention else None,
            role=role,
            affiliation="",
            category=category,
            evidence=evidence,
        )


_PERSONAL = frozenset(
    "analyst expert economist historian professor researcher scholar author lawmaker politician "
    "ambassador diplomat official minister senator congressman congresswoman governor candidate "
    "businessman billionaire president leader secretary spokesman spokeswoman adviser advisor".split()
)


def _role_gender(role: str) -> str:
    titles = load_titles()
    words = {plain(word) for word in role.split()}
    return "f" if words & titles.female else "m" if words & titles.male else ""
