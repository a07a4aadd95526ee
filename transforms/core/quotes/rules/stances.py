"""What people hold, told without a verb of saying: "expects", "sees a gap: ...", "for her".

Such words report only people's thoughts: a market expects, too, and a clause after a colon may
be the writer's own. So everything here asks who the subject is.
"""

from __future__ import annotations

from spacy.tokens import Doc, Token

from transforms.core.languages.en.cues import load_cues
from transforms.core.people.categories import ends_with_role
from transforms.core.quotes.rules.asides import FINITE, Aside
from transforms.core.quotes.rules.clauses import own_subject, sentence_bounds
from transforms.core.quotes.rules.noun_phrases import apposed_name, core_range, is_nominal

_MIN_CLAUSE_TOKENS = 4  #: fewer after a colon are a label or a list
_PERSONAL = frozenset(("he", "she", "who"))
_NEGATIONS = frozenset(("not", "n't", "no", "never"))


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
    apposed = (c for c in token.children if c.dep_ == "appos" and c.i > token.i)
    return any(ends_with_role(doc[c.left_edge.i : c.i + 1].text) for c in apposed)


def negated_from(verb: Token) -> int | None:
    """Where a denied belief begins: "no longer expects a deal" is held whole."""
    start = verb.i
    while start > 0 and verb.doc[start - 1].dep_ in ("neg", "aux", "advmod"):
        start -= 1
    return start if any(t.lower_ in _NEGATIONS for t in verb.doc[start : verb.i]) else None


def held_on(doc: Doc, verb: Token, end: int) -> int:
    """The end of what is expected, with when and how: "expects a deal before the winter"."""
    _, last = sentence_bounds(doc, verb.i)
    if not any(t.tag_ in FINITE for t in doc[end:last]):
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
    """“The analyst sees a gap: no draft names the islands”: what follows is held.

    The verb must be one of ``stances``, with one of its nouns if it lists any.
    """
    if colon.i == 0:
        return None
    start, _ = sentence_bounds(doc, colon.i - 1)
    _, end = sentence_bounds(doc, min(colon.i + 1, len(doc) - 1))
    if end - colon.i <= _MIN_CLAUSE_TOKENS or doc[colon.i + 1].text == '"':
        return None
    if not any(t.tag_ in FINITE for t in doc[colon.i + 1 : end]):
        return None
    stances = load_cues().stances
    verb = next((t for t in doc[start : colon.i] if t.lower_ in stances), None)
    if verb is None:
        return None
    nouns = stances[verb.lower_]
    if nouns and not any(t.lower_ in nouns for t in doc[verb.i + 1 : colon.i]):
        return None
    who = own_subject(verb)
    if who is None or not start <= who.i < verb.i or not is_person(who):
        return None
    return Aside([(colon.i + 1, end)], who, (verb.i, verb.i + 1), "stance")


def for_whom(doc: Doc, token: Token) -> Aside | None:
    """“For analyst Jane Doe, the talks are over”: ``token`` is the "For"."""
    start, end = sentence_bounds(doc, token.i)
    after = _comma(doc, token.i, end)
    # Without its marks a quotation after the comma may draw the name into its own clause.
    who = next((t for t in token.children if t.dep_ == "pobj"), doc[after - 1])
    if token.i != start or not is_nominal(who) or not is_person(who):
        return None
    after = next((t.i for t in doc[who.i : end] if t.text == ","), end)
    name = who if who.tag_ == "NNP" else apposed_name(who)
    if name is None or not has_calling(who):
        return None
    while after < end and not any(
        t.tag_ in FINITE for t in doc[after + 1 : _comma(doc, after, end)]
    ):
        after = _comma(doc, after, end)
    return Aside([(after, end)], who, (token.i, token.i + 1), "stance") if after < end else None


def _comma(doc: Doc, after: int, end: int) -> int:
    return next((t.i for t in doc[after + 1 : end] if t.text == ","), end)
