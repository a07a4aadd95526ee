"""What a statement's words come down to when style is taken away.

Spelling, figures, contractions, brackets, ellipses and quotation marks differ from house to
house; what is left after folding them is what two copies have in common. Each content word
keeps whether it is denied.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterator, Mapping

from transforms.core.judging.numerals import joined_numbers
from transforms.core.understanding.phrases import fold, read_sections

#: A negation reaches so many words ahead, and a "nothing" so many back, within its clause.
_REACH_WORDS = 4

_CONTRACTIONS = [
    (re.compile(pattern), plain)
    for pattern, plain in [
        (r"\bcan't\b|\bcannot\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"\bshan't\b", "shall not"),
        (r"n't\b", " not"),
        (r"'re\b", " are"),
        (r"'ve\b", " have"),
        (r"'ll\b", " will"),
        (r"'m\b", " am"),
        (r"\b(it|that|there|what|he|she|who|here|where)'s\b", r"\1 is"),
        (r"'s\b|s'(?=\s)", ""),
        (r"'d\b", " would"),
        (r"\bper cent\b|%", " percent "),
        (r"\bnothing (?:except|but|other than)\b", "only"),
        (r"\bno longer\b|\bno more\b|\bnot any more\b|\bnot any longer\b", "not"),
        (r"\bnot only\b", "only"),
        (r"\bif not\b", "if not ,"),  # a clause of its own: what follows is not denied
        (r"\btoo (\w+) to\b", r"\1 not"),
        (r"\bu\.s\.", "us"),
        (r"\bu\.k\.", "uk"),
    ]
]
_BRACKETS = re.compile(r"[\[\]()]")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[.,;:!?…\"“”]| - ")
_ACRONYM = re.compile(r"\b[A-Z]{3,6}\b")
#: The month, which must not be taken for the modal verb.
_MAY = re.compile(r"(?<=[a-z,] )May\b")


@dataclasses.dataclass(frozen=True)
class Unit:
    """One content word."""

    word: str  #: its stem, or the first word of its group of synonyms
    stem: str
    position: int  #: among all words
    is_denied: bool
    is_figure: bool  #: a number or a time word


@dataclasses.dataclass(frozen=True)
class Wording:
    """A statement's normalised words."""

    words: tuple[str, ...]  #: all, in order, spelled one way
    units: tuple[Unit, ...]  #: the content words, in order
    content: frozenset[str]  #: the units' words
    denials: int  #: how many negations
    acronyms: frozenset[str]  #: those of the words that were written in capitals


@functools.lru_cache(maxsize=65536)
def wording_of(text: str) -> Wording:
    """The wording of a statement's text.

    >>> one, other = map(wording_of, ("It won't take 72 days", "it will not take seventy-two days"))
    >>> one.words == other.words, [(unit.word, unit.is_denied) for unit in one.units]
    (True, [('take', True), ('72', True), ('day', True)])
    """
    tokens = list(joined_numbers(_tokens(text)))
    words = [token for token in tokens if token[0].isalnum()]
    units = tuple(_units(tokens))
    return Wording(
        words=tuple(words),
        units=units,
        content=frozenset(unit.word for unit in units),
        denials=sum(word in _lexicon().negations for word in words),
        acronyms=frozenset(word.lower() for word in _ACRONYM.findall(text)),
    )


def _tokens(text: str) -> Iterator[str]:
    """Words in one spelling, and punctuation."""
    plain = fold(_BRACKETS.sub("", _MAY.sub("maymonth", text)))
    for pattern, replacement in _CONTRACTIONS:
        plain = pattern.sub(replacement, plain)
    for token in _TOKEN.findall(plain):
        yield _one_spelling(token.replace(",", "")) if token[0].isalnum() else token.strip()


def _units(tokens: list[str]) -> Iterator[Unit]:
    lexicon = _lexicon()
    denied = _denied(tokens)
    position = 0
    for index, token in enumerate(tokens):
        if not token[0].isalnum():
            continue
        if token not in lexicon.empty:
            stem = stem_of(token)
            word = lexicon.synonyms.get(stem, stem)
            is_figure = token[0].isdigit() or token in lexicon.time_words
            yield Unit(word, stem, position, index in denied, is_figure)
        position += 1


def _denied(tokens: list[str]) -> set[int]:
    """Which tokens stand in the reach of an odd number of negations."""
    lexicon = _lexicon()
    denied: set[int] = set()
    for index, token in enumerate(tokens):
        if token in lexicon.negations:
            denied ^= set(_reach(tokens, index, 1))
        if token in lexicon.backward:
            denied ^= set(_reach(tokens, index, -1))
    return denied


def _reach(tokens: list[str], index: int, step: int) -> Iterator[int]:
    lexicon = _lexicon()
    for place in range(index + step, index + step * (_REACH_WORDS + 1), step):
        if not 0 <= place < len(tokens):
            return
        if not tokens[place][0].isalnum() or tokens[place] in lexicon.boundaries:
            return
        yield place


@dataclasses.dataclass(frozen=True)
class _Lexicon:
    empty: frozenset[str]  #: words without content of their own
    negations: frozenset[str]
    backward: frozenset[str]
    boundaries: frozenset[str]
    time_words: frozenset[str]
    synonyms: Mapping[str, str]  #: the first word of its group, by stem
    antonyms: frozenset[tuple[str, str]]  #: both ways, as stems and as first words


@functools.lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    sections = read_sections("wording.txt")

    def words(section: str) -> frozenset[str]:
        return frozenset(word for line in sections[section] for word in line.split())

    synonyms: dict[str, str] = {}
    for line in sections["synonyms"]:
        first, *others = [stem_of(_one_spelling(word)) for word in line.split()]
        for stem in (first, *others):
            synonyms.setdefault(stem, first)
    antonyms: set[tuple[str, str]] = set()
    for line in sections["antonyms"]:
        left, _, right = line.partition("/")
        for a in map(stem_of, left.split()):
            for b in map(stem_of, right.split()):
                antonyms |= {(a, b), (b, a)}
    return _Lexicon(
        empty=words("stop words") | words("negations") | words("boundaries"),
        negations=words("negations"),
        backward=words("backward negations"),
        boundaries=words("boundaries"),
        time_words=words("time words"),
        synonyms=synonyms,
        antonyms=frozenset(antonyms),
    )


_NEGATIVE_PREFIXES = ("un", "im", "in", "ir", "il", "dis", "non")


def are_antonyms(a: str, b: str) -> bool:
    """Whether two stems deny one another, by the lexicon or by a prefix.

    >>> are_antonyms("strengthen", "weaken"), are_antonyms("possible", "impossible")
    (True, True)
    """
    if (a, b) in _lexicon().antonyms:
        return True
    short, long = sorted((a, b), key=len)
    return len(short) > 3 and any(long == prefix + short for prefix in _NEGATIVE_PREFIXES)


#: American spelling, by ending; longer words only, so that "four" and "wise" stay.
_AMERICAN = [
    (re.compile(pattern), plain)
    for pattern, plain in [
        (r"(?<=\w{4})is(e|ed|es|ing|ation|ations|er|ers)$", r"iz\1"),
        (r"(?<=\w{3})our(s|ed|ing|able|ite|ites|)$", r"or\1"),
        (r"ogramme(s?)$", r"ogram\1"),
        (r"(def|off|lic|pret)ence(s?)$", r"\1ense\2"),
        (r"(?<=\w{2})ntre(s?)$", r"nter\1"),
        (r"(?<=\w{3})ll(ed|ing|er|ers)$", r"l\1"),
        (r"(?<=^toward)s$|(?<=^afterward)s$|(?<=^forward)s$|(?<=^backward)s$", ""),
        (r"^(amid|among|whil)st$", r"\1"),
    ]
]


@functools.lru_cache(maxsize=16384)
def _one_spelling(word: str) -> str:
    """British and American spelling made one.

    >>> [_one_spelling(w) for w in ("organised", "programme", "favours", "defence", "four")]
    ['organized', 'program', 'favors', 'defense', 'four']
    """
    for pattern, plain in _AMERICAN:
        word = pattern.sub(plain, word)
    return word


@functools.lru_cache(maxsize=16384)
def stem_of(word: str) -> str:
    """A light stem: plural and verb endings off.

    >>> [stem_of(w) for w in ("talks", "parties", "negotiated", "negotiating", "stopped", "hours")]
    ['talk', 'party', 'negotiat', 'negotiat', 'stop', 'hour']
    """
    if len(word) <= 3 or word[0].isdigit():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("ing") and len(word) > 5:
        word = word[:-3]
    elif word.endswith("ed") and len(word) > 4:
        word = word[:-2]
    elif word.endswith("es") and word[-3] in "sxz":
        return word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    elif word.endswith("ly") and len(word) > 5:
        word = word[:-2]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
