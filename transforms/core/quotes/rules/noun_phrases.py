"""Which tokens of a noun phrase are a name, a title, a role."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from transforms.core.languages.en.word_lists import bare_word, load_titles, word_set
from transforms.core.quotes.rules.tokens import children_by, has_sign, has_tag, has_word

NAME_TAGS = ("NNP", "NNPS")
NOUN_TAGS = ("NN", "NNS", "NNP", "NNPS")
QUANTIFIERS = word_set("quantifiers")
#: Hang on a noun and say more about it than who it is.
_OUTSIDE = frozenset(
    ["appos", "relcl", "acl", "cc", "conj", "punct", "parataxis", "dep", "advcl", "ccomp"]
)
_BEFORE_HEAD = frozenset(("compound", "nmod", "poss", "amod", "det", "nummod"))
_DASHES = frozenset(("-", "--", "—", "–"))


_CONJUNCTIONS = word_set("conjunctions")
_ENDS_PHRASE = frozenset((",", '"', ";", ":", "("))
#: What "of law" and "on the law of the sea" consist of.
_COMPLEMENT = frozenset(("prep", "pobj", "det", "amod", "compound"))
_MAX_NAME_TOKENS = 12
_MAX_TITLE_TOKENS = 12


def is_nominal(token: Token) -> bool:
    """Whether the token can head a speaker's mention."""
    return token.tag_ in NOUN_TAGS or token.tag_ in ("PRP", "WP") or token.lower_ in QUANTIFIERS


def nominals(doc: Doc, start: int, end: int) -> Iterator[Token]:
    """Tokens in a range that head a noun phrase, in order."""
    for token in doc[start:end]:
        if is_nominal(token) and token.dep_ not in ("compound", "poss", "nmod", "det", "nummod"):
            yield token


def head_of(token: Token) -> Token:
    """The head of the phrase that begins with the token."""
    while token.dep_ in _BEFORE_HEAD and token.head.i > token.i:
        token = token.head
    return token


def is_office(token: Token) -> bool:
    """Whether a capitalised word is an office without a name: "the President"."""
    lists = load_titles()
    return bare_word(token.text) in lists.titles and not any(
        child.tag_ in NAME_TAGS
        and child.dep_ != "poss"
        and bare_word(child.text) not in lists.titles | lists.not_names
        for child in token.children
    )


def apposed_name(token: Token) -> Token | None:
    """The name in apposition to a noun: "the president, Jane Doe", "news agency TASS"."""
    if token.tag_ not in NOUN_TAGS:
        return None
    is_calling = _is_calling(token)
    for name in filter(_is_set_off, children_by(token, "appos")):
        is_adjacent = _run_start(name) == token.i + 1
        is_called = is_calling and name.ent_type_ not in ("GPE", "NORP", "LOC")
        if is_adjacent or is_called or name.ent_type_ in ("PERSON", ""):
            return name
    return _name_beside(token) if is_calling else None


def _is_set_off(name: Token) -> bool:
    """Reports if an apposition may be a name: not that in "a man, adviser to Jane Doe"."""
    is_after = name.tag_ == "NNP" and name.i > name.head.i
    return is_after and name.doc[name_range(name)[0] - 1].tag_ not in ("IN", "TO")


def _name_beside(token: Token) -> Token | None:
    """The name right after a calling with a complement: "professor of law Jane Doe".

    The small models read both as subjects of one verb, or as joined without an "and".
    """
    for other in (*children_by(token, "conj"), *children_by(token.head, token.dep_)):
        if other.i > token.i and other.ent_type_ == "PERSON":
            between = [t.dep_ for t in token.doc[token.i + 1 : name_range(other)[0]]]
            if between[-1:] == ["pobj"] and _COMPLEMENT.issuperset(between):
                return other
    return None


def _is_calling(token: Token) -> bool:
    """Whether the noun says what somebody is; what is set off after it is then a person, even
    if the model takes the name for a body's.
    """
    lists = load_titles()
    return bare_word(token.text) in lists.titles | lists.human


def name_range(token: Token) -> tuple[int, int]:
    """First token and end of the name that ``token`` belongs to, without titles."""
    doc, end = token.doc, token.i + 1
    while end < len(doc) and doc[end].tag_ in NAME_TAGS and token.i <= doc[end].head.i <= end:
        end += 1
    if token.ent_type_ == "PERSON":
        start, end = _entity_range(token, end)
    else:
        start, end = _run_start(token), _body_end(token, end)
        if token.ent_type_ == "ORG" and _is_of(token):
            start, end = _entity_range(token, end)
    while start < token.i and (not doc[start].text[:1].isalpha() or doc[start].tag_ == "DT"):
        start += 1
    return _after_titles(doc, start, end), end


def _after_titles(doc: Doc, start: int, end: int) -> int:
    """Where a name begins after its titles."""
    if has_tag(doc[start:end], "IN"):
        return start  # "Council on Foreign Relations", in which "Foreign" is no title
    for i in range(end - 2, start - 1, -1):
        if bare_word(doc[i].text) in load_titles().titles:
            return i + 1
    return start


def _is_of(token: Token) -> bool:
    """Reports if an organisation's name goes on after the token: "League of the Red Oar"."""
    after = token.i + 1
    words = token.doc[after : after + 2]
    return len(words) == 2 and words[0].lower_ in ("of", "for", "on") and words[1].ent_iob_ == "I"


def _entity_range(token: Token, end: int) -> tuple[int, int]:
    doc, start, label = token.doc, token.i, token.ent_type_
    while start > 0 and doc[start].ent_iob_ == "I" and doc[start - 1].ent_type_ == label:
        start -= 1
    while end < len(doc) and doc[end].ent_iob_ == "I" and doc[end].ent_type_ == label:
        end += 1
    while end > token.i + 1 and doc[end - 1].lower_ in ("'s", "'"):
        end -= 1
    return start, end


def _body_end(token: Token, end: int) -> int:
    """The end of a body's name that goes on with "of": "Department of Agriculture"."""
    for child in token.children:
        if child.i == end and child.lower_ in ("of", "for", "on"):
            rest = token.doc[child.i + 1 : child.right_edge.i + 1]
            names = [t for t in rest if t.tag_ not in ("DT", "IN", "CC", ",")]
            if names and all(t.tag_ in NAME_TAGS for t in names):
                return int(child.right_edge.i) + 1
    return end


def _run_start(token: Token) -> int:
    """Where the run of name words begins that ends with the token."""
    doc, start = token.doc, token.i
    particles = load_titles().particles
    while start > 0 and token.i - start < _MAX_NAME_TOKENS:
        before = doc[start - 1]
        is_particle = before.lower_ in particles and start > 1 and doc[start - 2].tag_ in NAME_TAGS
        is_name = before.tag_ in NAME_TAGS and before.ent_type_ != "DATE"  # "on Monday Doe said"
        if not (is_name or before.text == "-" or is_particle):
            break
        start -= 1
    return start


def core_range(token: Token) -> tuple[int, int]:
    """A noun phrase without what is set off from it: "officials in Kyiv"."""
    left = right = token.i
    for child in token.children:
        if child.dep_ in _OUTSIDE or (child.dep_ == "prep" and child.i < token.i):
            continue
        left, right = min(left, child.left_edge.i), max(right, child.right_edge.i)
    doc = token.doc
    left = max(left, token.i - 2 * _MAX_TITLE_TOKENS)
    right = min(right, token.i + 2 * _MAX_TITLE_TOKENS)
    for i in range(token.i + 1, right + 1):
        is_dash = doc[i].text in _DASHES and bool(doc[i - 1].whitespace_)
        if is_dash or doc[i].text in _ENDS_PHRASE:
            return left, i
    return left, right + 1


def coordinated(token: Token) -> tuple[int, int] | None:
    """The range of "France, Britain and Germany", of which the token is the first head."""
    doc, last = token.doc, token
    for other in token.conjuncts:
        if not is_nominal(other) or other.i < token.i:
            return None
        last = other
    between = doc[token.i + 1 : last.i]
    has_break = has_sign(between, *_DASHES, ";", ":", '"')
    if has_break or not has_word(between, _CONJUNCTIONS) or any(map(_is_verbal, between)):
        return None
    start = name_range(token)[0] if token.tag_ in NAME_TAGS else core_range(token)[0]
    end = name_range(last)[1] if last.tag_ in NAME_TAGS else core_range(last)[1]
    return start, end


def _is_verbal(token: Token) -> bool:
    return token.tag_[:2] in ("VB", "MD")


def role_of(token: Token, start: int, end: int) -> str:
    """What is set off after the name from ``start`` to ``end``, or stands before it:
    apposition, clause, title.
    """
    doc = token.doc
    for child in token.children:
        is_apposed = child.dep_ == "appos" and child.tag_ in ("NN", "NNS", "NNP", "VBG")
        if child.i >= end and (is_apposed or child.dep_ == "relcl"):
            return str(doc[child.left_edge.i : child.right_edge.i + 1].text.strip(" ,"))
    return _title_before(token, start)


def _title_before(token: Token, start: int) -> str:
    """The words of the noun phrase before the name: "Kyiv-based political analyst"."""
    doc, left = token.doc, min(token.left_edge.i, start)
    for i in range(start - 1, max(left, start - _MAX_TITLE_TOKENS) - 1, -1):
        if doc[i].text in (",", ";", ":", '"', ".", "(") or doc[i].tag_ == "CC":
            left = i + 1
            break
    return str(doc[left:start].text) if 0 < start - left <= _MAX_TITLE_TOKENS else ""
