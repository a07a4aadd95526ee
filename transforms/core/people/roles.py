"""What an article calls somebody: roles read off the text after a name, and affiliations.

Works on the text alone, so that it knows people in paragraphs that are not parsed, too.
"""

from __future__ import annotations

import re

from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import bare_word, load_titles, word_set

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
_ARTICLES = word_set("articles")
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
_BODY_WORD = r"[A-ZÀ-Þ][\w&’'-]*"
_OTHERS_BODY = r"\S+ \S+ (?:of|from|at)\b"  #: "… and John Roe of Arden University"
_WITHIN_BODY = rf"(?:of|for|on|and(?! {_OTHERS_BODY})|the|de|des|du)"
#: "Moe of the Elbe Institute". Not "at" and "with", after which stands where somebody was, too.
_BODY_AFTER = re.compile(
    r",?[ \u00a0](?P<role>(?:of|from)[ \u00a0](?:the[ \u00a0])?"
    rf"{_BODY_WORD}(?:[ \u00a0](?:{_WITHIN_BODY}[ \u00a0])*{_BODY_WORD}){{0,10}})"
)
_RELATIVE = re.compile(r"(?:who|which|that)\b")
_COURTESIES = frozenset(("", "mr", "mrs", "ms", "miss", "dr"))


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


def is_clause(role: str) -> bool:
    """Reports if a role is a relative clause.

    >>> is_clause("who directs the school"), is_clause("director of the school")
    (True, False)
    """
    return _RELATIVE.match(role) is not None


def with_body(title: str, text: str, end: int) -> str:
    """A title before a name that ends at ``end``, with the body that follows the name.

    >>> text = "Professor Ida Moe of Leiden University, and Ida Moe of Arden"
    >>> with_body("Professor", text, 17), with_body("", text, 17)
    ('Professor of Leiden University', 'of Leiden University')
    >>> with_body("President", text, len(text) - 9), with_body("", text, len(text) - 9)
    ('President of Arden', '')
    """
    match = _BODY_AFTER.match(text, end)
    is_titled = bare_word(title) not in _COURTESIES and not is_clause(title)
    if match is None or affiliation_in(title):
        return title
    body = re.sub(r"[’']s?$", "", " ".join(match["role"].split()))
    if not affiliation_in(body) and not (is_titled and body.startswith("of ")):
        return title
    return f"{title} {body}" if is_titled else body


def _begins_with_role(words: list[str]) -> bool:
    return any(_is_role_word(word) for word in words[:4]) and words[0][:1].isalpha()


def _is_role_word(word: str) -> bool:
    titles = load_titles()
    parts = bare_word(word).split("-")
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
    """Of two roles the one that says more, as ``telling`` has it. A body alone is added to an
    office that names none.

    >>> better("the director of the Elbe Institute", "Dr")
    'the director of the Elbe Institute'
    >>> better("of the Elbe Institute", "senior analyst")
    'senior analyst, of the Elbe Institute'
    """
    best = max((other, one), key=telling)
    rest = other if best == one else one
    is_added = _is_only_body(rest) and not _is_only_body(best) and not affiliation_in(best)
    return f"{best}, {rest}" if is_added else best


def telling(role: str) -> tuple[bool, bool, bool, bool, int]:
    """A key that sorts roles by how much they say: more than a courtesy, what somebody is rather
    than what they do, set off with an article, more than a body, and long.

    >>> max("Dr", "who directs the school", "director of the school", key=telling)
    'director of the school'
    """
    is_more = bare_word(role) not in _COURTESIES
    is_article = role.split(" ")[0] in _ARTICLES
    return is_more, not is_clause(role), is_article, not _is_only_body(role), len(role)


def _is_only_body(role: str) -> bool:
    return role.startswith(("of ", "from "))
