"""How a sentence names its speaker: a name, a pronoun or a description, read off the parse."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Literal

from spacy.tokens import Token

from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import bare_word, is_human, load_titles, word_set
from transforms.core.people.roles import role_after
from transforms.core.quotes.frames import MaskedParagraph
from transforms.core.quotes.rules.noun_phrases import (
    NAME_TAGS,
    QUANTIFIERS,
    apposed_name,
    coordinated,
    core_range,
    head_of,
    is_nominal,
    is_office,
    name_range,
    nominals,
    role_of,
)
from transforms.core.quotes.rules.tokens import children_by

__all__ = ["Mention", "MentionKind", "head_of", "is_nominal", "mention_at", "nominals"]

MentionKind = Literal["name", "pronoun", "description"]
#: What ends the search for the noun of a role: the noun itself, in the plural, or another phrase.
_HEADS = ("NNS", "NNPS", "IN", "CC", "VBD", "VBZ", "VBP")
_MAX_STEPS_TO_NOUN = 8
_MAX_ROLE_TOKENS = 60
_PLURAL_PRONOUNS = word_set("plural pronouns")


@dataclass(frozen=True)
class Mention:
    """The words that name a speaker, with what they say about them."""

    kind: MentionKind
    text: str  #: as written
    start: int  #: in the article
    end: int
    head: str = ""  #: the head noun, lower case
    role: str = ""  #: the words set off after a name, or before it
    is_plural: bool = False
    is_definite: bool = False  #: "the analyst": one who came up before
    is_body: bool = False  #: the model takes it for a place or an organisation
    others: tuple[Mention, ...] = ()  #: who speaks with them: "Jane Doe and John Roe"


def mention_at(token: Token, frame: MaskedParagraph) -> Mention:
    """The mention that the token heads."""
    if token.tag_ in ("PRP", "PRP$", "WP"):
        return _mention("pronoun", token, (token.i, token.i + 1), frame)
    if (signatory := _signatory(token)) is not None:
        return mention_at(signatory, frame)
    together = _together(token, frame)
    if together:
        return replace(together[0], others=tuple(together[1:]))
    both = coordinated(token)
    if both is not None:
        kind: MentionKind = "name" if token.tag_ in NAME_TAGS else "description"
        return replace(_mention(kind, token, both, frame), is_plural=True)
    return _of_one(token, frame)


def _of_one(token: Token, frame: MaskedParagraph) -> Mention:
    """The mention of one speaker: by name, by a name in apposition, or by a description."""
    apposed = apposed_name(token)
    is_name = token.tag_ in NAME_TAGS and not token.text.islower()
    if is_name and not is_office(token) and not _yields_to(token, apposed):
        tokens = name_range(token)
        return replace(_mention("name", token, tokens, frame), role=role_of(token, *tokens))
    if apposed is not None:
        tokens = name_range(apposed)
        left, right = core_range(token)
        role = token.doc[left : min(right, tokens[0])].text.rstrip(" ,")
        return replace(_mention("name", apposed, tokens, frame), role=role)
    return _mention("description", token, core_range(token), frame)


def _signatory(token: Token) -> Token | None:
    """Whom a document is from: "a statement by", "a letter signed by", "a note from"."""
    cues = load_cues()
    if token.lower_ not in cues.documents:
        return None
    issued = [t for t in children_by(token, "acl") if t.lower_ in cues.issued]
    links = itertools.chain(_links(token, "by", "from"), *(_links(verb, "by") for verb in issued))
    link = next((link for link in links if link.i > token.i), None)
    return _issuer(link) if link is not None else None


def _issuer(link: Token) -> Token | None:
    """The noun that "by" leads to, or the name that "from" does."""
    nouns = NAME_TAGS if link.lower_ == "from" else (*NAME_TAGS, "NN", "NNS")
    return next((t for t in link.children if t.tag_ in nouns), None)


def _links(token: Token, *words: str) -> list[Token]:
    return [c for c in children_by(token, "prep", "agent") if c.lower_ in words]


def _together(token: Token, frame: MaskedParagraph) -> list[Mention]:
    """The mentions of people named side by side, each with the role that is told of all."""
    called, people = _side_by_side(token)
    if len(people) < 2 or not all(map(_is_full_name, people)):
        return []
    ranges = [name_range(person) for person in people]
    shared = _role_of_all(people[-1], ranges[-1][1]) or _house_of(people[-1]) or called
    return [
        replace(
            _mention("name", person, tokens, frame),
            role=shared or role_of(person, *tokens),
        )
        for person, tokens in zip(people, ranges, strict=True)
    ]


def _role_of_all(last: Token, end: int) -> str:
    """The plural role set off after the last of several names: "analysts at the Institute"."""
    doc = last.doc
    noun = next((t for t in doc[end : end + _MAX_STEPS_TO_NOUN] if t.tag_ in _HEADS), None)
    is_set_off = end < len(doc) and doc[end].text in (",", "(")
    if noun is None or not is_set_off or not is_human(noun.text) or noun.tag_ != "NNS":
        return ""
    name = doc[end - 1]
    return role_after(doc[end - 1 : end + _MAX_ROLE_TOKENS].text, len(name))


def _side_by_side(token: Token) -> tuple[str, list[Token]]:
    """What people are called before their names, and the heads of the names: "the economists
    Jane Doe and John Roe", "Jane Doe, John Roe and Ann Poe".

    The small models take the second of three names for an apposition to the first.
    """
    called, first = _called(token)
    second = next((t for t in first.children if t.dep_ == "appos" and _is_full_name(t)), None)
    if second is not None and second.ent_type_ == "PERSON" and coordinated(second) is not None:
        return called, [first, second, *second.conjuncts]
    return called, [first, *first.conjuncts] if coordinated(first) is not None else []


def _called(token: Token) -> tuple[str, Token]:
    """The plural noun right before a name, and the name's head; "" and the token without one.

    The small models take such a name for another subject of the verb.
    """
    if token.tag_ == "NNS" and is_human(token.text):
        for other in (*token.children, *token.head.children):
            if other.tag_ in NAME_TAGS and name_range(other)[0] == token.i + 1:
                return str(token.doc[core_range(token)[0] : token.i + 1].text), other
    return "", token


def _house_of(token: Token) -> str:
    """The phrase after the last of several names that says where all are: "of the Institute"."""
    for child in token.children:
        if child.i > token.i and child.dep_ == "prep" and child.lower_ in ("of", "from", "at"):
            return str(token.doc[child.i : child.right_edge.i + 1].text)
    return ""


def _is_full_name(token: Token) -> bool:
    """Reports if a token heads a person's name of two words or more."""
    start, end = name_range(token)
    #: A label that leaves a part of the name out is a mistake.
    is_body = {t.ent_type_ for t in token.doc[start:end]} <= {"ORG", "GPE", "NORP", "FAC", "LOC"}
    return token.tag_ in NAME_TAGS and end - start > 1 and not is_body and not is_office(token)


def _yields_to(token: Token, apposed: Token | None) -> bool:
    """Whether the apposed name is the speaker's: "Supreme Leader, Ayatollah Ali Khamenei"."""
    if apposed is None or token.ent_type_ == "PERSON":
        return False
    return apposed.ent_type_ == "PERSON" or bare_word(token.text) in load_titles().titles


def _mention(
    kind: MentionKind, head: Token, tokens: tuple[int, int], frame: MaskedParagraph
) -> Mention:
    span = head.doc[tokens[0] : tokens[1]]
    start, end = frame.source_span(span.start_char, span.end_char)
    first = span[0]
    return Mention(
        kind,
        span.text,
        start,
        end,
        head=head.lower_,
        is_plural=head.tag_ in ("NNS", "NNPS") or head.lower_ in _PLURAL_PRONOUNS | QUANTIFIERS,
        is_definite=first.lower_ in ("the", "this", "that") or first.dep_ == "poss",
        is_body=head.ent_type_ in ("ORG", "GPE", "NORP", "FAC", "LOC"),
    )
