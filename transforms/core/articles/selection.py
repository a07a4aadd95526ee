"""Whether an article may matter to any watch: the cheap decision before the dear ones.

Two scans, neither of which may lose what could alert. ``page_may_matter`` reads the raw
bytes, before the main text is extracted; ``may_matter`` reads the text, before it is parsed.
An alert needs the watch's talks named and, where the watch tells sides apart, two of them;
so does passing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

from ahocorasick_rs import BytesAhoCorasick

from schemas.watch import Watch
from transforms.core.articles.page_words import is_readable, main_part, mended_part, plain_part
from transforms.core.text.tags import Lexicon, Term

#: Words that stand on every page, like all that are shorter than the limit.
_EVERYWHERE = frozenset({"the", "and", "for", "with"})
_MIN_TELLING_CHARS = 3


def may_matter(title: str, text: str, lexicon: Lexicon) -> bool:
    """Whether title and text together name what an alert of any watch needs.

    >>> from schemas.watch import Actor, Topic, Watch
    >>> pope, king = Actor("p", "Pope", "party", "a"), Actor("k", "King", "party", "b")
    >>> watch = Watch("w", "W", [], [pope, king], [Topic("t", "Talks", ["peace talk"], True)])
    >>> lexicon = Lexicon([watch])
    >>> may_matter("King hosts Pope", "Peace talks", lexicon), may_matter("Talks", "", lexicon)
    (True, False)
    """
    return _is_enough(lexicon.terms_in(f"{title}\n\n{text}"), _needed_sides(lexicon))


def page_may_matter(body: bytes, lexicon: Lexicon) -> bool:
    """Whether the page's bytes hold what ``may_matter`` could find in its title and text.

    Never false where ``may_matter`` is true of the page's own text: it looks for the words of
    each phrase anywhere in the page, and passes bytes that it cannot read.

    >>> from schemas.watch import Topic, Watch
    >>> lexicon = Lexicon([Watch("w", "W", [], [], [Topic("t", "Talks", ["café talk"], True)])])
    >>> page_may_matter(b"<p>CAF&Eacute; <b>t</b>alks", lexicon), page_may_matter(b"tea", lexicon)
    (True, False)
    """
    return _page_scan(lexicon).may_matter(body)


def _needed_sides(lexicon: Lexicon) -> dict[str, int]:
    """How many sides each watch needs to be named: two, where it tells so many apart."""
    return {watch.id: 2 if _count_sides(watch) > 1 else 0 for watch in lexicon.watches}


def _count_sides(watch: Watch) -> int:
    return len({a.side for a in watch.actors if a.role == "party" and a.side})


def _is_enough(terms: Iterable[Term], needed_sides: dict[str, int]) -> bool:
    """Whether the terms hold a negotiation topic and the needed sides of one watch."""
    on_talks: set[str] = set()
    sides: dict[str, set[str]] = {}
    for term in terms:
        if term.is_negotiation:
            on_talks.add(term.watch)
        elif term.side:
            sides.setdefault(term.watch, set()).add(term.side)
        else:
            continue
        named = len(sides.get(term.watch, ()))
        if term.watch in on_talks and named >= needed_sides[term.watch]:
            return True
    return False


class _PageScan:
    """The telling words of the watches' phrases, as bytes."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._needed_sides = _needed_sides(lexicon)
        self._terms = [
            (_telling_words(term.spelling), term)
            for term in lexicon.terms
            if term.is_negotiation or term.side
        ]
        self._words = sorted({word for words, _ in self._terms for word in words})
        self._automaton = BytesAhoCorasick([f" {word} ".encode() for word in self._words])

    def may_matter(self, body: bytes) -> bool:
        if not is_readable(body):
            return True
        body = main_part(body)
        found = self._find(plain_part(body))
        return self._is_enough(found) or self._is_enough(found | self._find(mended_part(body)))

    def _find(self, plain: bytes) -> set[str]:
        matches = self._automaton.find_matches_as_indexes(plain, overlapping=True)
        return {self._words[index] for index in {match[0] for match in matches}}

    def _is_enough(self, found: set[str]) -> bool:
        terms = (term for words, term in self._terms if words <= found)
        return _is_enough(terms, self._needed_sides)


def _telling_words(spelling: str) -> frozenset[str]:
    """The words of a phrase that a page must hold; none if all are on every page.

    >>> sorted(_telling_words("talks to end the war")), _telling_words("us")
    (['end', 'talks', 'war'], frozenset())
    """
    words = (word for word in spelling.split() if word.isascii() and word not in _EVERYWHERE)
    return frozenset(word for word in words if len(word) >= _MIN_TELLING_CHARS)


@functools.lru_cache(maxsize=4)
def _page_scan(lexicon: Lexicon) -> _PageScan:
    return _PageScan(lexicon)
