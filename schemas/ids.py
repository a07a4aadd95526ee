"""Ids: each is a hash of what the thing is, so that writing twice is writing once."""

import hashlib


def hash_of(*parts: str) -> str:
    """The id of the thing that ``parts`` describe, in order: 32 hexadecimal digits.

    The parts are joined by a character that no URL, name or normalised text holds, so that
    ("a", "bc") and ("ab", "c") differ. 128 bits of SHA-256: no collision to be expected in
    any archive.

    >>> hash_of("ukraine-peace-talks", "stent")
    'a38b5cf54e4159c4dc4f884bfd77f04a'
    """
    return hashlib.sha256("\x1f".join(parts).encode("utf8", "surrogatepass")).hexdigest()[:32]
