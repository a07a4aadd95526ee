"""Whether an article may matter to any watch: the cheap decision before the dear ones.

Two scans, neither of which may lose what could alert. ``page_may_matter`` reads the raw
bytes, before the main text is extracted; ``may_matter`` reads the text, before it is parsed.
An alert needs the watch's talks named and, where the watch tells sides apart, two of them;
so does passing.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Iterator

from ahocorasick_rs import BytesAhoCorasick

from schemas.watch import Watch
from transforms.core.understanding.phrases import plain
from transforms.core.understanding.tags import Lexicon, Term

#: Small letters for large, and a space for whatever is no ASCII letter or digit.
_PLAIN_BYTES = bytes(
    ord(chr(b).lower()) if chr(b).isalnum() and b < 128 else 32 for b in range(256)
)
#: Line breaks inside scripts, whose letter must not stick to the next word.
_WHITE_ESCAPE = re.compile(rb"\\[nrt]")
#: Charsets in which plain letters are not ASCII's bytes; rare enough to be read in full.
_ODD_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*(?:utf-?(?:7|16|32)|iso-2022|hz|cp037)", re.I)
#: Elements that hold no main text; extraction drops them, too. They would let pass any page
#: whose navigation or list of other articles names what a watch asks for.
_ASIDE = re.compile(rb"<(script|style|svg|nav|aside|footer)\b")
#: Where a charset may be declared (HTML Standard, 13.2.3.2: in the first 1,024 bytes).
_HEAD_BYTES = 4096
#: What may stand inside a word that the main text shows whole: inline markup, entities,
#: JSON's escapes, soft hyphens, accents.
_INLINE_TAGS = re.compile(
    r"(?:</?(?:a|abbr|b|bdi|big|cite|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|u|wbr)\b"
    r"[^<>]*>)+"
)
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
_INVISIBLE = re.compile("[\u00ad\u0300-\u036f\u200b-\u200d\u2060]")
#: No word with something inside is longer to either side.
_REACH_CHARS = 24


def may_matter(title: str, text: str, lexicon: Lexicon) -> bool:
    """Whether title and text together name what an alert of any watch needs.

    >>> from schemas.watch import Actor, Topic, Watch
    >>> pope, king = Actor("p", "Pope", "party", "a"), Actor("k", "King", "party", "b")
    >>> watch = Watch("w", "W", [], [pope, king], [Topic("t", "Talks", ["peace talk"], True)])
    >>> lexicon = Lexicon([watch])
    >>> may_matter("King hosts Pope", "Peace talks", lexicon), may_matter("Talks", "", lexicon)
    (True, False)
    """
    return _is_enough(lexicon.terms_in(f"{title}\n\n{text}"), _sides(lexicon))


def page_may_matter(body: bytes, lexicon: Lexicon) -> bool:
    """Whether the page's bytes hold what ``may_matter`` could find in its title and text.

    Never false where ``may_matter`` is true of the page's text: it looks for the words of each
    phrase anywhere, in markup and scripts too, and passes bytes it cannot read.

    >>> from schemas.watch import Topic, Watch
    >>> lexicon = Lexicon([Watch("w", "W", [], [], [Topic("t", "Talks", ["café talk"], True)])])
    >>> page_may_matter(b"<p>CAF&Eacute; <b>t</b>alks", lexicon), page_may_matter(b"tea", lexicon)
    (True, False)
    """
    return _page_scan(lexicon).may_matter(body)


def _sides(lexicon: Lexicon) -> dict[str, int]:
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
    """The words of the watches' phrases, as bytes."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._sides = _sides(lexicon)
        self._terms = [
            (frozenset(word for word in term.spelling.split() if word.isascii()), term)
            for term in lexicon.terms
            if term.is_negotiation or term.side
        ]
        self._words = sorted({word for words, _ in self._terms for word in words})
        self._scan = BytesAhoCorasick([f" {word} ".encode() for word in self._words])

    def may_matter(self, body: bytes) -> bool:
        if b"\x00" in body or _ODD_CHARSET.search(body[:_HEAD_BYTES]):
            return True
        body = b" ".join(_main_parts(body.lower()))
        found = self._find(body)
        if self._is_enough(found):
            return True
        try:
            text = body.decode("utf8")
        except UnicodeDecodeError:
            return True
        return self._is_enough(found | self._find(_mended("\n".join(_broken_words(text)))))

    def _find(self, body: bytes) -> set[str]:
        plain = _WHITE_ESCAPE.sub(b"  ", body).translate(_PLAIN_BYTES)
        matches = self._scan.find_matches_as_indexes(b" " + plain + b" ", overlapping=True)
        return {self._words[i] for i in {match[0] for match in matches}}

    def _is_enough(self, found: set[str]) -> bool:
        return _is_enough((term for words, term in self._terms if words <= found), self._sides)


def _main_parts(body: bytes) -> Iterator[bytes]:
    """What lies outside the elements that extraction drops, and scripts that may hold the
    article itself (schema.org's articleBody). ``body`` is in small letters.
    """
    position = 0
    for opening in _ASIDE.finditer(body):
        if opening.start() < position:
            continue
        end = body.find(b"</" + opening[1], opening.end())
        if end >= 0 and body.find(b"articlebody", opening.end(), end) < 0:
            yield body[position : opening.start()]
            position = end
    yield body[position:]


def _broken_words(text: str) -> Iterator[str]:
    """The words that have something inside which the main text has not, or has otherwise."""
    for word in set(text.split()):
        if "&" in word or "\\u" in word or not word.isascii():
            yield word
    for markup in _INLINE_TAGS.finditer(text):
        start, end = markup.span()
        if text[start - 1 : start].isalnum() and text[end : end + 1].isalnum():
            yield text[max(0, start - _REACH_CHARS) : end + _REACH_CHARS]


def _mended(broken: str) -> bytes:
    """The words as the main text shows them, plain."""
    text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), broken)
    text = _INVISIBLE.sub("", html.unescape(_INLINE_TAGS.sub("", text)))
    return plain(text).encode("utf8", "replace")


@functools.lru_cache(maxsize=4)
def _page_scan(lexicon: Lexicon) -> _PageScan:
    return _PageScan(lexicon)
