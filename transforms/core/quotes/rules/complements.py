"""What hangs on a reporting verb, and is what was said: clauses, infinitives, nouns.

Each function yields ranges of tokens with the name of the rule that found them; the caller
takes the first that holds words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spacy.tokens import Doc, Token

from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import word_set
from transforms.core.quotes.rules.clauses import Range, has_to, own_subject, subtree
from transforms.core.quotes.rules.tokens import child_by, children_by, has_word

Content = tuple[list[Range], str]  #: ranges in text order, and the rule

#: What follows what is said without a comma and begins with these belongs to it: counted on
#: PolNeAR's training part, where other words ("after", "in", "on") tell when it was said.
_GOES_ON = word_set("going on")
_FINITE = ("VBD", "VBZ", "VBP", "VBN")  #: "praised", "has praised"; not "to praise", "praising"
_POINTERS = word_set("pointers")
_MAX_POINTING_TOKENS = 3  #: "that same view"; what goes on tells something
_DECLINING = word_set("declining")
_ASKING = word_set("asking")
_QUESTIONS = ("WP", "WRB", "WDT")
_VERBAL = ("xcomp", "ccomp", "oprd", "advcl")
_MAX_TOKENS_TO_NOUN = 5  #: "made it perfectly clear"


def _objects(verb: Token) -> list[Token]:
    return [c for c in children_by(verb, "dobj", "dative") if c.i > verb.i]


def _verbal(verb: Token, *deps: str) -> list[Token]:
    """The clauses after the verb that hang on it by these relations."""
    return [c for c in children_by(verb, *deps) if c.i > verb.i]


def _infinitive(verb: Token) -> Iterator[Content]:
    """“vowed to talk”."""
    yield from (([subtree(c)], "infinitive") for c in _verbal(verb, "xcomp") if has_to(c))


def _object(verb: Token) -> Iterator[Content]:
    """“praised the deal”; of a finite verb only."""
    if verb.tag_ in _FINITE:
        for noun in children_by(verb, "dobj"):
            if noun.i > verb.i:
                yield [subtree(noun)], "pointer" if _points_back(noun) else "object"


def _is_purpose(verb: Token) -> bool:
    """Whether it is only what for: "met the press to talk about a truce" names a subject."""
    return verb.tag_ == "VB" and verb.dep_ == "advcl" and has_to(verb)


def _points_back(noun: Token) -> bool:
    """Whether a noun only names what was said elsewhere: "shares that view", "spoke of it"."""
    if noun.tag_ == "PRP":
        return True
    first, end = noun.left_edge, subtree(noun)[1]
    return first.lower_ in _POINTERS and end - first.i <= _MAX_POINTING_TOKENS


def says_nothing(verb: Token) -> bool:
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
    return verb.lower_ in _ASKING and has_word((infinitive, *infinitive.children), cues.anonymous)


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
    for child in children_by(verb, "ccomp"):
        if child.i > verb.i:
            start, end = subtree(child)
            yield [(max(start, verb.i + 1), end)], "clause"
        elif _may_trail(verb):
            yield [subtree(child)], "trailing"
    if load_cues().lemmas.get(verb.lower_) == "tell":
        yield from _told(verb)


def _told(verb: Token) -> Iterator[Content]:
    """“told a radio programme that they had lost”: parsers hang the clause on the programme."""
    for hearer in _objects(verb):
        if hearer.lower_ not in load_cues().told:
            yield from (([clause], "clause") for clause in _misplaced(hearer))


def _misplaced(noun: Token) -> Iterator[Range]:
    """The clauses with "that" and a subject of their own that the parser hung on a noun."""
    for clause in children_by(noun, "relcl", "acl"):
        own, that = child_by(clause, "nsubj", "nsubjpass"), clause.left_edge
        if that.lower_ == "that" and own not in (None, that):
            yield that.i + 1, subtree(clause)[1]


def passive_clauses(verb: Token, agent: Token) -> list[Range]:
    """“was warned by Doe, a lecturer, that ...”: what the agent said; empty if that is not told.

    The small models may take it for a relative clause, but "that" opens none after a comma.
    """
    clauses = [subtree(c) for c in children_by(verb, "ccomp")]
    return clauses or [c for c in _misplaced(agent) if verb.doc[c[0] - 2].text == ","]


def _phrase(verb: Token) -> Iterator[Content]:
    """“made clear that ...”, “drew attention to ...”: what hangs on verb and noun together."""
    noun = _reporting_noun(verb)
    if noun is None:
        return
    for child in [*noun.children, *verb.children]:
        if child.dep_ in ("acl", "ccomp", "advcl") and child.i > noun.i:
            if has_word(children_by(child, "mark"), ("that",)):
                yield [subtree(child)], "phrase"
        elif child.dep_ == "prep" and (noun.lower_, child.lower_) == ("attention", "to"):
            yield from (([subtree(c)], "phrase") for c in children_by(child, "pobj"))


def _reporting_noun(verb: Token) -> Token | None:
    """The word with which a verb reports, right after it: "made clear"."""
    cues = load_cues()
    nouns = cues.phrases.get(cues.lemmas.get(verb.lower_, ""), frozenset())
    near = (c for c in verb.subtree if 0 < c.i - verb.i <= _MAX_TOKENS_TO_NOUN)
    return next((c for c in near if c.lower_ in nouns), None)


def _may_trail(verb: Token) -> bool:
    """Whether what the verb reports may stand before it: nothing it reports comes after."""
    is_telling = load_cues().lemmas.get(verb.lower_) == "tell"
    reported = _verbal(verb, "ccomp") if is_telling else _verbal(verb, "ccomp", "dobj")
    return own_subject(verb) is not None and not reported


def _urging(verb: Token) -> Iterator[Content]:
    """“urged Kyiv to talk”: whom and to what."""
    for child in _verbal(verb, *_VERBAL):
        if has_to(child):
            start = min(t.left_edge.i for t in [*_objects(verb), child])
            yield [(start, subtree(child)[1])], "urging"


def _naming(verb: Token) -> Iterator[Content]:
    """“called it a mistake”, “described it as a mistake”: what and how."""
    predicates = _verbal(verb, "oprd", "ccomp", "xcomp")
    predicates += [c for c in children_by(verb, "prep") if c.lower_ == "as"]
    if predicates:
        start = min(t.left_edge.i for t in _objects(verb) + predicates)
        yield [(max(start, verb.i + 1), max(subtree(c)[1] for c in predicates))], "naming"


def passive_naming(verb: Token) -> list[Range]:
    """“the truce was described by Doe as a pause”: what is named, and how; empty if neither."""
    named = child_by(verb, "nsubjpass")
    after = _verbal(verb, "oprd", "prep")
    how = [c for c in after if c.dep_ == "oprd" or c.lower_ in ("as", "to")]
    if named is None or not how:
        return []
    return [subtree(named), (how[0].left_edge.i, max(subtree(c)[1] for c in how))]


def _charging(verb: Token) -> Iterator[Content]:
    """“accused him of lying”, “praised him for talking”: whom and for what."""
    objects = _objects(verb)
    reasons = [c for c in children_by(verb, "prep") if c.lower_ in ("of", "for")]
    if objects and (reasons or load_cues().lemmas.get(verb.lower_) == "accuse"):
        end = max(subtree(c)[1] for c in reasons + objects)
        yield [(objects[0].left_edge.i, end)], "charging"


def _prepositions(verb: Token) -> Iterator[Content]:
    """“called for a truce”, “pointed to the fact that ...”: the noun after the preposition."""
    frames = load_cues().frames_of(verb.lower_)
    for link in _verbal(verb, "prep", "prt"):
        noun = child_by(link, "pobj", "pcomp") if link.lower_ in frames else None
        if noun is not None and noun.tag_ not in _QUESTIONS:
            is_subject = link.lower_ == "about" and _is_purpose(verb)
            is_claim = not is_subject and not _points_back(noun)
            end = _with_infinitives(verb, subtree(noun)[1])
            yield [(noun.left_edge.i, end)], "preposition" if is_claim else "pointer"


def _with_infinitives(verb: Token, end: int) -> int:
    """The end of what is reported with the infinitives right after: "for talks to begin"."""
    for more in children_by(verb, "xcomp", "advcl", "ccomp"):
        if more.left_edge.i <= end <= more.i and has_to(more):
            end = subtree(more)[1]
    return end


#: What may be reported, in the order in which it is tried, and the frames that allow it; all
#: verbs may have prepositions, which are frames of their own.
_FINDERS: tuple[tuple[frozenset[str], Callable[[Token], Iterator[Content]]], ...] = (
    (frozenset({"clause", "question"}), _aside),
    (frozenset({"clause", "question"}), _clause),
    (frozenset({"phrase"}), _phrase),
    (frozenset({"infinitive"}), _infinitive),
    (frozenset({"urging"}), _urging),
    (frozenset({"naming"}), _naming),
    (frozenset({"charging"}), _charging),
    (frozenset(), _prepositions),
    (frozenset({"object"}), _object),
)


def complements(verb: Token) -> Iterator[Content]:
    """Candidates for what the verb reports, the likeliest first."""
    frames = load_cues().frames_of(verb.lower_)
    for allowing, find in _FINDERS:
        if not allowing or frames & allowing:
            yield from find(verb)
