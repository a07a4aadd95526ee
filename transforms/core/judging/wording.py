"""What a statement's words come down to when style is taken away.

Spelling, figures, contractions, brackets, ellipses and quotation marks differ from house to
house; what is left after folding them is what two copies have in common.
"""

from __future__ import annotations

import dataclasses
import functools
import re

from transforms.core.understanding.tags import fold

_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]  # fmt: skip
    )
} | {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}

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
        (r"'s\b", ""),
        (r"'d\b", " would"),
    ]
]
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")

#: Carry no content of their own.
STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "and",
        "or",
        "but",
        "so",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "onto",
        "over",
        "to",
        "up",
        "with",
        "within",
        "about",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "having",
        "will",
        "would",
        "shall",
        "should",
        "can",
        "could",
        "may",
        "might",
        "must",
        "it",
        "its",
        "he",
        "him",
        "his",
        "she",
        "her",
        "hers",
        "they",
        "them",
        "their",
        "we",
        "us",
        "our",
        "ours",
        "you",
        "your",
        "i",
        "my",
        "me",
        "mine",
        "who",
        "whom",
        "whose",
        "which",
        "what",
        "when",
        "where",
        "how",
        "there",
        "here",
        "than",
        "then",
        "if",
        "while",
        "because",
        "since",
        "very",
        "just",
        "also",
        "too",
        "some",
        "any",
        "all",
        "each",
        "both",
        "such",
        "own",
        "same",
        "it's",
        "one",
        "ones",
        "said",
        "says",
        "saying",
        "say",
        "told",
        "added",
        "according",
        "himself",
        "itself",
        "themselves",
        "yourself",
        "ourselves",
    ]
)
NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nobody",
        "nothing",
        "neither",
        "nor",
        "without",
        "nowhere",
        "hardly",
        "barely",
        "scarcely",
        "unlikely",
        "impossible",
        "cannot",
    ]
)


@dataclasses.dataclass(frozen=True)
class Wording:
    """A statement's normalised words."""

    words: tuple[str, ...]  #: all, in order, spelled one way
    content: tuple[str, ...]  #: stems of the content words, in order
    numbers: frozenset[str]
    negations: int


@functools.lru_cache(maxsize=32768)
def wording_of(text: str) -> Wording:
    """The wording of a statement's text.

    >>> wording_of("It won't take 72 hours").words == wording_of("it will not take seventy-two hours").words
    True
    """
    words = tuple(_joined_numbers(_plain_words(text)))
    content = tuple(stem(w) for w in words if w not in STOP_WORDS and w not in NEGATIONS)
    return Wording(
        words=words,
        content=content,
        numbers=frozenset(w for w in words if w[0].isdigit()),
        negations=sum(w in NEGATIONS for w in words),
    )


def _plain_words(text: str) -> list[str]:
    plain = fold(text)
    for pattern, replacement in _CONTRACTIONS:
        plain = pattern.sub(replacement, plain)
    return [british(word.replace(",", "")) for word in _TOKEN.findall(plain)]


def british(word: str) -> str:
    """British and American spelling made one.

    >>> british("organised"), british("programme"), british("favours"), british("defence")
    ('organized', 'program', 'favors', 'defense')
    """
    word = re.sub(r"is(e|ed|es|ing|ation|ations|er|ers)$", r"iz\1", word) if len(word) > 6 else word
    word = re.sub(r"our(s|ed|ing|able|ite|ites|)$", r"or\1", word) if len(word) > 5 else word
    word = re.sub(r"ogramme(s?)$", r"ogram\1", word)
    word = re.sub(r"(def|off|lic)ence(s?)$", r"\1ense\2", word)
    word = re.sub(r"ntre(s?)$", r"nter\1", word)
    word = re.sub(r"ll(ed|ing|er|ers)$", r"l\1", word)
    return re.sub(r"^(toward|afterward|forward|backward)s$", r"\1", word)


def _joined_numbers(words: list[str]) -> list[str]:
    """Number words as figures: "seventy two" and "72" are one."""
    out: list[str] = []
    total, current, is_open = 0, 0, False
    for word in [*words, ""]:
        if word in _NUMBER_WORDS:
            current, is_open = current + _NUMBER_WORDS[word], True
        elif word in _SCALES and is_open:
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, current = total + current, 0
        elif word == "and" and is_open and (total or current >= 100):
            continue
        else:
            if is_open:
                out.append(str(total + current))
                total, current, is_open = 0, 0, False
            if word:
                out.append(word)
    return out


def stem(word: str) -> str:
    """A light stem: plural and verb endings off.

    >>> [stem(w) for w in ("talks", "parties", "negotiated", "negotiating", "stopped")]
    ['talk', 'party', 'negotiat', 'negotiat', 'stop']
    """
    if len(word) <= 3 or word[0].isdigit():
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("ing") and len(word) > 5:
        word = word[:-3]
    elif word.endswith("ed") and len(word) > 4:
        word = word[:-2]
    elif word.endswith("es") and word[-3] in "sxz":
        return word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 4 else word
