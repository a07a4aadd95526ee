"""How likely a role that no list decides is an expert's: a logistic regression over its words.

The weights in ``languages/en/data/role_model.json`` were fitted by ``tests/bench/train_roles.py``;
the file says on what, how much of it and when. Each feature is a word of the role, the kind of
its head noun, the kind of its institution, or the company that its bearer keeps, so that a
decision can be explained by the features that weigh most.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from transforms.core.languages.en.role_words import institutions, past_words, roles
from transforms.core.logistic import Logistic, load_model
from transforms.core.text.phrases import leftmost_longest

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
#: The head noun of a phrase ends where one of these begins what belongs to it.
_AFTER_HEAD = re.compile(r"[,;:(]|\b(?:of|for|at|in|on|with|from|to|who|and|by|under|turned)\b")
#: Endings of nouns for those who study or practise something.
_ENDINGS = ("ologist", "omist", "ician", "grapher", "ist", "ian", "er", "or")
#: Longer roles are sentences, whose further words say little of who someone is.
_MAX_WORDS = 40
#: From this probability a role is taken for an expert's: on outlets left out of the fit, the
#: lowest of 0.5, 0.6, 0.7 and 0.8 that takes nobody else for one whom the lists leave open.
MIN_EXPERT_PROBABILITY = 0.6
#: With more experts beside someone their number says no more.
_MOST_COMPANY = 3


def role_features(role: str, affiliation: str, company: int) -> dict[str, float]:
    """What the model sees of a role: its words, head, institution, and experts beside it.

    ``company`` counts the named experts of the article other than the role's bearer.

    >>> found = role_features("keeper of maps at the Elbe Institute", "Elbe Institute", 1)
    >>> sorted(found)[:5]
    ['company', 'ending:er', 'head:none', 'house:expert', 'word:at']
    """
    found = {"company": min(company, _MOST_COMPANY) / _MOST_COMPANY}
    words = [w.lower() for w in _WORD.findall(role)][:_MAX_WORDS]
    found.update({f"word:{word}": 1.0 for word in words})
    found.update(dict.fromkeys(_of_head(role), 1.0))
    found.update(dict.fromkeys(_of_house(role, affiliation), 1.0))
    if next(past_words().hits(role), None) is not None:
        found["past"] = 1.0
    return found


def _of_head(role: str) -> Iterator[str]:
    """The kind of the role's head noun, by the list that holds it and by its ending."""
    head = _AFTER_HEAD.split(role, maxsplit=1)[0].strip()
    hits = [hit for hit in roles().hits(head) if hit.end == len(head)]
    yield f"head:{hits[0].value if hits else 'none'}"
    ending = next((e for e in _ENDINGS if head.lower().endswith(e)), "")
    if ending:
        yield f"ending:{ending}"


def _of_house(role: str, affiliation: str) -> Iterator[str]:
    """What the institutions in the role and the affiliation make of their people."""
    hits = list(leftmost_longest(institutions().hits(f"{role}; {affiliation}")))
    yield from {f"house:{hit.value.category}" for hit in hits} or {"house:none"}


_SAID = {
    "company": "other experts beside them",
    "past": "a past office",
    "house:expert": "a house of experts",
}


def explained(features: list[str]) -> str:
    """Features in words for people.

    >>> explained(["house:expert", "word:maps", "ending:er", "head:expert"])
    'a house of experts, “maps”, a noun in “-er”, a noun for experts'
    """
    return ", ".join(map(_explained, features))


def _explained(feature: str) -> str:
    kind, _, value = feature.partition(":")
    if kind == "word":
        return f"“{value}”"
    if kind == "ending":
        return f"a noun in “-{value}”"
    return _SAID.get(feature) or f"a noun for {value}s"


@functools.lru_cache(maxsize=1)
def load_role_model() -> Logistic:
    """The model that ships with Parley, read once a process."""
    return load_model("transforms.core.languages.en", "role_model")
