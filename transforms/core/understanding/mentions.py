"""How a sentence names its speaker: a name, a pronoun or a description, read off the parse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from transforms.core.understanding.frames import Frame
from transforms.core.understanding.people import load_titles, plain

PRONOUNS = frozenset(["he", "she", "they", "it", "i", "we", "you", "who", "his", "her", "their"])
_NAME_TAGS = ("NNP", "NNPS")
_NOUN_TAGS = ("NN", "NNS", "NNP", "NNPS")
#: Hang on a noun and say more about it than who it is.
_OUTSIDE = frozenset(["appos", "relcl", "acl", "cc", "conj", "punct", "parataxis", "dep", "advcl", "ccomp"])


@dataclass(frozen=True)
class Mention:
    """The words that name a speaker, with what they say about them."""

    kind: str  #: "name", "pronoun" or "description"
    text: str  #: as written
    start: int  #: in the article
    end: int
    name: str = ""
    head: str = ""  #: the head noun of a description, lower case
    role: str = ""
    is_plural: bool = False
    is_definite: bool = False
    entity: str = ""  #: the model's guess: PERSON, ORG, GPE, NORP or ""


def is_nominal(token: Token) -> bool:
    """Whether the token can head a speaker's mention."""
    return token.tag_ in _NOUN_TAGS or token.tag_ in ("PRP", "WP") or token.lower_ in _QUANTIFIERS


_QUANTIFIERS = frozenset(["many", "some", "others", "most", "several", "few", "both", "one", "another", "everyone"])


def mention_at(token: Token, frame: Frame) -> Mention:
    """The mention that the token heads."""
    if token.tag_ in ("PRP", "PRP$", "WP"):
        return _mention("pronoun", token.doc, token.i, token.i + 1, frame, token)
    both = _coordinated(token)
    if both is not None:
        kind = "name" if token.tag_ in _NAME_TAGS else "description"
        return replace(_mention(kind, token.doc, *both, frame, token), is_plural=True)
    apposed = _apposed_name(token)
    is_name = token.tag_ in _NAME_TAGS and not token.text.islower()
    if is_name and not (_is_office(token) or _yields_to(token, apposed)):
        start, end = _name_range(token)
        return _mention("name", token.doc, start, end, frame, token, role=_role(token, start))
    if apposed is not None:
        start, end = _name_range(apposed)
        left, right = _core_range(token)
        role = token.doc[left : min(right, start)].text.rstrip(" ,")
        return _mention("name", token.doc, start, end, frame, apposed, role=role)
    start, end = _core_range(token)
    return _mention("description", token.doc, start, end, frame, token)


def _coordinated(token: Token) -> tuple[int, int] | None:
    """The range of "France, Britain and Germany", of which the token is the first head."""
    last, has_and = token, False
    for child in token.conjuncts:
        if not is_nominal(child) or child.i < token.i:
            return None
        last = child
    for i in range(token.i + 1, last.i):
        word = token.doc[i]
        has_and = has_and or word.lower_ in ("and", "or", "&")
        if word.tag_[:2] in ("VB", "MD") or word.text in (";", ":", '"', "-", "--", "—", "–"):
            return None
    if not has_and:
        return None
    start = _name_range(token)[0] if token.tag_ in _NAME_TAGS else _core_range(token)[0]
    end = _name_range(last)[1] if last.tag_ in _NAME_TAGS else _core_range(last)[1]
    return start, end


def _mention(
    kind: str, doc: Doc, start: int, end: int, frame: Frame, head: Token, role: str = ""
) -> Mention:
    span = doc[start:end]
    first, last = frame.source_span(span.start_char, span.end_char)
    return Mention(
        kind, span.text, first, last,
        name=span.text if kind == "name" else "",
        head=head.lower_,
        role=role,
        is_plural=head.tag_ in ("NNS", "NNPS") or head.lower_ in ("they", "we") or head.lower_ in _QUANTIFIERS,
        is_definite=doc[start].lower_ in ("the", "this", "that") or doc[start].dep_ == "poss",
        entity=head.ent_type_,
    )  # fmt: skip


def _is_office(token: Token) -> bool:
    """Whether a capitalised word is an office without a name: "the President"."""
    return plain(token.text) in load_titles().titles and not any(
        child.tag_ in _NAME_TAGS
        and child.dep_ != "poss"
        and plain(child.text) not in load_titles().titles | load_titles().not_names
        for child in token.children
    )


def _yields_to(token: Token, apposed: Token | None) -> bool:
    """Whether the apposed name is the speaker's: "Supreme Leader, Ayatollah Ali Khamenei"."""
    if apposed is None or token.ent_type_ == "PERSON":
        return False
    return apposed.ent_type_ == "PERSON" or plain(token.text) in load_titles().titles


def _apposed_name(token: Token) -> Token | None:
    """The person's name in apposition to an office: "the president, Barack Obama"."""
    if token.tag_ not in _NOUN_TAGS:
        return None
    for child in token.children:
        if child.dep_ != "appos" or child.tag_ != "NNP" or child.i < token.i:
            continue
        is_adjacent = _run_start(child) == token.i + 1
        if is_adjacent or child.ent_type_ in ("PERSON", ""):
            return child
    return None


def _name_range(token: Token) -> tuple[int, int]:
    """First token and end of the name that ``token`` belongs to, without titles."""
    doc, start, end = token.doc, token.i, token.i + 1
    while (
        end < len(doc) and doc[end].tag_ in _NAME_TAGS and doc[end].head.i in range(start, end + 1)
    ):
        end += 1
    if token.ent_type_ == "PERSON":
        start, end = _entity_range(token, end)
    else:
        start, end = _run_start(token), _body_end(token, end)
    while start < token.i and not doc[start].text[:1].isalpha():
        start += 1
    return _without_titles(doc, start, end, token.i)


def _entity_range(token: Token, end: int) -> tuple[int, int]:
    doc, start = token.doc, token.i
    while start > 0 and doc[start].ent_iob_ == "I" and doc[start - 1].ent_type_ == "PERSON":
        start -= 1
    while end < len(doc) and doc[end].ent_iob_ == "I" and doc[end].ent_type_ == "PERSON":
        end += 1
    while end > token.i + 1 and doc[end - 1].lower_ in ("'s", "'"):
        end -= 1
    return start, end


def _body_end(token: Token, end: int) -> int:
    """The end of a body's name that goes on with "of": "Department of Agriculture"."""
    for child in token.children:
        if child.i == end and child.lower_ in ("of", "for", "on"):
            last = child.right_edge.i + 1
            names = [
                t for t in token.doc[child.i + 1 : last] if t.tag_ not in ("DT", "IN", "CC", ",")
            ]
            if names and all(t.tag_ in _NAME_TAGS for t in names):
                return last
    return end


def _run_start(token: Token) -> int:
    doc, start = token.doc, token.i
    particles = load_titles().particles
    while start > 0 and token.i - start < 12:
        before = doc[start - 1]
        if (
            before.tag_ in _NAME_TAGS
            or before.text == "-"
            or (before.lower_ in particles and start > 1 and doc[start - 2].tag_ in _NAME_TAGS)
        ):
            start -= 1
        else:
            break
    return start


def _without_titles(doc: Doc, start: int, end: int, head: int) -> tuple[int, int]:
    titles = load_titles().titles
    for i in range(end - 2, start - 1, -1):
        if plain(doc[i].text) in titles:
            return i + 1, end
    return start, end


def _core_range(token: Token) -> tuple[int, int]:
    """A noun phrase without what is set off from it; a relative clause right after stays."""
    left = right = token.i
    for child in token.children:
        if child.dep_ in _OUTSIDE or (child.dep_ == "prep" and child.i < token.i):
            continue
        edge = child.left_edge.i if child.i < token.i else child.right_edge.i
        left, right = min(left, edge), max(right, edge)
    doc = token.doc
    for i in range(token.i + 1, right + 1):
        is_dash = doc[i].text in ("-", "--", "—", "–") and bool(doc[i - 1].whitespace_)
        if is_dash or doc[i].text in (",", '"', ";", ":", "("):
            right = i - 1
            break
    return left, right + 1


def _role(token: Token, start: int) -> str:
    """What stands before a name or is set off after it: title, apposition, relative clause."""
    after = apposition(token)
    return after or before_name(token, start)


def before_name(token: Token, start: int) -> str:
    """The words of the noun phrase before the name: "Kyiv-based political analyst"."""
    doc = token.doc
    left = min([token.left_edge.i, start])
    while left < start and doc[left].text in ('"', ",", "-", "--", "—", "–", "("):
        left += 1
    for i in range(start - 1, left - 1, -1):
        if doc[i].text in (",", ";", ":", '"', ".") or doc[i].tag_ == "CC":
            left = i + 1
            break
    if start - left > 12 or start <= left:
        return ""
    words = doc[left:start]
    if words.text.lower() in ("mr.", "mrs.", "ms.", "mr", "ms", "mrs", "dr.", "but", "and"):
        return ""
    return words.text


def apposition(token: Token) -> str:
    """What is set off after a name by a comma: an apposition, or a clause with "who"."""
    doc = token.doc
    for child in token.children:
        if child.i <= token.i:
            continue
        if (
            (child.dep_ == "appos"
            and child.tag_ in ("NN", "NNS", "NNP", "VBG"))
            or child.dep_ == "relcl"
        ):
            return doc[child.left_edge.i : child.right_edge.i + 1].text.strip(" ,")
    return ""


def nominals(doc: Doc, start: int, end: int) -> Iterator[Token]:
    """Tokens in a range that head a mention, in order."""
    for token in doc[start:end]:
        if is_nominal(token) and token.dep_ not in ("compound", "poss", "nmod", "det", "nummod"):
            yield token
