"""Questions to a parsed clause: whose verb is this, whom does it address, where does it end."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from transforms.core.understanding.cues import load_cues
from transforms.core.understanding.mentions import is_nominal

SUBJECTS = ("nsubj", "nsubjpass")
_RELATIVE = frozenset(("who", "which", "that"))
_CHAIN = ("conj", "xcomp", "advcl", "acl", "pcomp", "prep", "ccomp", "dep")
_MAX_STEPS = 4  #: "said he wanted to go on to say": longer chains are misparses


def is_verb(token: Token) -> bool:
    """Whether the model takes the token for a verb."""
    return token.tag_[:2] == "VB"


def is_cue(token: Token, frame: str) -> bool:
    """Whether the token is a reporting verb on which ``frame`` can hang."""
    return frame in load_cues().frames_of(token.lower_) and is_verb(token)


def own_subject(verb: Token) -> Token | None:
    """The subject that stands with the verb itself; of a relative clause, what it is about."""
    for child in verb.children:
        if child.dep_ in SUBJECTS:
            if child.lower_ in _RELATIVE and verb.dep_ in ("relcl", "acl"):
                return _named_by(verb.head)
            return child
    return None


def subject_of(verb: Token) -> Token | None:
    """Who does what the verb says: its own subject, or that of the verb it hangs on."""
    if is_passive(verb):
        return agent_of(verb)
    for _ in range(_MAX_STEPS):
        own = own_subject(verb)
        if own is not None:
            return own
        if verb.dep_ in ("acl", "relcl") and is_nominal(verb.head):
            return _named_by(verb.head)
        if verb.dep_ not in _CHAIN or verb.head is verb:
            return None
        verb = verb.head
    return None


def _named_by(token: Token) -> Token:
    """Whom an apposition describes: "Jane Doe, a lecturer, who added"."""
    for _ in range(_MAX_STEPS):
        if token.dep_ == "appos" and is_nominal(token.head):
            token = token.head
        elif (
            token.dep_ == "pobj"
            and token.head.head.dep_ == "appos"
            and is_nominal(token.head.head.head)
        ):
            token = token.head.head.head
        else:
            break
    return token


def is_passive(verb: Token) -> bool:
    """Whether the verb is passive: "was asked", not "has asked"."""
    return verb.tag_ == "VBN" and any(
        child.dep_ in ("auxpass", "nsubjpass", "agent") for child in verb.children
    )


def agent_of(verb: Token) -> Token | None:
    """Who acts in a passive clause: "asked by reporters"."""
    for child in verb.children:
        if child.dep_ == "agent":
            return next((t for t in child.children if t.dep_ == "pobj"), None)
    return None


def addressee(verb: Token) -> str:
    """Whom the words were told to: "CNN" in "told CNN", "in an interview with CNN"."""
    for child in verb.children:
        if (
            child.dep_ in ("dobj", "dative", "iobj")
            and child.i > verb.i
            and verb.lower_[:4] in ("told", "tell")
        ):
            return phrase(child)
        if child.dep_ == "prep" and child.lower_ in ("in", "during"):
            for noun in child.children:
                if noun.lower_ in ("interview", "conversation", "appearance", "telephone"):
                    return _partner(noun)
    return ""


def _partner(noun: Token) -> str:
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ in ("with", "to", "on"):
            return next((phrase(t) for t in child.children if t.dep_ == "pobj"), "")
    return ""


def phrase(token: Token) -> str:
    """A noun phrase without what is set off after it."""
    doc, left, right = token.doc, token.left_edge.i, token.i
    for child in token.children:
        if child.i > token.i and child.dep_ in ("prep", "compound", "nmod"):
            right = max(right, child.right_edge.i)
    for i in range(token.i, right + 1):
        if doc[i].text in (",", '"', ";", ":", "(") or doc[i].lower_ in (
            "on",
            "in",
            "after",
            "during",
            "before",
            "at",
        ):
            right = i - 1
            break
    return doc[left : max(right, token.i) + 1].text


def sentence_bounds(doc: Doc, at: int) -> tuple[int, int]:
    """The tokens of the sentence around ``at``, as a half-open range.

    The parser's sentence, cut at every full stop that a capital follows: on long paragraphs
    the small models run sentences into one another.
    """
    start, end = doc[at].sent.start, doc[at].sent.end
    for i in range(at - 1, start - 1, -1):
        if _ends_sentence(doc, i):
            start = i + 1
            break
    for i in range(at, end):
        if _ends_sentence(doc, i):
            end = i + 1
            break
    return start, end


def _ends_sentence(doc: Doc, i: int) -> bool:
    if doc[i].text not in (".", "?", "!") or i + 1 >= len(doc):
        return False
    after = doc[i + 1]
    if after.text in ('"', "'", ")") and i + 2 < len(doc) and not doc[i].whitespace_:
        after = doc[i + 2]
        return bool(doc[i + 1].whitespace_) and (after.text[:1].isupper() or after.text == '"')
    return bool(doc[i].whitespace_) and (after.text[:1].isupper() or after.text in '"(')


def clamped(doc: Doc, verb: Token, start: int, end: int) -> tuple[int, int]:
    """A range of tokens cut to the sentence that the verb stands in."""
    first, last = sentence_bounds(doc, verb.i)
    return max(start, first), min(end, last)
