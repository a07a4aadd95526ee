"""The words that a page's bytes may show as text, without parsing the page.

Everything errs to one side: words are found that the page's main text has not (of menus,
scripts, comments), never the other way round.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from transforms.core.text.phrases import plain

#: Small letters for large, and a space for whatever is no ASCII letter or digit.
_PLAIN_BYTES = bytes(
    ord(chr(b).lower()) if b < 128 and chr(b).isalnum() else ord(" ") for b in range(256)
)
#: Line breaks inside scripts, whose letter must not stick to the next word.
_WHITE_ESCAPE = re.compile(rb"\\[nrt]")
#: Charsets in which plain letters are not ASCII's bytes; rare enough to be read in full.
_ODD_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*(?:utf-?(?:7|16|32)|iso-2022|hz|cp037)", re.I)
#: Where a charset may be declared (HTML Standard, 13.2.3.2: in the first 1,024 bytes).
_HEAD_BYTES = 4096
#: Elements that hold no main text; extraction drops them, too. They would let pass any page
#: whose menu or list of other articles names what a watch asks for.
_ASIDE = re.compile(rb"<(script|style|svg|nav|aside|footer)\b")
#: What may stand inside a word that the main text shows whole: inline markup, entities,
#: JSON's escapes, soft hyphens, accents.
_INLINE = rb"(?:a|abbr|b|bdi|big|cite|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|u|wbr)\b"
_INLINE_TAG = re.compile(rb"</?" + _INLINE + rb"[^<>]*>")
_TAGS_IN_WORD = re.compile(
    rb"<(?<=[a-z0-9;\x80-\xff]<)/?"
    + _INLINE
    + rb"[^<>]*>(?:</?"
    + _INLINE
    + rb"[^<>]*>)*(?=[a-z0-9&\x80-\xff])"
)
_ENTITY = re.compile(rb"&#?[0-9a-z]{1,10};?")
_ESCAPE = re.compile(rb"\\u[0-9a-f]{4}")
#: UTF-8 of Latin letters with accents, of combining accents, and of what is not seen.
_ACCENT = re.compile(
    rb"[\xc3-\xc9]|\xe1[\xb8-\xbb]|[\xcc\xcd]|\xc2\xad|\xe2\x80[\x8b-\x8d]|\xe2\x81\xa0"
)
_ASCII = bytes(range(128))
_INVISIBLE = re.compile("[\u00ad\u0300-\u036f\u200b-\u200d\u2060]")
#: No half of a broken word is longer.
_REACH_BYTES = 32


def is_readable(body: bytes) -> bool:
    """Whether plain letters stand in the bytes as themselves, and the others as UTF-8.

    >>> is_readable("Kyjiw – Köln".encode()), is_readable("Köln".encode("latin-1"))
    (True, False)
    >>> is_readable("Köln".encode("utf-16"))
    False
    """
    if b"\x00" in body or _ODD_CHARSET.search(body[:_HEAD_BYTES]):
        return False
    try:
        body.decode("utf8")
    except UnicodeDecodeError:
        return False
    return True


def main_part(body: bytes) -> bytes:
    """The page in small letters, without the elements that extraction drops.

    Scripts stay that may hold the article itself, as schema.org's articleBody.

    >>> main_part(b"<nav>Menu</nav><p>Text<script>x</script></p>")
    b' </nav><p>text </script></p>'
    """
    body = body.lower()
    parts: list[bytes] = []
    position = done = 0
    unclosed: set[bytes] = set()
    for opening in _ASIDE.finditer(body):
        if opening.start() < done or opening[1] in unclosed:
            continue
        end = body.find(b"</" + opening[1], opening.end())
        if end < 0:  # nor is any later one closed: no search is made twice
            unclosed.add(opening[1])
            continue
        if body.find(b"articlebody", opening.end(), end) < 0:
            parts.append(body[position : opening.start()])
            position = end
        done = end
    return b" ".join([*parts, body[position:]])


def plain_part(body: bytes) -> bytes:
    """The bytes with all but letters and digits as spaces, and a space at either end.

    >>> plain_part(b"<p>the truce, they say")
    b'  p the truce  they say '
    """
    return b" " + _WHITE_ESCAPE.sub(b"  ", body).translate(_PLAIN_BYTES) + b" "


def mended_part(body: bytes) -> bytes:
    """The words that have something inside which the main text has not, or has otherwise,
    as the main text shows them: accents folded, entities and escapes read, markup taken out.

    >>> sorted(set(mended_part("my <b>t</b>ruce caf&eacute; köln".encode()).split()))
    [b'cafe', b'koln', b'my', b'truce']
    """
    # The ">" closes a tag that a piece was cut in, which would swallow the next piece.
    broken = b"\n>\n".join([*_split_words(body), *_words_in_markup(body), b""])
    return f" {plain(_INVISIBLE.sub('', _read(_INLINE_TAG.sub(b'', broken))))} ".encode(
        "utf8", "replace"
    )


def _split_words(body: bytes) -> list[bytes]:
    """The words with entities or escapes for letters, or with letters beyond ASCII."""
    codes = [code for code in _codes(body) if _is_inside_words(_read(code))]
    if not codes and not _ACCENT.search(body.translate(None, _ASCII)):
        return []
    return [
        word
        for word in set(body.split())
        if (not word.isascii() and _ACCENT.search(word)) or any(code in word for code in codes)
    ]


def _codes(body: bytes) -> set[bytes]:
    """Each entity and escape in the page, once."""
    return {*_ENTITY.findall(body), *_ESCAPE.findall(body)}


def _is_inside_words(text: str) -> bool:
    return text[:1].isalnum() or bool(_INVISIBLE.match(text))


def _read(code: bytes) -> str:
    """Text with its entities and escapes read."""
    text = _ESCAPE.sub(lambda escape: chr(int(escape[0][2:], 16)).encode("utf8", "replace"), code)
    return html.unescape(text.decode("utf8", "ignore"))


def _words_in_markup(body: bytes) -> Iterator[bytes]:
    """The words that markup stands in, with what is round them; no byte twice."""
    start = end = 0
    for tags in _TAGS_IN_WORD.finditer(body):
        if tags.start() - _REACH_BYTES > end:
            yield body[start:end]
            start = tags.start() - _REACH_BYTES
        end = tags.end() + _REACH_BYTES
    yield body[start:end]
