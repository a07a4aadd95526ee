"""Reports of words that the one who speaks of them does not say: denied, imagined, relayed, old.

A reporting verb may hang on a word that says it did not happen ("denied saying", "has yet to say",
"if she were to say"), may pass on another's words ("quoted him as saying", "read out the Kremlin's
note"), or may tell when it happened ("wrote in 1961"). Each function looks at one verb of a parsed
sentence, and takes a bounded number of steps from it.
"""

from __future__ import annotations

import re

from spacy.tokens import Token

from transforms.core.languages.en.cues import load_cues

_MAX_STEPS = 5
#: How a verb hangs on the word that undoes it: "resisted saying", "short of saying".
_HANGS = ("xcomp", "ccomp", "pcomp", "advcl", "acl", "prep", "conj", "dep", "relcl")
_OBJECTS = ("dobj", "pobj", "dative", "nsubjpass")
_MODALS = frozenset(("would", "could", "might", "should", "may", "must", "can"))


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


def _is_withheld(verb: Token) -> bool:
    """Reports if a verb hangs on one of not doing: "stopped short of saying"."""
    cues = load_cues()
    token = verb
    for _ in range(_MAX_STEPS):
        above = token.head
        if above is token or token.dep_ not in _HANGS:
            return False
        is_beside = token.dep_ == "advcl" and token.tag_ == "VBG"  #: "refused, saying that"
        if is_beside or (token.dep_ in ("relcl", "conj") and token.tag_ not in ("VB", "VBG")):
            return False
        words = {above.lower_, *(child.lower_ for child in above.children if child.i < verb.i)}
        if token.tag_ in ("VB", "VBG", "IN", "TO", "VBN") and not words.isdisjoint(cues.withheld):
            return True
        token = above
    return False


def _is_unheard(verb: Token) -> bool:
    """Reports if nobody heard it: "nobody has heard him say that"."""
    if verb.dep_ not in ("ccomp", "xcomp") or verb.head == verb:
        return False
    hearers = (c for c in verb.head.children if c.dep_ == "nsubj")
    return any(c.lower_ in load_cues().nobody for c in hearers)


def _is_conditional(verb: Token) -> bool:
    """Reports if a verb is imagined: "if she were to say", "had she said", "were she to say"."""
    token = verb
    for _ in range(_MAX_STEPS):
        if token.dep_ == "advcl":
            marks = {c.lower_ for c in token.children if c.dep_ == "mark"}
            is_inverted = _is_inverted(token)
            if marks & load_cues().conditions or is_inverted:
                return _is_imagined(token)
        if token.dep_ in ("ROOT", "ccomp") and _is_inverted(token):
            return True
        if token.dep_ not in ("xcomp", "ccomp", "advcl") or token.head == token:
            return False
        token = token.head
    return False


def _is_inverted(clause: Token) -> bool:
    """Reports if a clause is a condition without "if": "Had she said", "Were she to say"."""
    first = clause.left_edge
    own = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
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
    token = verb
    for _ in range(_MAX_STEPS):  # "quoted Drozd as saying": from "saying" up to "quoted"
        if token.lower_ == "as":
            above = token.head if token.head.tag_[:2] == "VB" else token.head.head
            return _object_of(above) if above.lower_ in load_cues().relaying else None
        if token.dep_ not in ("pcomp", "prep") or token.head == token:
            break
        token = token.head
    if verb.lower_ not in load_cues().relaying:
        return None
    noun = _object_of(verb)
    if noun is None or noun.lower_ not in load_cues().wordings:
        return None
    return _owner_of(noun)


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
    for child in verb.children:
        if child.dep_ in _OBJECTS:
            return child
    for child in verb.children:  # "read from the note"
        if child.dep_ in ("prep", "prt") and child.i > verb.i:
            found = next((c for c in child.children if c.dep_ == "pobj"), None)
            if found is not None:
                return found
    return None


def _owner_of(noun: Token) -> Token | None:
    """Whose words a noun names: "the Kremlin's line", "a note by the minister"."""
    for child in noun.children:
        if child.dep_ == "poss" and child.tag_ in ("NN", "NNS", "NNP", "NNPS"):
            return child
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ in ("of", "by", "from"):
            owner = next((c for c in child.children if c.dep_ == "pobj"), None)
            if owner is not None and owner.tag_ in ("NNP", "NNPS", "NN", "NNS"):
                return owner
    return None


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
    inner = {
        t.i
        for clause in phrase.subtree
        if clause.dep_ in ("relcl", "acl", "ccomp")
        for t in clause.subtree
    }
    return " ".join(t.text for t in phrase.subtree if t.i not in inner)
