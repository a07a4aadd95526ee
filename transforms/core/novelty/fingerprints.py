"""What memory finds a statement by: its terms, a hash for each of its content words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from transforms.core.novelty.wording import wording_of


def terms_of(name_key: str, text: str) -> tuple[int, ...]:
    """The terms of a statement, sorted: signed 64-bit hashes, as databases keep integers.

    What has fewer than two content words is found by all of its words; two terms stand for
    them, so that here, too, two in common are enough.

    >>> one, other = terms_of("ruiz", "The truce holds"), terms_of("ruiz", "A truce will hold")
    >>> one == other, terms_of("vik", "The truce holds") == one, len(terms_of("ruiz", "Never!"))
    (True, False, 2)
    """
    wording = wording_of(text)
    words: Iterable[str] = wording.content
    if len(wording.content) < 2:
        whole = " ".join(wording.words)
        words = (f"= {whole}", f"== {whole}")
    return tuple(sorted(term_of(name_key, word) for word in words))


def term_of(name_key: str, word: str) -> int:
    """The term of one content word."""
    term = f"{name_key}\x1f{word}".encode("utf8", "surrogatepass")
    digest = hashlib.blake2b(term, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
