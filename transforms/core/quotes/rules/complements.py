"""What hangs on a reporting verb, and is what was said: clauses, infinitives, nouns.

Each function yields ranges of tokens with the name of the rule that found them; the caller
takes the first that holds words.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from transforms.core.languages.en.cues import load_cues
from transforms.core.quotes.rules.clauses import Range, has_to, own_subject, subtree

Content = tuple[list[Range], str]  #: ranges in text order, and the rule

#: What follows what is said without a comma and begins with these belongs to it: counted on
#: PolNeAR's training part, where other words ("after", "in", "on") tell when it was said.
_GOES_ON = frozenset(["for", "as", "to", "because", "by", "that", "if"])
_FINITE = ("VBD", "VBZ", "VBP", "VBN")  #: "praised", "has praised"; not "to praise", "praising"
_POINTERS = frozenset(["this", "that", "these", "those", "such"])
_MAX_POINTING_TOKENS = 3  #: "that same view"; what goes on tells something
_DECLINING = frozenset(("decline", "declines", "declined", "declining"))
_ASKING = frozenset(("ask", "asks", "asked", "asking"))
_QUESTIONS = ("WP", "WRB", "WDT")


def complements(doc: Doc, verb: Token, frames: frozenset[str]) -> Iterator[Content]:
    """Candidates for what the verb reports, the likeliest first."""
    if frames & {"clause", "question"}:
        yield from _aside(verb)
        yield from _clause(verb)
    if "phrase" in frames:
        yield from _phrase(verb)
    objects = [c for c in verb.children if c.dep_ in ("dobj", "dative") and c.i > verb.i]
    verbal = [
        c for c in verb.children if c.dep_ in ("xcomp", "ccomp", "oprd", "advcl") and c.i > verb.i
    ]
    if "infinitive" in frames:
        yield from (([subtree(c)], "infinitive") for c in verbal if c.dep_ == "xcomp" and has_to(c))
    if "urging" in frames:
        yield from _urging(objects, verbal)
    if "naming" in frames:
        yield from _naming(verb, objects, verbal)
    if "charging" in frames and objects:
        yield from _charging(verb, objects)
    yield from _prepositions(verb, frames)
    if "object" in frames and verb.tag_ in _FINITE:
        yield from (
            ([subtree(c)], "pointer" if _points_back(c) else "object")
            for c in objects
            if c.dep_ == "dobj"
        )


def _is_purpose(verb: Token) -> bool:
    """Whether it is only what for: "met the press to talk about a truce" names a subject."""
    return verb.tag_ == "VB" and verb.dep_ == "advcl" and has_to(verb)


def _points_back(noun: Token) -> bool:
    """Whether a noun only names what was said elsewhere: "shares that view", "spoke of it"."""
    if noun.tag_ == "PRP":
        return True
    first, end = noun.left_edge, subtree(noun)[1]
    return first.lower_ in _POINTERS and end - first.i <= _MAX_POINTING_TOKENS


def is_silent(verb: Token) -> bool:
    """Whether it only tells that somebody says nothing, or not under their name: "declined to
    comment", "asked not to be named"; the comment that was declined does not, either.
    """
    if verb.lower_ in load_cues().silences:
        return verb.dep_ == "xcomp" and verb.head.lower_ in _DECLINING
    return any(_is_silence(verb, child) for child in verb.children if child.i > verb.i)


def _is_silence(verb: Token, infinitive: Token) -> bool:
    cues = load_cues()
    if not has_to(infinitive):
        return False
    if verb.lower_ in _DECLINING:
        return infinitive.lower_ in cues.silences | cues.anonymous
    return verb.lower_ in _ASKING and any(
        t.lower_ in cues.anonymous for t in (infinitive, *infinitive.children)
    )


def gone_on(doc: Doc, verb: Token, end: int) -> int:
    """The end with a phrase that the parser hung on the verb: "called it good for Kyiv"."""
    if not verb.i < end < len(doc) or doc[end].lower_ not in _GOES_ON:
        return end
    link = doc[end] if doc[end].dep_ in ("prep", "dative") else doc[end].head
    if link == verb or link.head != verb:
        return end
    return max(end, subtree(link)[1])


def _aside(verb: Token) -> Iterator[Content]:
    """“The deal, he said, is dead”: the clause around the aside."""
    if verb.dep_ != "parataxis" or own_subject(verb) is None:
        return
    start, end = subtree(verb.head)
    left, right = subtree(verb)
    if left > start:
        yield [(start, left), (right, end)], "aside"


def _clause(verb: Token) -> Iterator[Content]:
    for child in verb.children:
        if child.dep_ != "ccomp":
            continue
        if child.i > verb.i:
            start, end = subtree(child)
            yield [(max(start, verb.i + 1), end)], "clause"
        elif _may_trail(verb):
            yield [subtree(child)], "trailing"
    if load_cues().lemmas.get(verb.lower_) == "tell":
        yield from _told(verb)


def _told(verb: Token) -> Iterator[Content]:
    """“told a radio programme that they had lost”: parsers hang the clause on the programme."""
    for child in verb.children:
        is_hearer = child.dep_ in ("dobj", "dative") and child.lower_ not in load_cues().told
        if not is_hearer or child.i < verb.i:
            continue
        yield from (([clause], "clause") for clause in _misplaced(child))


def _misplaced(noun: Token) -> Iterator[Range]:
    """The clauses with "that" and a subject of their own that the parser hung on a noun."""
    for clause in noun.children:
        own = next((c for c in clause.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        that = clause.left_edge
        is_clause = clause.dep_ in ("relcl", "acl") and that.lower_ == "that"
        if is_clause and own not in (None, that):
            yield that.i + 1, subtree(clause)[1]


def passive_clauses(verb: Token, agent: Token) -> list[Range]:
    """“was warned by Doe, a lecturer, that ...”: what the agent said; empty if that is not told.

    The small models may take it for a relative clause, but "that" opens none after a comma.
    """
    clauses = [subtree(c) for c in verb.children if c.dep_ == "ccomp"]
    set_off = (c for c in _misplaced(agent) if verb.doc[c[0] - 2].text == ",")
    return clauses or list(set_off)


def _phrase(verb: Token) -> Iterator[Content]:
    """“made clear that ...”, “drew attention to ...”: what hangs on verb and noun together."""
    cues = load_cues()
    nouns = cues.phrases.get(cues.lemmas.get(verb.lower_, ""), frozenset())
    noun = next((c for c in verb.subtree if c.lower_ in nouns and 0 < c.i - verb.i <= 5), None)
    if noun is None:
        return
    for child in [*noun.children, *verb.children]:
        is_clause = child.dep_ in ("acl", "ccomp", "advcl") and child.i > noun.i
        if is_clause and any(c.lower_ == "that" and c.dep_ == "mark" for c in child.children):
            yield [subtree(child)], "phrase"
        elif child.dep_ == "prep" and child.lower_ == "to" and noun.lower_ == "attention":
            yield from (([subtree(c)], "phrase") for c in child.children if c.dep_ == "pobj")


def _may_trail(verb: Token) -> bool:
    """Whether what the verb reports may stand before it: nothing it reports comes after."""
    is_telling = load_cues().lemmas.get(verb.lower_) == "tell"
    return own_subject(verb) is not None and not any(
        child.i > verb.i and (child.dep_ == "ccomp" or (child.dep_ == "dobj" and not is_telling))
        for child in verb.children
    )


def _urging(objects: list[Token], verbal: list[Token]) -> Iterator[Content]:
    """“urged Kyiv to talk”: whom and to what."""
    for child in verbal:
        if has_to(child):
            start = min(t.left_edge.i for t in [*objects, child])
            yield [(start, subtree(child)[1])], "urging"


def _naming(verb: Token, objects: list[Token], verbal: list[Token]) -> Iterator[Content]:
    """“called it a mistake”, “described it as a mistake”: what and how."""
    predicates = [c for c in verbal if c.dep_ in ("oprd", "ccomp", "xcomp")]
    predicates += [c for c in verb.children if c.dep_ == "prep" and c.lower_ == "as"]
    if predicates:
        start = min(t.left_edge.i for t in objects + predicates)
        yield [(max(start, verb.i + 1), max(subtree(c)[1] for c in predicates))], "naming"


def passive_naming(verb: Token) -> list[Range]:
    """“the truce was described by Doe as a pause”: what is named, and how; empty if neither."""
    named = next((c for c in verb.children if c.dep_ == "nsubjpass"), None)
    after = (c for c in verb.children if c.i > verb.i)
    how = [c for c in after if c.dep_ == "oprd" or (c.dep_ == "prep" and c.lower_ in ("as", "to"))]
    if named is None or not how:
        return []
    return [subtree(named), (how[0].left_edge.i, max(subtree(c)[1] for c in how))]


def _charging(verb: Token, objects: list[Token]) -> Iterator[Content]:
    """“accused him of lying”, “praised him for talking”: whom and for what."""
    reasons = [c for c in verb.children if c.dep_ == "prep" and c.lower_ in ("of", "for")]
    if reasons or load_cues().lemmas.get(verb.lower_) == "accuse":
        end = max(subtree(c)[1] for c in reasons + objects)
        yield [(objects[0].left_edge.i, end)], "charging"


def _prepositions(verb: Token, frames: frozenset[str]) -> Iterator[Content]:
    """“called for a truce”, “pointed to the fact that ...”: the noun after the preposition."""
    for child in verb.children:
        if child.dep_ not in ("prep", "prt") or child.lower_ not in frames or child.i < verb.i:
            continue
        noun = next((c for c in child.children if c.dep_ in ("pobj", "pcomp")), None)
        if noun is None or noun.tag_ in _QUESTIONS:
            continue
        end = subtree(noun)[1]
        for more in verb.children:  # "called for talks to begin"
            is_next = more.i >= end and more.left_edge.i <= end
            if more.dep_ in ("xcomp", "advcl", "ccomp") and is_next and has_to(more):
                end = subtree(more)[1]
        is_claim = not _points_back(noun) and not (child.lower_ == "about" and _is_purpose(verb))
        yield [(noun.left_edge.i, end)], "preposition" if is_claim else "pointer"
