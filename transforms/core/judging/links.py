"""Links that open an article at the words: text fragments in URLs.

Source: WICG, "URL Fragment Text Directives", §3.2: ``#:~:text=[prefix-,]start[,end][,-suffix]``,
where "-", "," and "&" inside a term are percent-encoded.
"""

from __future__ import annotations

from urllib.parse import quote, urldefrag

#: Longer quotations are given by their first and last words, which survive small edits.
_MAX_WORDS = 12
_EDGE_WORDS = 5


def text_link(url: str, text: str) -> str:
    """The URL with a text fragment that selects ``text``, a passage of the page.

    >>> text_link("https://a.example/b#top", "No deal, yet")
    'https://a.example/b#:~:text=No%20deal%2C%20yet'
    >>> text_link("https://a.example/b", " ".join("abcdefghijklmn"))
    'https://a.example/b#:~:text=a%20b%20c%20d%20e,j%20k%20l%20m%20n'
    """
    base, _ = urldefrag(url)
    words = text.split()
    if not words:
        return base
    if len(words) <= _MAX_WORDS:
        return f"{base}#:~:text={_term(words)}"
    return f"{base}#:~:text={_term(words[:_EDGE_WORDS])},{_term(words[-_EDGE_WORDS:])}"


def _term(words: list[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")
