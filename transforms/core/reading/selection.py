"""Whether an article may matter to any watch: the cheap decision before the dear ones.

Two scans, neither of which may lose what could alert. ``page_may_matter`` reads the raw
bytes, before the main text is extracted; ``may_matter`` reads the text, before it is parsed.
An alert needs talks as its subject, so an actor and a negotiation topic of one watch must
be named.
"""

from __future__ import annotations

import functools
import re

from ahocorasick_rs import BytesAhoCorasick

from transforms.core.understanding.tags import Lexicon, fold

#: A byte that begins no ASCII-compatible text: UTF-16, UTF-32 or binary.
_NUL = b"\x00"
#: Charsets whose letters are not ASCII's; they are rare enough to be read in full.
_ODD_CHARSET = re.compile(
    rb"charset\s*=\s*[\"']?\s*(?:utf-?(?:7|16|32)|iso-2022|hz|ebcdic|cp037)", re.I
)
#: Shorter words are in every page and decide nothing.
_MIN_WORD_CHARS = 3


def may_matter(title: str, text: str, lexicon: Lexicon) -> bool:
    """Whether title and text together name what an alert needs.

    >>> from schemas.watch import Actor, Topic, Watch
    >>> pope, talks = Actor("pope", "Pope", "official"), Topic("t", "T", ["talks"], True)
    >>> lexicon = Lexicon([Watch("w", "W", [], [pope], [talks])])
    >>> may_matter("Pope hosts talks", "", lexicon), may_matter("Pope", "Rome.", lexicon)
    (True, False)
    """
    return lexicon.names_both(f"{title}\n\n{text}")


def page_may_matter(body: bytes, lexicon: Lexicon) -> bool:
    """Whether the page's bytes hold what ``may_matter`` could find in its text.

    >>> from schemas.watch import Actor, Topic, Watch
    >>> pope, talks = Actor("pope", "Pope", "official"), Topic("t", "T", ["talks"], True)
    >>> lexicon = Lexicon([Watch("w", "W", [], [pope], [talks])])
    >>> page_may_matter(b"<p>The POPE <b>talks</b>", lexicon)
    True
    """
    return _page_scan(lexicon).may_matter(body)


class _PageScan:
    """The watches' distinctive words, as bytes."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words: dict[bytes, set[tuple[str, str]]] = {}
        self._always: set[tuple[str, str]] = set()
        for term in lexicon.terms:
            if term.type == "topic" and not lexicon.topic(term.watch, term.id).is_negotiation:
                continue
            need = (term.watch, term.type)
            word = _distinctive(term.spelling)
            if word:
                self._words.setdefault(word, set()).add(need)
            else:
                self._always.add(need)
        self._needs = list(self._words.values())
        self._watches = [watch.id for watch in lexicon.watches]
        self._scan = BytesAhoCorasick(list(self._words))

    def may_matter(self, body: bytes) -> bool:
        if _NUL in body or _ODD_CHARSET.search(body[:4096]):
            return True
        found = set(self._always)
        if self._has_all(found):
            return True
        for index, _, _ in self._scan.find_matches_as_indexes(body.lower(), overlapping=True):
            if not self._needs[index] <= found:
                found |= self._needs[index]
                if self._has_all(found):
                    return True
        return False

    def _has_all(self, found: set[tuple[str, str]]) -> bool:
        return any((w, "actor") in found and (w, "topic") in found for w in self._watches)


def _distinctive(spelling: str) -> bytes | None:
    """The longest run of plain letters of the spelling, or None if all are short."""
    runs = re.findall(r"[a-z0-9]+", fold(spelling))
    longest = max(runs, key=len, default="")
    return longest.encode() if len(longest) >= _MIN_WORD_CHARS else None


@functools.lru_cache(maxsize=4)
def _page_scan(lexicon: Lexicon) -> _PageScan:
    return _PageScan(lexicon)
