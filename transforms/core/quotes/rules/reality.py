"""Reports of words that the one who speaks of them does not say: denied, imagined, relayed, old.

A reporting verb may hang on a word that says it did not happen ("denied saying", "has yet to say",
"if she were to say"), may pass on another's words ("quoted him as saying", "read out the Kremlin's
note"), or may tell when it happened ("wrote in 1961"). Each function looks at one verb of a parsed
sentence, and takes a bounded number of steps from it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from spacy.tokens import Token

from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import word_set
from transforms.core.quotes.rules.noun_phrases import NOUN_TAGS
from transforms.core.quotes.rules.tokens import child_by, children_by, has_word

_MAX_STEPS = 5
#: How a verb hangs on the word that undoes it: "resisted saying", "short of saying".
_HANGS = ("xcomp", "ccomp", "pcomp", "advcl", "acl", "prep", "conj", "dep", "relcl")
_OBJECTS = ("dobj", "pobj", "dative", "nsubjpass")
_MODALS = word_set("modals")


def is_unsaid(verb: Token) -> bool:
    """Reports if the sentence tells that, or leaves open whether, the verb's words were said.

    True for what somebody denied, refused, resisted, failed or has yet to say, stopped short of
    saying, is accused of saying, or would say if.
    """
    if verb.lower_ in load_cues().denials and _reports_saying(verb):
        return True
    return _is_conditional(verb) or _is_withheld(verb) or _is_unheard(verb)


def _reports_saying(verb: Token) -> bool:
    """Reports if what is denied is the saying: "denied saying that", "denies having called it"."""
    lemmas = load_cues().lemmas
    return any(
        child.i > verb.i
        and child.dep_ in ("xcomp", "ccomp", "dobj", "pcomp", "acl")
        and child.tag_ in ("VBG", "VBN")
        and child.lower_ in lemmas
        for child in verb.children
    )


def _upwards(verb: Token, deps: Collection[str]) -> Iterator[Token]:
    """The verb and what it hangs on, as long as each hangs by one of these relations."""
    token = verb
    for _ in range(_MAX_STEPS):
        yield token
        if token.dep_ not in deps or token.head == token:
            return
        token = token.head


def _is_withheld(verb: Token) -> bool:
    """Reports if a verb hangs on one of not doing: "stopped short of saying"."""
    for token in _upwards(verb, _HANGS):
        above = token.head
        if token.dep_ not in _HANGS or above == token or _is_beside(token):
            return False
        words = {above.lower_, *(child.lower_ for child in above.children if child.i < verb.i)}
        is_inner = token.tag_ in ("VB", "VBG", "IN", "TO", "VBN")
        if is_inner and not words.isdisjoint(load_cues().withheld):
            return True
    return False


def _is_beside(token: Token) -> bool:
    """Reports if a verb tells of something else than the one it hangs on: "refused, saying"."""
    if token.dep_ == "advcl":
        return bool(token.tag_ == "VBG")
    return token.dep_ in ("relcl", "conj") and token.tag_ not in ("VB", "VBG")


def _is_unheard(verb: Token) -> bool:
    """Reports if nobody heard it: "nobody has heard him say that"."""
    if verb.dep_ not in ("ccomp", "xcomp") or verb.head == verb:
        return False
    return has_word(children_by(verb.head, "nsubj"), load_cues().nobody)


def _is_conditional(verb: Token) -> bool:
    """Reports if a verb is imagined: "if she were to say", "had she said", "were she to say"."""
    for token in _upwards(verb, ("xcomp", "ccomp", "advcl")):
        if token.dep_ == "advcl" and _is_condition(token):
            return _is_imagined(token)
        if token.dep_ in ("ROOT", "ccomp") and _is_inverted(token):
            return True
    return False


def _is_condition(clause: Token) -> bool:
    """Reports if a clause sets a condition: "if she said", "had she said"."""
    return has_word(children_by(clause, "mark"), load_cues().conditions) or _is_inverted(clause)


def _is_inverted(clause: Token) -> bool:
    """Reports if a clause is a condition without "if": "Had she said", "Were she to say"."""
    first, own = clause.left_edge, child_by(clause, "nsubj", "nsubjpass")
    is_aux = first.lower_ in ("had", "were", "should") and first.head in (clause, clause.head)
    is_question = any(t.text == "?" for t in clause.children)
    return is_aux and own is not None and first.i < own.i and not is_question


def _is_imagined(clause: Token) -> bool:
    """Reports if a condition is unreal: its main clause or itself has a modal, or "were to"."""
    words = {child.lower_ for child in clause.head.children if child.dep_ == "aux"}
    own = {child.lower_ for child in clause.children} | {clause.lower_}
    return bool(words & _MODALS) or "were" in own or "had" in own or "should" in own


def relayed_from(verb: Token) -> Token | None:
    """Whose words the verb passes on: "quoted the minister as saying", "read out Kyiv's note".

    A pronoun is nobody else: "repeated her warning".
    """
    if relays_saying(verb):
        return _object_of(verb)
    for token in _upwards(verb, ("pcomp", "prep")):  # from "saying" up to "quoted"
        if token.lower_ == "as":
            above = token.head if token.head.tag_[:2] == "VB" else token.head.head
            return _object_of(above) if above.lower_ in load_cues().relaying else None
    noun = _object_of(verb) if verb.lower_ in load_cues().relaying else None
    return _owner_of(noun) if noun is not None and noun.lower_ in load_cues().wordings else None


def relays_saying(verb: Token) -> bool:
    """Reports if another verb below this one reports the words: "cited him as saying that"."""
    if verb.lower_ not in load_cues().relaying:
        return False
    lemmas = load_cues().lemmas
    return any(
        token.lower_ == "as" and any(c.tag_ == "VBG" and c.lower_ in lemmas for c in token.children)
        for token in verb.subtree
        if token.i > verb.i
    )


def _object_of(verb: Token) -> Token | None:
    """The verb's object, or the subject of a passive: "Drozd was quoted as saying"."""
    own = child_by(verb, *_OBJECTS)
    if own is not None:
        return own
    after = (c for c in children_by(verb, "prep", "prt") if c.i > verb.i)  # "read from the note"
    return next((noun for c in after if (noun := child_by(c, "pobj")) is not None), None)


def _owner_of(noun: Token) -> Token | None:
    """Whose words a noun names: "the Kremlin's line", "a note by the minister"."""
    links = (c for c in children_by(noun, "prep") if c.lower_ in ("of", "by", "from"))
    owners = [*children_by(noun, "poss"), *(child_by(link, "pobj") for link in links)]
    return next((o for o in owners if o is not None and o.tag_ in NOUN_TAGS), None)


#: A year, or a distance in months and more; "last week" is still news.
_EARLIER = re.compile(
    r"\b(?:(?P<year>1[5-9]\d\d|20\d\d)"
    r"|(?:last|the previous|the year before|a previous) (?:year|decade|century|summer|winter"
    r"|autumn|fall|spring)"
    r"|(?:years?|decades?|centur(?:y|ies)) (?:ago|before|earlier)"
    r")\b",
    re.IGNORECASE,
)


def said_earlier(verb: Token) -> str:
    """The words that tell that the verb's words were said long before: "in 1961", "last year".

    A year is given as written, and is for the caller to compare with the article's; "" if the
    sentence tells no such time for this verb.
    """
    for child in verb.children:
        is_time = child.dep_ in ("npadvmod", "prep", "advmod", "advcl", "tmod")
        if not is_time or (child.dep_ == "advcl" and child.tag_[:2] == "VB"):
            continue
        found = _EARLIER.search(_own_text(child)) or _year_after(child)
        if found is not None:
            return found["year"] or found[0]
    return ""


def _year_after(preposition: Token) -> re.Match[str] | None:
    """The year right after "In", which the small models take for a part of the name behind it."""
    is_bare = preposition.dep_ == "prep" and not list(preposition.children)
    if not is_bare or preposition.i + 1 == len(preposition.doc):
        return None
    return _EARLIER.fullmatch(preposition.nbor(1).text)


def _own_text(phrase: Token) -> str:
    """A phrase's words without the clauses in it."""
    clauses = (t for t in phrase.subtree if t.dep_ in ("relcl", "acl", "ccomp"))
    inner = {t.i for clause in clauses for t in clause.subtree}
    return " ".join(t.text for t in phrase.subtree if t.i not in inner)
