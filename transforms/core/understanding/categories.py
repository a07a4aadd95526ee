"""Which category of speaker someone is, from the article's own words about them.

Roles decide, institutions decide where a role leaves it open ("director of", "adviser at").
Each clause is read by itself, because people have several: "a distinguished fellow who was
the senior director for Russia" is what they are and what they were. An office that is past
makes an expert. What a watch knows about its actors is not known here.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from importlib import resources

from schemas.annotation import Category
from transforms.core.understanding.tags import fold

#: Between one thing that somebody is and the next.
_CLAUSE = re.compile(
    r"[,;()]|\band\b(?! (?:development|security|international|economic|foreign|strategic))|\bwho\b|\bnow\b"
)


@dataclasses.dataclass(frozen=True)
class Assessment:
    """A category, the words that decided it, and how sure they make it, 0 to 1."""

    category: Category
    evidence: str
    sureness: float


def categorise(name: str, role: str, affiliation: str, *, named: bool) -> tuple[Category, str]:
    """The category that the article's words give a speaker, and the words.

    >>> categorise("Ana Ruiz", "senior fellow", "Hudson Institute", named=True)
    ('expert', 'senior fellow')
    >>> categorise("Jon Vik", "a former defense minister", "", named=True)
    ('expert', 'former defense minister')
    >>> categorise("a Western diplomat", "", "", named=False)
    ('unnamed_source', 'diplomat')
    >>> categorise("analysts", "", "", named=False)
    ('expert', 'analysts')
    """
    found = assess(name, role, affiliation, named=named)
    return found.category, found.evidence


@functools.lru_cache(maxsize=8192)
def assess(name: str, role: str, affiliation: str, *, named: bool) -> Assessment:
    """As ``categorise``, with how sure the words make it."""
    if not named:
        return _assess_unnamed(f"{name}, {role}" if role else name, affiliation)
    found = _assess_clauses(role, affiliation) or _assess_institution(f"{role} {affiliation}")
    if found:
        return found
    body = _assess_body(name)
    if body:
        return body
    return Assessment("citizen", "", 0.3)


def _assess_unnamed(description: str, affiliation: str) -> Assessment:
    lexicon = _lexicon()
    text = fold(description)
    if match := lexicon["expert"].search(text):
        return Assessment("expert", match[0], 0.9)
    if match := lexicon["spokes"].search(text):
        return Assessment("official", match[0], 0.9)
    if match := lexicon["unnamed"].search(text):
        return Assessment("unnamed_source", match[0], 0.9)
    for category in ("official", "journalist", "citizen", "organisation"):
        if match := lexicon[category].search(text):
            return Assessment(category, match[0], 0.8)
    return (
        _assess_institution(f"{description} {affiliation}")
        or _assess_body(description)
        or Assessment("unnamed_source", "", 0.4)
    )


def _assess_clauses(role: str, affiliation: str) -> Assessment | None:
    """The strongest of what the role's clauses say."""
    lexicon = _lexicon()
    found: list[Assessment] = []
    for clause in _CLAUSE.split(fold(role)):
        former = lexicon["former"].search(clause)
        institution = lexicon["research"].search(f"{clause} {affiliation}".lower())
        for category in ("expert", "journalist", "official", "organisation", "citizen"):
            match = lexicon[category].search(clause)
            if match is None:
                continue
            if category == "official" and former and former.start() < match.start():
                words = clause[former.start() :].strip()
                found.append(Assessment("expert", words, 0.85))
            elif category == "official" and institution:
                found.append(Assessment("expert", clause.strip(), 0.85))
            else:
                found.append(Assessment(category, match[0], 0.95))
            break
    if not found:
        return None
    return max(found, key=lambda a: (a.category == "official", a.sureness, -found.index(a)))


def _assess_institution(text: str) -> Assessment | None:
    lexicon = _lexicon()
    plain = fold(text)
    if match := lexicon["research"].search(plain):
        return Assessment("expert", match[0], 0.85)
    if match := lexicon["government"].search(plain):
        return Assessment("official", match[0], 0.85)
    if match := lexicon["media"].search(plain):
        return Assessment("journalist", match[0], 0.8)
    return None


def _assess_body(name: str) -> Assessment | None:
    """A body that speaks: a medium, a ministry, a think tank's report."""
    return _assess_institution(name)


@functools.lru_cache(maxsize=1)
def _lexicon() -> dict[str, re.Pattern[str]]:
    sections: dict[str, list[str]] = {}
    for file in ("roles.txt", "institutions.txt"):
        data = resources.files("transforms.core.understanding") / "data" / file
        section = ""
        for line in data.read_text("utf8").splitlines():
            phrase = line.partition("#")[0].strip()
            if phrase.startswith("["):
                section = phrase.strip("[]")
            elif phrase:
                sections.setdefault(section, []).append(phrase)
    sections["spokes"] = ["spokesman", "spokeswoman", "spokesperson*"]
    return {name: _pattern(phrases) for name, phrases in sections.items()}


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    """One pattern of all phrases, longest first, whole words."""
    ordered = sorted({fold(p) for p in phrases}, key=lambda p: (-len(p), p))
    parts = (re.escape(p).replace(r"\*", r"\w*") for p in ordered)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")
