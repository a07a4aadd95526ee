"""Attributions that stand beside what is said: "according to X", "in X's view".

Also the quotation that lost its marks in translation or by a careless copy, which stands after
a reporting verb and a comma: "X remarked, Russians expect ...".
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from transforms.core.understanding.clauses import Range, own_subject, sentence_bounds
from transforms.core.understanding.mentions import is_nominal, nominals

_FIRST_PERSON = frozenset(["i", "we", "us", "our", "ours", "me", "my", "mine", "you", "your"])
_OWN = frozenset(("my", "our", "your", "its"))
_FINITE = ("VBD", "VBZ", "VBP", "MD")
_MIN_UNMARKED_TOKENS = 4  #: fewer are an aside's remainder: "He said, Monday"


@dataclass(frozen=True)
class Aside:
    """Ranges of what is said, who said it, and the tokens of the cue."""

    ranges: list[Range]
    who: Token
    cue: Range
    rule: str


def according_to(doc: Doc, token: Token) -> Aside | None:
    """“Talks will fail, according to her”: the sentence around it is what was said."""
    if token.i + 2 >= len(doc) or doc[token.i + 1].lower_ != "to":
        return None
    start, end = sentence_bounds(doc, token.i)
    who = next((t for t in doc[token.i + 1].children if t.dep_ == "pobj"), None)
    if who is None or not is_nominal(who):
        who = next(nominals(doc, token.i + 2, end), None)
    if who is None:
        return None
    after = min(who.right_edge.i + 1, end)
    if token.i == start or doc[token.i - 1].tag_ in ("CC", "."):
        ranges = [(after, end)]
    elif end - after <= 2:
        ranges = [(start, token.i)]
    else:
        ranges = [(start, token.i), (after, end)]
    return Aside(ranges, who, (token.i, token.i + 2), "according")


def in_view_of(doc: Doc, token: Token) -> Aside | None:
    """“In her view, the talks are over”: ``token`` is the noun "view"."""
    who = next((t for t in token.children if t.dep_ == "poss"), None)
    is_phrase = token.dep_ == "pobj" and token.head.lower_ in ("in", "by")
    if who is None or not is_phrase or who.lower_ in _OWN:
        return None
    if not (is_nominal(who) or who.tag_ == "PRP$"):
        return None
    start, end = sentence_bounds(doc, token.i)
    first, after = token.head.i, token.i + 1
    if first - start <= 1:
        ranges = [(after, end)]
    elif after >= len(doc) or doc[after].text in (",", "."):
        ranges = [(start, first), (after, end)]
    else:
        return None
    return Aside(ranges, who, (first, after), "view")


def unmarked(doc: Doc, verb: Token) -> list[Range]:
    """What follows a reporting verb and a comma with a capital, though no mark opens.

    Goes on over the sentences after it that are in the first person. Nothing when the words
    before the verb are what is said ("The deal, he said, Russia wants ...").
    """
    if verb.i + 3 >= len(doc) or doc[verb.i + 1].text not in (",", ":"):
        return []
    start, end = sentence_bounds(doc, verb.i)
    first = doc[verb.i + 2]
    if not first.text[:1].isupper() or end - first.i < _MIN_UNMARKED_TOKENS:
        return []
    if not any(t.tag_ in _FINITE for t in doc[first.i : end]):
        return []
    said = doc[start : verb.i]
    if verb.tag_ == "VBG":
        is_led_in = any(t.text == "," for t in said)
    else:
        is_led_in = any(t.dep_ == "nsubj" or t.tag_ == "PRP" for t in said)
        is_led_in = is_led_in and not _says_before(doc, verb, start)
    return [(first.i, _said_on(doc, end))] if is_led_in else []


def _says_before(doc: Doc, verb: Token, start: int) -> bool:
    own = own_subject(verb)
    edge = own.left_edge.i if own is not None and own.i < verb.i else verb.i
    return any(t.tag_ in _FINITE for t in doc[start:edge])


def _said_on(doc: Doc, end: int) -> int:
    """The end of the sentences that go on in the first person: "But we must stop it."."""
    while end < len(doc):
        _, following = sentence_bounds(doc, end)
        words = {t.lower_ for t in doc[end:following]}
        if following <= end or not words & _FIRST_PERSON or '"' in words:
            break
        end = following
    return end
