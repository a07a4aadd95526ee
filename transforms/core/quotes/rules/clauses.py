"""Questions to a parsed clause: whose verb is this, whom does it address, where does it end."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import word_set
from transforms.core.quotes.mentions import is_nominal
from transforms.core.quotes.rules.tokens import child_by, children_by, preposition_of

Range = tuple[int, int]  #: of tokens, half-open

_SUBJECTS = ("nsubj", "nsubjpass")
_RELATIVE = word_set("relative subjects")
#: How a verb may hang on the one whose subject it shares: "went on to say", "left, adding".
_CHAIN = ("conj", "xcomp", "advcl", "acl", "pcomp", "prep", "ccomp", "dep")
#: Who opens a sentence with these did not ask, but was asked.
_ASKED = word_set("asked")
_MAX_STEPS = 4  #: longer chains are misparses
#: The longest sentence that is looked through, in tokens; keeps hostile input linear.
MAX_SENTENCE_TOKENS = 400
_TALKS = word_set("conversations")
_ENDS_ADDRESSEE = word_set("after addressees")


def is_verb(token: Token) -> bool:
    """Whether the model takes the token for a verb."""
    return bool(token.tag_[:2] == "VB")


def is_cue(token: Token, frame: str) -> bool:
    """Whether the token is a reporting verb on which ``frame`` can hang."""
    return is_verb(token) and frame in load_cues().frames_of(token.lower_)


def subtree(token: Token) -> Range:
    """The tokens that the token governs, with itself."""
    return token.left_edge.i, token.right_edge.i + 1


def has_to(token: Token) -> bool:
    """Whether a verb is an infinitive with "to"."""
    return any(child.tag_ == "TO" for child in token.children)


def own_subject(verb: Token) -> Token | None:
    """The subject that stands with the verb itself; of a relative clause, what it is about."""
    subjects = children_by(verb, *_SUBJECTS)
    own = next((s for s in subjects if not _is_imperative(s)), None)
    if own is not None and own.lower_ in _RELATIVE and verb.dep_ in ("relcl", "acl"):
        return _described_by(verb.head)
    return own


def _is_imperative(token: Token) -> bool:
    """Reports if a supposed subject is a verb that asks the reader: "Recall, Doe said no"."""
    is_first = token.is_sent_start and token.i + 1 < len(token.doc)
    is_verb_form = load_cues().lemmas.get(token.lower_) == token.lower_
    return bool(is_first and is_verb_form and token.nbor(1).text == ",")


def _heard_from(verb: Token) -> Token | None:
    """Whose words another recalls: "recalled the minister saying that"."""
    head = verb.head
    if verb.tag_ != "VBG" or head.lower_ not in load_cues().hearing or head.i > verb.i:
        return None
    heard = children_by(head, "dobj")
    return next((c for c in heard if c.right_edge.i == verb.i - 1 or c == verb.nbor(-1)), None)


def subject_of(verb: Token) -> Token | None:
    """Who does what the verb says: its own subject, or that of the verb it hangs on."""
    heard = _heard_from(verb)
    if heard is not None:
        return heard
    if is_passive(verb):
        return _agent_of(verb)
    for _ in range(_MAX_STEPS):
        own = own_subject(verb)
        if own is not None:
            return own
        if verb.dep_ in ("acl", "relcl") and is_nominal(verb.head):
            return _described_by(verb.head)
        if verb.dep_ not in _CHAIN or verb.head == verb:
            return None
        verb = verb.head
    return None


def _described_by(token: Token) -> Token:
    """Whom an apposition describes: "Jane Doe, a lecturer, who added"."""
    for _ in range(_MAX_STEPS):
        if token.dep_ == "appos" and is_nominal(token.head):
            token = token.head
            continue
        above = token.head.head
        if token.dep_ == "pobj" and above.dep_ == "appos" and is_nominal(above.head):
            token = above.head
            continue
        break
    return token


def is_passive(verb: Token) -> bool:
    """Whether a verb is passive: "was asked" and "Asked why, she …", not "has asked"."""
    if verb.dep_ == "advcl" and verb.lower_ in _ASKED and verb.i < verb.head.i:
        return own_subject(verb) is None
    return verb.tag_ == "VBN" and child_by(verb, "auxpass", "nsubjpass", "agent") is not None


def _agent_of(verb: Token) -> Token | None:
    """Who acts in a passive clause: "asked by reporters"."""
    named = (t for c in children_by(verb, "oprd") for t in c.children)
    for child in (*verb.children, *named):  # "called a sham by Doe": parsers hang it on "sham"
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            return child_by(child, "pobj")
    return None


def addressee(verb: Token) -> str:
    """Whom the words were told to: "CNN" in "told CNN", "in an interview with CNN"."""
    is_telling = load_cues().lemmas.get(verb.lower_) == "tell"
    for child in verb.children:
        if child.i < verb.i:
            continue
        if is_telling and child.dep_ in ("dobj", "dative", "iobj"):
            return _phrase(child)
        if child.dep_ == "prep" and child.lower_ in ("in", "during"):
            talk = next((noun for noun in child.children if noun.lower_ in _TALKS), None)
            if talk is not None:
                return _partner(talk)
    return ""


def _partner(noun: Token) -> str:
    link = preposition_of(noun, "with", "to", "on")
    partner = child_by(link, "pobj") if link is not None else None
    return _phrase(partner) if partner is not None else ""


def _phrase(token: Token) -> str:
    """A noun phrase without what is set off after it, or tells when or where."""
    doc, left, right = token.doc, token.left_edge.i, token.i
    for child in token.children:
        if child.i > token.i and child.dep_ in ("prep", "compound", "nmod"):
            right = max(right, child.right_edge.i)
    for i in range(token.i + 1, right + 1):
        if doc[i].lower_ in _ENDS_ADDRESSEE:
            right = i - 1
            break
    return str(doc[left : max(right, token.i) + 1].text)


def sentence_bounds(doc: Doc, at: int) -> Range:
    """The tokens of the sentence around ``at``.

    The parser's sentence, cut at every full stop that a capital follows: on long paragraphs
    the small models run sentences into one another.
    """
    start, end = max(0, at - MAX_SENTENCE_TOKENS), min(len(doc), at + MAX_SENTENCE_TOKENS)
    for i in range(at, start, -1):
        if doc[i].is_sent_start or _ends_sentence(doc, i - 1):
            start = i
            break
    for i in range(at, end):
        if _ends_sentence(doc, i) or (i + 1 < len(doc) and doc[i + 1].is_sent_start):
            end = i + 1
            break
    return start, end


def _ends_sentence(doc: Doc, i: int) -> bool:
    if doc[i].text not in (".", "?", "!") or i + 1 >= len(doc):
        return False
    after = doc[i + 1]
    if after.text in ('"', "'", ")") and i + 2 < len(doc) and not doc[i].whitespace_:
        after = doc[i + 2]
        follows = after.text[:1].isupper() or after.text == '"'
        return bool(doc[i + 1].whitespace_) and follows
    return bool(doc[i].whitespace_) and (after.text[:1].isupper() or after.text in '"(')


def clamped(doc: Doc, verb: Token, start: int, end: int) -> Range:
    """A range of tokens cut to the sentence that the verb stands in."""
    first, last = sentence_bounds(doc, verb.i)
    return max(start, first), min(end, last)
