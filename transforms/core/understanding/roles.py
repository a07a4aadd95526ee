"""What an article calls somebody: roles read off the text after a name, and affiliations.

Works on the text alone, so that it knows people in paragraphs that are not parsed, too.
"""

from __future__ import annotations

import re

from transforms.core.understanding.cues import load_cues
from transforms.core.understanding.lexicons import load_titles, plain

#: A role longer than this is a sentence.
MAX_ROLE_CHARS = 220

_VERBAL = (
    r"(?:is|was|has been|had been|heads?|leads?|runs?|led|headed|served|serves|teaches|studies"
    r"|directs|directed|chairs|chaired|oversees|oversaw|advises|advised|researches|specialises"
    r"|specializes|works|worked|lectures|taught|studied|founded)"
)
_PHRASE = r"[^,.;:“”\"—–()\n]{3,200}"  #: up to what closes it
_AFTER_NAME = re.compile(
    rf"(?:,|[ \u00a0][—–-])[ \u00a0](?P<role>(?:who {_VERBAL}\b|[\w’'-]){_PHRASE})"
)
_IS_A = re.compile(rf" (?:is|was) (?P<role>(?:an?|the) {_PHRASE})")
_ARTICLES = frozenset(("a", "an", "the"))
_LEADING = re.compile(
    r"^(?:(?:but|and|while|despite|although|though|as|when|after|before|like|meanwhile|yet|so|even)\s+)+"
    r"|^(?:the|an?|mr|mrs|ms|dr)\.?$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(rf"(?:who|which|that|whose)\b(?!\s{_VERBAL}\b)")
#: "hydrologist", "statistician", "cartographer".
_CALLING_ENDINGS = ("ologist", "icist", "omist", "ician", "ographer", "ientist", "urist")
_DANGLING = re.compile(r"\s+(?:at|of|for|in|with|from|on|to|and|or|the|a|an|by)$", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?P<link>at|of|for|with|from)\s+(?:the\s+)?"
    r"(?P<body>[A-Z][\w.&’'-]*(?:\s+(?:(?:of|for|on|and|the|de|des|du)\s+)*[A-Z][\w.&’'-]*)*)"
)
_LINKS = ("at", "of", "with", "from", "for")


def role_after(text: str, end: int) -> str:
    """The role set off after a name that ends at ``end``; "" if none is.

    >>> text = "Mira Holt, a senior fellow at the Elbe Institute, agreed."
    >>> role_after(text, 9)
    'a senior fellow at the Elbe Institute'
    >>> role_after("Mira Holt, speaking in Bonn, agreed.", 9)
    ''
    """
    match = _AFTER_NAME.match(text, end) or _IS_A.match(text, end)
    if match is None:
        return ""
    role = match["role"].strip()
    words = role.split()
    if not words or words[0].lower() in load_cues().lemmas:  # "…, Ivan Petrov, told reporters"
        return ""
    if words[0].lower() not in _ARTICLES | {"who"} and not _begins_with_role(words):
        return ""
    if words[0].lower() in _ARTICLES and not any(_is_role_word(w) for w in words):
        return ""
    return clean(role)


def _begins_with_role(words: list[str]) -> bool:
    return any(_is_role_word(word) for word in words[:4]) and words[0][:1].isalpha()


def _is_role_word(word: str) -> bool:
    titles = load_titles()
    parts = plain(word).split("-")
    return any(
        part in titles.titles or part in titles.human or part.endswith(_CALLING_ENDINGS)
        for part in parts
    )


def clean(role: str) -> str:
    """A role without the words that only join it to its sentence.

    >>> clean("But Ukrainian President"), clean("The"), clean("senior fellow at")
    ('Ukrainian President', '', 'senior fellow')
    """
    role = " ".join(role[:MAX_ROLE_CHARS].split()).strip(" ,;:\"'“”")
    role = "" if _CLAUSE.match(role) else _LEADING.sub("", role).strip()
    return _DANGLING.sub("", role)


def affiliation_in(role: str) -> str:
    """The body that a role names.

    >>> affiliation_in("the head of foreign policy at the Elbe Centre for Strategy")
    'Elbe Centre for Strategy'
    >>> affiliation_in("Ukrainian President")
    ''
    """
    found = [
        (_LINKS.index(match["link"]), n, match["body"])
        for n, match in enumerate(_BODY.finditer(role))
        if match["link"] == "at" or " " in match["body"] or match["body"].isupper()
    ]
    return min(found)[2] if found else ""


def better(one: str, other: str) -> str:
    """Of two roles the one that says more: set off with an article, else the longer.

    >>> better("the director of the Elbe Institute", "Dr")
    'the director of the Elbe Institute'
    """
    return max(
        (other, one), key=lambda role: (bool(role), role.split(" ")[0] in _ARTICLES, len(role))
    )
