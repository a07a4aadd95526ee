"""One spelling for what houses and translators write in several: contractions, phrases that
come down to one word, American for British endings, no endings at all.

The phrases stand in ``wording.txt``. What they mean is for ``wording`` to say.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from transforms.core.text.phrases import fold, read_sections

_CONTRACTIONS = [
    (re.compile(pattern), written_out)
    for pattern, written_out in [
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
        (r"\bif not\b", "if not ,"),  # a clause of its own: what follows is not denied
        (r"\btoo (\w+) to\b", r"not \1 to"),
    ]
]
_BRACKETS = re.compile(r"[\[\]()]")
#: The month, which must not be taken for the modal verb.
_MAY = re.compile(r"(?<=[a-z,] )May\b")
#: States, which must not be taken for the pronoun.
_US = re.compile(r"\bUS\b")


def spelled_out(text: str) -> str:
    """The text in lower case, its contractions written out and its phrases made one word.

    >>> spelled_out("The US won't rule out a meeting. They've failed to set up a line.")
    'the america will not not a meeting. they have not build a line.'
    """
    folded = fold(_BRACKETS.sub("", _US.sub("America", _MAY.sub("maymonth", text))))
    for pattern, written_out in _CONTRACTIONS:
        folded = pattern.sub(written_out, folded)
    pattern, words = _phrases()
    return pattern.sub(lambda found: words[found[0]], folded)


@functools.lru_cache(maxsize=1)
def _phrases() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern that finds the longest phrase first, and the word for each."""
    sections = read_sections("wording.txt")
    words: dict[str, str] = {}
    for line in sections["phrases"]:
        phrases, _, word = line.rpartition(" / ")
        words.update(dict.fromkeys(phrases.split(", "), word))
    for section, word in (("negated phrases", "not"), ("no negations", "")):
        for line in sections[section]:
            words.update(dict.fromkeys(line.split(", "), word))
    longest_first = sorted(words, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"), words


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
def one_spelling(word: str) -> str:
    """British and American spelling made one.

    >>> [one_spelling(w) for w in ("organised", "programme", "favours", "defence", "four")]
    ['organized', 'program', 'favors', 'defense', 'four']
    """
    for pattern, plain in _AMERICAN:
        word = pattern.sub(plain, word)
    return word


_IES = re.compile(r"(?<=..)ies\Z")  #: parties
_ES = re.compile(r"(?<=[sxz])es\Z")  #: losses
_ENDING = re.compile(r"(?:(?<=...)ing|(?<=...)ed|(?<![sui])s|(?<=....)ly)\Z")
_LAST_LETTER = re.compile(r"(?<=..)([^lsz])\1\Z|(?<=....)e\Z")  #: stopp(ed), ceas(e)


@functools.lru_cache(maxsize=16384)
def stem_of(word: str) -> str:
    """A light stem: plural and verb endings off.

    >>> [stem_of(w) for w in ("talks", "parties", "negotiated", "negotiating", "stopped", "hours")]
    ['talk', 'party', 'negotiat', 'negotiat', 'stop', 'hour']
    """
    if len(word) <= 3 or word[0].isdigit():
        return word
    if _IES.search(word):
        return word[:-3] + "y"
    if _ES.search(word):
        return word[:-2]
    word = _ENDING.sub("", word)
    return word[:-1] if _LAST_LETTER.search(word) else word
