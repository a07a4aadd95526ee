"""Attributions that stand beside what is said: "according to X", "in X's view".

Also what the parser hung on another word than the verb that reports it, and the quotation that
lost its marks in translation or by a careless copy, which stands after a reporting verb and a
comma: "X remarked, Russians expect ...".
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from schemas.annotation import QuotationForm
from transforms.core.languages.en.cues import load_cues
from transforms.core.languages.en.word_lists import is_human, word_set
from transforms.core.people.categories import ends_with_role
from transforms.core.quotes.mentions import is_nominal, nominals
from transforms.core.quotes.rules.clauses import Range, own_subject, sentence_bounds
from transforms.core.quotes.rules.tokens import (
    FINITE,
    child_by,
    has_clause,
    has_only_tags,
    has_sign,
    has_tag,
    has_word,
    last_comma,
    preposition_of,
)

_FIRST_PERSON = word_set("first person")
_OWN = word_set("own views")
_BEFORE_NOUN = ("DT", "JJ", "NN", "NNP", "NNPS", "NNS", "POS", "PRP$", "VBN", "CD", "HYPH")
#: What "Jane Doe of the Elbe Institute" consists of.
_NAMED = (*(tag for tag in _BEFORE_NOUN if tag != "VBN"), "IN")
_MAX_TOKENS_TO_THAT = 9  #: "told reporters in Orlo on Monday that"
_MIN_UNMARKED_TOKENS = 4  #: fewer are an aside's remainder: "He said, Monday"


@dataclass(frozen=True)
class Aside:
    """Ranges of what is said, who said it, and the tokens of the cue."""

    ranges: list[Range]
    who: Token
    cue: Range
    rule: str
    form: QuotationForm = "inline"


def according_to(doc: Doc, token: Token) -> Aside | None:
    """“Talks will fail, according to her”: the sentence around it is what was said."""
    if token.i + 2 >= len(doc) or doc[token.i + 1].lower_ != "to":
        return None
    start, end = sentence_bounds(doc, token.i)
    who = child_by(doc[token.i + 1], "pobj")
    if who is None or not is_nominal(who):
        who = next(nominals(doc, token.i + 2, end), None)
    if who is None:
        return None
    opens = token.i == start or doc[token.i - 1].tag_ in ("CC", ".")
    ranges = _around(doc, who, start, token.i, end, opens=opens)
    return Aside(ranges, who, (token.i, token.i + 2), "according")


def _around(doc: Doc, who: Token, start: int, source: int, end: int, *, opens: bool) -> list[Range]:
    """The parts of a sentence around the phrase at ``source`` that names ``who`` said it.

    ``opens``: the phrase opens the sentence.
    """
    after = min(who.right_edge.i + 1, end)
    if opens:
        return [(_after_source(doc, who, after, end), end)]
    rest = [(after, end)] if end - after > 2 else []
    return [(start, source), *rest]


def _after_source(doc: Doc, who: Token, after: int, end: int) -> int:
    """Where the words begin that follow a source, whom appositions may describe.

    Parsers take the clause itself for one more apposition; then the first part between commas
    counts that does not go on with who the source is.
    """
    if has_clause(doc[after:end]):
        return after
    return _after_description(doc, who, end) or after


def _after_description(doc: Doc, who: Token, end: int) -> int:
    """Where the first part between commas begins that does not tell who ``who`` is; or 0."""
    commas = [t.i for t in doc[who.i : end] if t.text == ","]
    for comma, upto in zip(commas, [*commas[1:], end], strict=False):
        words = doc[comma + 1 : upto]
        if len(words) > 1 and not _describes(words):
            return comma + 1
    return 0


def _describes(words: Span) -> bool:
    """Whether a part of a sentence says who somebody is: "head of the eastern desk"."""
    first = words[0]
    if first.tag_ in ("WP", "WDT", "WRB", "CC", "VBN", "VBG", "RB", "IN"):
        return True
    head = next(
        (t for t in words if t.tag_[:2] == "NN" and t.dep_ not in ("compound", "poss")), first
    )
    return is_human(head.text) or ends_with_role(words[: head.i + 1 - first.i].text)


def interrupting(doc: Doc, verb: Token) -> Aside | None:
    """“The truce, says Jane Doe, a scholar, will not hold”: the sentence around the aside.

    Read off the words, for the small models take her for the subject of what is said.
    """
    start, end = sentence_bounds(doc, verb.i)
    if verb.tag_ not in ("VBD", "VBZ") or verb.i < start + 2:
        return None
    if doc[verb.i - 1].text != ",":
        return _interrupting_named(doc, verb, start, end)
    who = next(nominals(doc, verb.i + 1, end), None)
    if who is None or not _goes_on(doc[start : verb.i - 1]):
        return None
    after = _after_description(doc, who, end)
    is_inverted = has_only_tags(doc[verb.i + 1 : who.i], _BEFORE_NOUN)
    if not is_inverted or not after or not has_clause(doc[after:end]):
        return None
    return Aside([(start, verb.i - 1), (after, end)], who, (verb.i, verb.i + 1), "aside")


def _goes_on(said: Span) -> bool:
    """Reports if the words before an aside are no whole sentence; its rest may be another's.

    "Jane Doe, a scholar, said John Roe, an envoy, is …" has no aside either.
    """
    is_whole = said[0].tag_ not in ("IN", "WRB") and has_clause(said)
    return not is_whole and not has_sign(said, ",")


def _interrupting_named(doc: Doc, verb: Token, start: int, end: int) -> Aside | None:
    """“The truce, Jane Doe of the Elbe Institute says, will not hold”.

    Parsers know it without the institute; with it they take the truce for who says so.
    """
    comma, after = last_comma(doc, start, verb.i), verb.i + 2
    if comma <= start or after >= end or doc[verb.i + 1].text != ",":
        return None
    named = doc[comma + 1 : verb.i]
    if not has_tag(named, "IN") or not has_only_tags(named, _NAMED):
        return None
    who = next(nominals(doc, comma + 1, verb.i), None)
    if who is None or who.tag_ != "NNP" or doc[after].tag_ not in FINITE:
        return None
    if not has_only_tags(doc[start:comma], (*_BEFORE_NOUN, "IN")):
        return None
    return Aside([(start, comma), (after, end)], who, (verb.i, verb.i + 1), "aside")


def in_view_of(doc: Doc, token: Token) -> Aside | None:
    """“In her view”, “in the words of the analyst”: ``token`` is the noun "view" or "words"."""
    return _in_words_of(doc, token) or _in_own_view(doc, token)


def _in_own_view(doc: Doc, token: Token) -> Aside | None:
    """“In her view, the talks are over”."""
    who = child_by(token, "poss")
    is_phrase = token.dep_ == "pobj" and token.head.lower_ in ("in", "by")
    if who is None or not is_phrase or who.lower_ in _OWN:
        return None
    if not (is_nominal(who) or who.tag_ == "PRP$"):
        return None
    start, end = sentence_bounds(doc, token.i)
    first, after = token.head.i, token.i + 1
    if first - start <= 1:
        ranges = [(after, end)]
    elif after >= len(doc) or doc[after].text in (",", "."):
        ranges = [(start, first), (after, end)]
    else:
        return None
    return Aside(ranges, who, (first, after), "view")


def _in_words_of(doc: Doc, token: Token) -> Aside | None:
    """“It was a rehearsal, in the words of the analyst”."""
    link = preposition_of(token, "of")
    is_phrase = token.dep_ == "pobj" and token.head.lower_ == "in"
    if link is None or not is_phrase or doc[token.i - 1].lower_ not in ("the", "in"):
        return None
    who = child_by(link, "pobj")
    if who is None or not is_nominal(who):
        return None
    start, end = sentence_bounds(doc, token.i)
    first = token.head.i
    ranges = _around(doc, who, start, first, end, opens=first - start <= 1)
    return Aside(ranges, who, (first, link.i + 1), "according")


def trailing(doc: Doc, verb: Token) -> list[Range]:
    """The sentence before ", Jane Doe of the Institute pointed out", whatever its parse.

    The verb must be among the last words, and nothing hang on it but a particle or a day.
    """
    start, end = sentence_bounds(doc, verb.i)
    who = own_subject(verb)
    if who is None or not start < who.i < verb.i or not _is_last(verb, end):
        return []
    first = who.left_edge.i
    if doc[first - 1].text != ",":
        first = last_comma(doc, start, who.i) + 1
    said = doc[start : max(start, first - 1)]
    is_led_in = doc[start].tag_ in ("IN", "WRB", "CC", '"', "``")
    is_clause = len(said) >= _MIN_UNMARKED_TOKENS and has_clause(said)
    is_led_out = not has_tag(doc[first : min(first + 1, verb.i)], *FINITE, "CC", "IN")
    return [(start, first - 1)] if is_clause and is_led_out and not is_led_in else []


def _is_last(verb: Token, end: int) -> bool:
    """Reports if nothing follows a verb in its sentence but a particle or a day."""
    rest = (t for t in verb.doc[verb.i + 1 : end] if t.text not in (".", "!", '"'))
    return all(t.lower_ in load_cues().when | {"out", "on"} for t in rest)


def following(doc: Doc, verb: Token) -> list[Range]:
    """The clause after "said in a statement that", which the parser hung on something else."""
    _, end = sentence_bounds(doc, verb.i)
    for token in doc[verb.i + 1 : min(end, verb.i + _MAX_TOKENS_TO_THAT)]:
        if token.tag_[:2] in ("VB", "MD") or token.text in (",", ";", ":", '"'):
            return []
        if token.lower_ == "that":
            is_new = has_clause(doc[token.i + 2 : end]) and doc[token.i + 1].tag_ not in FINITE
            return [(token.i + 1, end)] if is_new else []
    return []


def unmarked(doc: Doc, verb: Token) -> list[Range]:
    """What follows a reporting verb and a comma with a capital, though no mark opens.

    Goes on over the sentences after it that are in the first person. Nothing when the words
    before the verb are what is said ("The deal, he said, Russia wants ...").
    """
    if verb.i + 3 >= len(doc) or doc[verb.i + 1].text not in (",", ":"):
        return []
    start, end = sentence_bounds(doc, verb.i)
    first = doc[verb.i + 2]
    if not first.text[:1].isupper() or end - first.i < _MIN_UNMARKED_TOKENS:
        return []
    is_clause = has_clause(doc[first.i : end])
    return [(first.i, _said_on(doc, end))] if is_clause and _leads_in(verb, start) else []


def _leads_in(verb: Token, start: int) -> bool:
    """Reports if a verb and the words before it lead over to what is said."""
    before = verb.doc[start : verb.i]
    if verb.tag_ == "VBG":
        return has_sign(before, ",")
    has_subject = any(t.dep_ == "nsubj" or t.tag_ == "PRP" for t in before)
    return has_subject and not _says_before(verb.doc, verb, start)


def _says_before(doc: Doc, verb: Token, start: int) -> bool:
    own = own_subject(verb)
    edge = own.left_edge.i if own is not None and own.i < verb.i else verb.i
    return has_clause(doc[start:edge])


def _said_on(doc: Doc, end: int) -> int:
    """The end of the sentences that go on in the first person: "But we must stop it."."""
    while end < len(doc):
        _, following = sentence_bounds(doc, end)
        words = doc[end:following]
        if following <= end or not has_word(words, _FIRST_PERSON) or has_word(words, ('"',)):
            break
        end = following
    return end
