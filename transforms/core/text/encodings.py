"""Which characters a page's bytes stand for, whatever its header claims."""

from __future__ import annotations

import codecs
import re
from email.message import Message

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

#: A page must declare its charset within its first 1024 bytes (HTML, §4.2.5.4); many are late.
_META_BYTES = 4096
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([-\w:.]+)""", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([-\w:.]+)""")

#: Browsers read Latin 1 as its Windows superset, in which quotation marks have a place
#: (WHATWG Encoding Standard, labels).
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}

#: With more non-ASCII bytes than this the script is not Latin, and is worth a detection.
_FOREIGN_SHARE = 0.1

#: UTF-8 that was read as Windows-1252 and written again as UTF-8.
_MOJIBAKE = {
    spoiled: character
    for character in "“”‘’–—…\u00a0éèáíóúñüöä"
    for spoiled in [character.encode().decode("cp1252", "replace")]
    if "\ufffd" not in spoiled
} | {"â€\x9d": "”"}
_MOJIBAKE_MARK = re.compile("|".join(map(re.escape, _MOJIBAKE)))


def decode_page(body: bytes, content_type: str) -> str:
    """The body as text; it never fails, bytes that fit nothing become U+FFFD.

    In order: a byte order mark; valid UTF-8, whatever is declared, for nothing else looks
    like it by chance; UTF-16 without a mark; the charset of the header, then of the page;
    detection. Text that was encoded twice is mended.

    >>> decode_page("He said: “No deal.”".encode("cp1252"), "text/html; charset=utf-8")
    'He said: “No deal.”'
    >>> decode_page("â€œYesâ€™".encode(), "")
    '“Yes’'
    """
    text = _decode(body, content_type)
    return _MOJIBAKE_MARK.sub(lambda m: _MOJIBAKE[m[0]], text) if "â€" in text else text


def _decode(body: bytes, content_type: str) -> str:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    utf16 = _unmarked_utf16(body)
    if utf16:
        return body.decode(utf16, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for encoding in _declared(body, content_type):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode(_detected(body), "replace")


def _unmarked_utf16(body: bytes) -> str:
    """UTF-16 shows as a NUL in every second byte of markup, which is ASCII."""
    start = body[:200]
    if len(start) < 8:
        return ""
    if start[1::2].count(0) > len(start) * 0.4:
        return "utf-16-le"
    return "utf-16-be" if start[::2].count(0) > len(start) * 0.4 else ""


def _declared(body: bytes, content_type: str) -> list[str]:
    """The known charsets that header and page declare, UTF-8 left out: it was tried."""
    header = Message()
    header["Content-Type"] = content_type.replace("\n", " ").replace("\r", " ") or "text/html"
    found = [_META_CHARSET.search(body[:_META_BYTES]), _XML_CHARSET.match(body[:_META_BYTES])]
    names = [str(header.get_param("charset") or "")]
    names += [match[1].decode("ascii", "replace") for match in found if match]
    return [name for name in map(_codec, names) if name and name != "utf-8"]


def _codec(name: str) -> str:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if not getattr(info, "_is_text_encoding", True):
        return ""
    return _AS_BROWSERS_DO.get(info.name, info.name)


def _detected(body: bytes) -> str:
    """A guess: mostly valid UTF-8, a foreign script by detection, or else Windows-1252."""
    sample = body[:100_000]
    high = sum(1 for byte in sample if byte > 127)
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    if broken * 4 < high:  # a broken character here and there among whole ones
        return "utf-8"
    if high > _FOREIGN_SHARE * len(sample):
        from trafilatura.utils import detect_encoding  # rare, and slow to import

        return next((name for name in map(_codec, detect_encoding(sample)) if name), "cp1252")
    return "cp1252"
