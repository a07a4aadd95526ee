"""What an article calls somebody anywhere in it, not only beside their words.

News gives a role once, with the first mention: "the Brevian economist Ida Moe has her doubts
… she said". Only what is joined to the very name counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from transforms.core.people.categories import ends_with_role
from transforms.core.people.roles import role_after

#: So much before and after a name is looked at.
_REACH_CHARS = 120
#: A name that stands so often has its role in the first few places.
_MAX_MENTIONS = 8
#: Where a description ends, seen from the name.
_EDGE = re.compile(r"[.,;:!?()“”\"\n—–]")
#: "As a former envoy to Brevia, Ana Ruiz …"
_AS_BEFORE = re.compile(r"\b[Aa]s (?P<role>(?:the|an?) [^.;:“”\"\n]{3,120}),\s*$")
#: Not part of a description that they stand before.
_NOT_OF_IT = re.compile(
    r"^.*\b(?:said|says|told|tells|asked|by|to|of|with|and|but|as|for|from|in|on|when|while|that"
    r"|is|was|are|were|like|including|according|one|added|argued|believes|noted|warned)\s+",
    re.S,
)
_IS_AFTER = re.compile(
    r"\s+(?:is|was|works as|serves as) (?P<role>(?:the|an?) [^.;:“”\"\n]{3,120})"
)
_BODY_WORD = r"[A-ZÀ-Þ][\w&’'-]*"
_OF_AFTER = re.compile(
    r"(?:\s+|,\s+(?=of ))(?P<role>(?:of|at|from|with) (?:the )?"
    rf"{_BODY_WORD}(?: (?:(?:of|for|on|and|the|de|des|du|in) )*{_BODY_WORD}){{0,10}})"
)


def descriptions_of(name: str, text: str) -> Iterator[str]:
    """What the text calls ``name``, as often as it does, in text order.

    >>> text = "The Brevian economist Ida Moe is in Solm. Said Ida Moe of the Elbe Institute."
    >>> list(descriptions_of("Ida Moe", text))
    ['The Brevian economist', 'of the Elbe Institute']
    >>> list(descriptions_of("Ida Moe", "Ida Moe, of the Elbe Institute, disagreed."))
    ['of the Elbe Institute']
    >>> list(descriptions_of("Ida Moe", "Ida Moe, a historian in Solm, laughed."))
    ['a historian in Solm']
    """
    mentions = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text) if name else ()
    for mention in islice(mentions, _MAX_MENTIONS):
        before = text[max(0, mention.start() - _REACH_CHARS) : mention.start()]
        after = text[mention.end() : mention.end() + _REACH_CHARS]
        if found := _AS_BEFORE.search(before):
            yield found["role"]
        title = _EDGE.split(before)[-1].strip()
        if title and ends_with_role(title):
            yield _NOT_OF_IT.sub("", title)
        if found := _IS_AFTER.match(after) or _OF_AFTER.match(after):
            yield found["role"].strip()
        elif role := role_after(text, mention.end()):
            yield role


_CAPITALISED = r"(?!(?:An?|The|Some|One|Another)\b)[A-ZÀ-Þ][\w’'.-]+"
_NAME_LAST = re.compile(
    rf"(?P<role>.*(?<!\w)[a-zß-ÿ][\w’'-]*) (?P<name>{_CAPITALISED}(?: {_CAPITALISED}){{1,2}})"
)
#: What stands after such a word belongs to it: "an adviser to Ida Moe" is somebody else.
_LEADS_ON = re.compile(r"\b(?:to|of|for|in|at|on|from|with|by|near|under|and|the)$")
_NAME_FIRST = re.compile(
    rf"(?P<name>{_CAPITALISED}(?: {_CAPITALISED}){{1,2}}),? (?P<role>[a-zß-ÿ].*)"
)


def name_in(description: str) -> tuple[str, str] | None:
    """The name and the role that a description puts side by side, if it does.

    >>> name_in("Brevian trade expert Ida Moe"), name_in("Ida Moe chief economist")
    (('Ida Moe', 'Brevian trade expert'), ('Ida Moe', 'chief economist'))
    >>> name_in("a spokesman for the Foreign Ministry")
    >>> name_in("An Israeli government spokesman")
    >>> name_in("The adviser to President Ida Moe")
    """
    if len(description) > _REACH_CHARS:
        return None
    found = _NAME_LAST.fullmatch(description) or _NAME_FIRST.fullmatch(description)
    if found is None or found["name"].endswith(("'s", "’s")) or _LEADS_ON.search(found["role"]):
        return None
    if not ends_with_role(found["role"]):
        return None
    return found["name"], found["role"]
