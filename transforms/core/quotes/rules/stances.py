"""What people hold, told without a verb of saying: "expects", "sees a gap: ...", "for her".

Such words report only people's thoughts: a market expects, too, and a clause after a colon may
be the writer's own. So everything here asks who the subject is.
"""

from __future__ import annotations

from spacy.tokens import Doc, Span, Token

from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import word_set
from transforms.core.people.categories import ends_with_role
from transforms.core.quotes.rules.asides import Aside
from transforms.core.quotes.rules.clauses import own_subject, sentence_bounds
from transforms.core.quotes.rules.noun_phrases import apposed_name, core_range, is_nominal
from transforms.core.quotes.rules.tokens import (
    FINITE,
    child_by,
    children_by,
    has_clause,
    has_word,
    next_comma,
)

_MIN_CLAUSE_TOKENS = 4  #: fewer after a colon are a label or a list
_PERSONAL = word_set("personal pronouns")
_NEGATIONS = word_set("denying words")


def is_person(token: Token) -> bool:
    """Whether a subject is a person, by name, pronoun or calling: not a body or a market."""
    if token.tag_ in ("PRP", "WP"):
        return token.lower_ in _PERSONAL
    if token.ent_type_ == "PERSON":
        return True
    return has_calling(token)


def is_held(verb: Token, who: Token) -> bool:
    """Whether a verb of belief reports: not "as he believes", where the writer reasons."""
    return is_person(who) and not any(child.dep_ == "mark" for child in verb.children)


def has_calling(token: Token) -> bool:
    """Whether the noun phrase, or what is set off after it, gives somebody's calling."""
    doc = token.doc
    left, right = core_range(token)
    if any(ends_with_role(doc[left:end].text) for end in range(right, left, -1)):
        return True
    apposed = (c for c in children_by(token, "appos") if c.i > token.i)
    return any(ends_with_role(doc[c.left_edge.i : c.i + 1].text) for c in apposed)


def negated_from(verb: Token) -> int | None:
    """Where a denied belief begins: "no longer expects a deal" is held whole."""
    start = verb.i
    while start > 0 and verb.doc[start - 1].dep_ in ("neg", "aux", "advmod"):
        start -= 1
    return start if has_word(verb.doc[start : verb.i], _NEGATIONS) else None


def held_on(doc: Doc, verb: Token, end: int) -> int:
    """The end of what is expected, with when and how: "expects a deal before the winter"."""
    _, last = sentence_bounds(doc, verb.i)
    if not has_clause(doc[end:last]):
        return max(end, last)
    cues = load_cues()
    for i in range(end, last):
        after = doc[i + 1].lower_ if i + 1 < last else ""
        goes_on = cues.lemmas.get(after) in cues.beliefs or after in cues.stances
        if doc[i].tag_ == "CC" and goes_on:
            return max(end, last)
        if doc[i].text in (",", ";", ":") or doc[i].tag_ in ("CC", *FINITE, "WP", "WDT"):
            return i
    return end


def before_colon(doc: Doc, colon: Token) -> Aside | None:
    """“The analyst sees a gap: no draft names the islands”: what follows is held."""
    if colon.i == 0:
        return None
    start, _ = sentence_bounds(doc, colon.i - 1)
    _, end = sentence_bounds(doc, min(colon.i + 1, len(doc) - 1))
    if end - colon.i <= _MIN_CLAUSE_TOKENS or doc[colon.i + 1].text == '"':
        return None
    verb = _stance(doc[start : colon.i])
    if verb is None or not has_clause(doc[colon.i + 1 : end]):
        return None
    who = own_subject(verb)
    if who is None or not start <= who.i < verb.i or not is_person(who):
        return None
    return Aside([(colon.i + 1, end)], who, (verb.i, verb.i + 1), "stance", "unmarked")


def _stance(words: Span) -> Token | None:
    """The first verb of ``stances``, if one of its nouns follows or it lists none."""
    stances = load_cues().stances
    for verb in words:
        if verb.lower_ in stances:
            nouns, rest = stances[verb.lower_], words.doc[verb.i + 1 : words.end]
            return verb if not nouns or has_word(rest, nouns) else None
    return None


def for_whom(doc: Doc, token: Token) -> Aside | None:
    """“For analyst Jane Doe, the talks are over”: ``token`` is the "For"."""
    start, end = sentence_bounds(doc, token.i)
    after = next_comma(doc, token.i + 1, end)
    # Without its marks a quotation after the comma may draw the name into its own clause.
    who = child_by(token, "pobj") or doc[after - 1]
    if token.i != start or not is_nominal(who) or not is_person(who):
        return None
    name = who if who.tag_ == "NNP" else apposed_name(who)
    after = _clause_after(doc, next_comma(doc, who.i, end), end)
    if name is None or not has_calling(who) or after >= end:
        return None
    return Aside([(after, end)], who, (token.i, token.i + 1), "stance")


def _clause_after(doc: Doc, comma: int, end: int) -> int:
    """The first comma from ``comma`` on that a clause follows, or the sentence's end."""
    while comma < end:
        following = next_comma(doc, comma + 1, end)
        if has_clause(doc[comma + 1 : following]):
            break
        comma = following
    return comma
