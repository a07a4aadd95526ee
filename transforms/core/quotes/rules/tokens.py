"""Small questions to the tokens of a parse, asked by all rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from spacy.tokens import Doc, Token

FINITE = ("VBD", "VBZ", "VBP", "MD")  #: tags of verbs that make a clause


def children_by(token: Token, *deps: str) -> list[Token]:
    """The token's children that hang on it by one of these relations, in text order."""
    return [child for child in token.children if child.dep_ in deps]


def child_by(token: Token, *deps: str) -> Token | None:
    """The first of ``children_by``, if there is any."""
    return next(iter(children_by(token, *deps)), None)


def preposition_of(token: Token, *words: str) -> Token | None:
    """The first preposition on the token that is one of these words."""
    return next((c for c in children_by(token, "prep") if c.lower_ in words), None)


def has_tag(tokens: Iterable[Token], *tags: str) -> bool:
    """Reports if a token has one of these tags."""
    return any(token.tag_ in tags for token in tokens)


def has_only_tags(tokens: Iterable[Token], tags: Collection[str]) -> bool:
    """Reports if each token has one of these tags."""
    return all(token.tag_ in tags for token in tokens)


def has_clause(tokens: Iterable[Token]) -> bool:
    """Reports if a finite verb is among the tokens."""
    return has_tag(tokens, *FINITE)


def has_word(tokens: Iterable[Token], words: Collection[str]) -> bool:
    """Reports if a token is one of these words, in lower case."""
    return any(token.lower_ in words for token in tokens)


def has_sign(tokens: Iterable[Token], *signs: str) -> bool:
    """Reports if a token is one of these signs."""
    return any(token.text in signs for token in tokens)


def next_comma(doc: Doc, start: int, end: int) -> int:
    """The first comma of a range, or its end."""
    return next((token.i for token in doc[start:end] if token.text == ","), end)


def last_comma(doc: Doc, start: int, end: int) -> int:
    """The last comma of a range, or the token before the range."""
    return next((token.i for token in reversed(doc[start:end]) if token.text == ","), start - 1)
