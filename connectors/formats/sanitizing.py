"""Makes outside text fit to be shown: feeds and pages are hostile input.

Knows which characters move a terminal's cursor, reverse the reading direction or hide words,
and which addresses may become links. Knows nothing of markup languages: HTML is escaped and
cleaned where it is made.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# Escape sequences by ECMA-48 (5.4 control sequences, 5.6 control strings). Only what begins
# with ESC and is closed: pages in a wrong charset hold lone C1 bytes (a curly quotation mark
# is 0x93 in windows-1252), and an unclosed sequence must not hide the rest of the text.
_SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)

_SPACES = "\t\x0b\x0c\r\x85\u2028\u2029"

# Control characters; directional marks, embeddings, overrides and isolates (Unicode TR 36,
# "Trojan Source", CVE-2021-42574); interlinear annotation; lone surrogates; noncharacters,
# which XML forbids as well; tag characters, which hide ASCII.
_HARMFUL_CLASS = (
    r"\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    r"\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f"
)
_HARMFUL = re.compile(f"[{_HARMFUL_CLASS}]")
# Soft hyphen, zero-width space, word joiner, byte order mark: harmless, and never wanted.
_INVISIBLE = re.compile(f"[{_HARMFUL_CLASS}\u00ad\u200b\u2060\ufeff]")
_TO_SPACE = str.maketrans(dict.fromkeys(_SPACES, " "))

_LINK_SCHEMES = frozenset({"http", "https"})


def clean_line(text: str) -> str:
    r"""One line without control, directional or invisible characters.

    >>> clean_line("Talks\x1b[31m are\n on \u202eagain")
    'Talks are on again'
    """
    shown = _INVISIBLE.sub("", _SEQUENCES.sub("", text).translate(_TO_SPACE))
    return " ".join(shown.split())


def clean_in_place(text: str) -> str:
    r"""The text with each harmful character replaced by one visible character.

    Its length stays the same, so that spans keep their meaning; line ends stay, too.

    >>> clean_in_place("a\x1b[2Jb\tc\nd") == "a\ufffd[2Jb c\nd"
    True
    """
    return _HARMFUL.sub("\ufffd", text.translate(_TO_SPACE))


def web_address(url: str) -> str:
    """The address when a reader may safely follow it, "" for every other scheme.

    >>> web_address("https://example.org/a")
    'https://example.org/a'
    >>> web_address("javascript:alert(1)")
    ''
    """
    shown = "".join(clean_line(url).split())
    try:
        parts = urlsplit(shown)
    except ValueError:
        return ""
    return shown if parts.scheme.lower() in _LINK_SCHEMES and parts.netloc else ""


def shorten(text: str, limit: int) -> str:
    """The text when it has at most ``limit`` characters, else whole words of it and "…".

    >>> shorten("a long way to go", 9)
    'a long …'
    """
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    whole = head[: head.rfind(" ")] if " " in head else head
    return f"{whole.rstrip(' ,;:.–—')} …" if " " in head else f"{whole}…"


#: The user and password at the beginning of an address, however its slashes are mistyped; a port
#: before a path that begins with an @ (``host:8080/@name``) is no password.
_CREDENTIALS = re.compile(
    r"\A(?=.*@)((?:.*?/+)[^/@:]*):(?!\d+/@).*@|\A((?!mailto:)(?:[\w+.-]+:)?[^/@:]*):[^/@]*@"
)


def _mask(word: re.Match[str]) -> str:
    return _CREDENTIALS.sub(lambda found: f"{found[1] or found[2]}:***@", word[0])


def without_passwords(text: str) -> str:
    """The text with the passwords of the URLs in it masked.

    >>> without_passwords("run w.yaml --archive postgresql://me:pw@host/db?sslpassword=key&a=b")
    'run w.yaml --archive postgresql://me:***@host/db?sslpassword=***&a=b'
    >>> without_passwords("postgres//me:pw with blank@host/db"), without_passwords("mysql:/u:pw@h")
    ('postgres//me:***@host/db', 'mysql:/u:***@h')
    >>> without_passwords("me:pw@host mysql:me:pw@host mysql://me:p/w@host mailto:me@host")
    'me:***@host mysql:me:***@host mysql://me:***@host mailto:me@host'
    """
    text = re.sub(r"(?<=/)([^\s/@:]*):[^@/]*@", r"\1:***@", text)  # it may hold blanks
    text = re.sub(r"\S+", _mask, text)
    return re.sub(r"(?i)(?<=[?&])((?:ssl)?password=)[^\s&]*", r"\1***", text)
