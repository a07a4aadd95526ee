"""Text from outside made plain: no markup, no entities, nothing that moves a terminal."""

from __future__ import annotations

import html
import re

import nh3

#: Control characters but tab and newline, and the marks that reverse the reading direction:
#: on a terminal or a web page either can make text look like other text.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")

#: Tags that end a line where they stand; without a blank the words around them would join.
_BLOCK_TAG = re.compile(r"(?=</?(?:br|p|div|li|ul|ol|h[1-6]|td|tr|blockquote)\b)", re.IGNORECASE)

#: Markup is cut to so many times the characters wanted before it is read.
_MARKUP_ALLOWANCE = 20


def without_controls(text: str) -> str:
    r"""The text without control characters, tabs and newlines kept.

    >>> without_controls("No\x1b[31m deal\u202e\n")
    'No[31m deal\n'
    """
    return _UNSAFE.sub("", text)


def one_line(text: str, max_chars: int) -> str:
    r"""The text on one line, cut at a word within ``max_chars`` characters.

    >>> one_line(" Talks\n  resume\x07 in Geneva ", 100)
    'Talks resume in Geneva'
    >>> one_line("Talks resume in Geneva", 14)
    'Talks resume…'
    """
    line = " ".join(_UNSAFE.sub("", text[: max_chars * _MARKUP_ALLOWANCE]).split())
    if len(line) <= max_chars:
        return line
    return line[: max_chars - 1].rsplit(" ", 1)[0] + "…"


def from_markup(markup: str, max_chars: int) -> str:
    """One line of text from HTML: tags, scripts and comments go, entities are resolved.

    >>> from_markup("<p>Talks <b>re</b>sume &amp; stall</p><p>Soon</p><script>x</script>", 100)
    'Talks resume & stall Soon'
    """
    markup = markup[: max_chars * _MARKUP_ALLOWANCE]
    if "<" in markup:
        markup = nh3.clean(_BLOCK_TAG.sub(" ", markup), tags=set())
    return one_line(html.unescape(markup), max_chars)
