"""What a statement's words come down to when style is taken away.

Spelling (``spelling.py``), figures, brackets, ellipses and quotation marks differ from house to
house; what is left after folding them is what two copies have in common. Each content word
keeps whether it is denied.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from transforms.core.languages.en.numerals import joined_numbers
from transforms.core.languages.en.spelling import one_spelling, spelled_out, stem_of
from transforms.core.languages.en.word_lists import word_set
from transforms.core.text.phrases import read_sections

#: A negation reaches so many content words ahead, and a "nothing" so many back, within its clause.
_REACH_WORDS = 3
#: Nor does it reach further than so many words of any kind.
_MOST_WORDS = 12

_MODALS = word_set("imagining modals")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[.,;:!?…\"“”]| - ")
_NAME = re.compile(r"(?<=[\w,;] )[A-Z]\w+")
_ACRONYM = re.compile(r"\b[A-Z]{3,6}\b")


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
    tokens: tuple[str, ...]  #: the words and the punctuation between them
    units: tuple[Unit, ...]  #: the content words, in order
    content: frozenset[str]  #: the units' words
    denials: int  #: how many negations
    denied_first: frozenset[str]  #: the unit's word that comes next after each
    acronyms: frozenset[str]  #: those of the words that were written in capitals
    names: frozenset[str]  #: stems of what was written with a capital within a sentence
    unreal: frozenset[int]  #: positions of what would, or will, have been

    @functools.cached_property
    def words_at(self) -> Mapping[int, str]:
        """The units' words by position."""
        return {unit.position: unit.word for unit in self.units}


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
        tokens=tuple(tokens),
        units=units,
        content=frozenset(unit.word for unit in units),
        denials=sum(word in _lexicon().negations for word in words),
        denied_first=frozenset(_denied_first(words, units)),
        acronyms=frozenset(word.lower() for word in _ACRONYM.findall(text)),
        names=frozenset(stem_of(word) for name in _NAME.findall(text) for word in _tokens(name)),
        unreal=frozenset(_unreal(words)),
    )


def _tokens(text: str) -> Iterator[str]:
    """Words in one spelling, and punctuation."""
    for token in _TOKEN.findall(spelled_out(text)):
        yield one_spelling(token.replace(",", "")) if token[0].isalnum() else token.strip()


def _unreal(words: list[str]) -> Iterator[int]:
    """The positions of participles after "would have" and its like, "will have" among them: told
    indirectly, that is "would have", too.
    """
    lexicon = _lexicon()
    for index, word in enumerate(words):
        if word != "have" or not _MODALS & set(words[max(0, index - 2) : index]):
            continue
        place = index + 1 + (words[index + 1 : index + 2] == ["not"])
        verb = words[place] if place < len(words) else ""
        if verb.endswith("ed") or verb in lexicon.irregular or verb in lexicon.participles:
            yield place


def _denied_first(words: Sequence[str], units: Sequence[Unit]) -> Iterator[str]:
    """The content words that follow the negations, each with its own."""
    negations = _lexicon().negations
    for position, word in enumerate(words):
        if word in negations:
            after = bisect_right(units, position, key=lambda unit: unit.position)
            yield units[after].word if after < len(units) else ""


def _units(tokens: list[str]) -> Iterator[Unit]:
    lexicon = _lexicon()
    denied = _denied(tokens)
    position = 0
    for index, token in enumerate(tokens):
        if not token[0].isalnum():
            continue
        if token not in lexicon.empty:
            stem = stem_of(lexicon.irregular.get(token, token))
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
    reached = 0
    for place in range(index + step, index + step * (_MOST_WORDS + 1), step):
        is_inside = 0 <= place < len(tokens) and reached < _REACH_WORDS
        if not is_inside or not tokens[place][0].isalnum() or tokens[place] in lexicon.boundaries:
            return
        yield place
        reached += tokens[place] not in lexicon.empty


@dataclasses.dataclass(frozen=True)
class _Lexicon:
    empty: frozenset[str]  #: words without content of their own
    negations: frozenset[str]
    backward: frozenset[str]
    boundaries: frozenset[str]
    time_words: frozenset[str]
    order_words: frozenset[str]
    role_words: frozenset[str]
    links: Mapping[str, frozenset[int]]  #: the kinds of condition that a word may lead
    degrees: Mapping[str, frozenset[int]]  #: of those words that say how sure, or of how many
    participles: frozenset[str]
    time_nouns: frozenset[str]  #: as first words of their groups
    irregular: Mapping[str, str]  #: the plain form of a verb or noun, by its other forms
    synonyms: Mapping[str, str]  #: the first word of its group, by stem
    antonyms: frozenset[tuple[str, str]]  #: both ways, as stems and as first words
    same_times: frozenset[tuple[str, str]]  #: names of days, and what they may be from today


@functools.lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    sections = read_sections("wording.txt")

    def words(section: str) -> frozenset[str]:
        return frozenset(word for line in sections[section] for word in line.split())

    synonyms: dict[str, str] = {}
    for line in sections["synonyms"]:
        first, *others = [stem_of(one_spelling(word)) for word in line.split()]
        for stem in (first, *others):
            synonyms.setdefault(stem, first)
    forms = [line.split() for line in sections["irregular forms"]]
    return _Lexicon(
        empty=words("stop words") | words("negations") | words("boundaries"),
        negations=words("negations"),
        backward=words("backward negations"),
        boundaries=words("boundaries"),
        time_words=words("time words"),
        order_words=words("order words"),
        role_words=words("role words"),
        links=_kinds(sections["links"]),
        degrees=_kinds(sections["degrees"]),
        participles=words("past participles"),
        time_nouns=frozenset(synonyms.get(stem_of(w), stem_of(w)) for w in words("time nouns")),
        irregular={form: plain[0] for plain in forms for form in plain[1:]},
        synonyms=synonyms,
        antonyms=_both_ways(sections["antonyms"]),
        same_times=_both_ways(sections["same times"]),
    )


def _both_ways(lines: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Each stem before the "/" of a line with each after it, both ways round."""
    pairs = set()
    for line in lines:
        left, _, right = line.partition("/")
        pairs |= set(itertools.product(map(stem_of, left.split()), map(stem_of, right.split())))
    return frozenset(pairs | {(b, a) for a, b in pairs})


def _kinds(lines: Sequence[str]) -> dict[str, frozenset[int]]:
    """The numbers of the lines that each word stands in."""
    split = [line.split() for line in lines]
    return {
        word: frozenset(n for n, others in enumerate(split) if word in others)
        for word in itertools.chain(*split)
    }


def links_of(word: str) -> frozenset[int]:
    """The kinds of condition that a word may lead.

    >>> links_of("before") & links_of("since"), links_of("after") & links_of("once") > set()
    (frozenset(), True)
    """
    return _lexicon().links.get(word, frozenset())


def degrees_of(word: str) -> frozenset[int]:
    """The degree that a word gives what follows it: how sure it is, or of how many it holds.

    >>> degrees_of("will") & degrees_of("may"), degrees_of("may") == degrees_of("might") > set()
    (frozenset(), True)
    """
    return _lexicon().degrees.get(word, frozenset())


def order_words(words: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """The words on whose place it hangs what two statements say."""
    lexicon = _lexicon()
    in_one = lexicon.order_words.intersection({*words, *others})
    return in_one | lexicon.role_words.intersection(words).intersection(others)


def is_empty(word: str) -> bool:
    """Whether a word has no content of its own."""
    return word in _lexicon().empty


def group_of(stem: str) -> str:
    """The first word of the stem's group of synonyms, or the stem."""
    return _lexicon().synonyms.get(stem, stem)


def base_of(word: str) -> str:
    """The plain form of a verb or noun, if no ending tells it: ``gave`` is a form of ``give``."""
    return _lexicon().irregular.get(word, word)


def is_time_noun(word: str) -> bool:
    """Whether a unit's word is a length of time, or places one."""
    return word in _lexicon().time_nouns


def may_be_one_time(a: str, b: str) -> bool:
    """Whether one stem names a day which the other tells from the day of the report.

    >>> may_be_one_time("friday", "yesterday"), may_be_one_time("friday", "saturday")
    (True, False)
    """
    return (a, b) in _lexicon().same_times


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
