"""The main text of a page as paragraphs with their kind, by trafilatura."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import trafilatura
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.settings import Extractor

from schemas.article import ParagraphKind

_KINDS: dict[str, ParagraphKind] = {"head": "heading", "quote": "blockquote", "item": "item"}

#: Elements of trafilatura's output that hold blocks of their own.
_BLOCKS = frozenset({"p", "head", "quote", "item", "list", "table", "row", "cell", "div", "code"})


def main_paragraphs(tree: HtmlElement) -> list[tuple[ParagraphKind, str]]:
    """The paragraphs of a page's main text, in order; empty when there is none.

    Comments are left out. trafilatura's own removal of duplicates stays off: it remembers
    earlier pages, so that what it removes depends on what was read before.
    """
    options = Extractor(output_format="xml", comments=False, dedup=False, with_metadata=False)
    document = trafilatura.bare_extraction(tree, options=options)
    if document is None or not isinstance(document.body, _Element):
        return []
    return list(_paragraphs(document.body, "p"))


def _paragraphs(element: _Element, kind: ParagraphKind) -> Iterator[tuple[ParagraphKind, str]]:
    """The paragraphs inside a block, cut at its inner blocks and at line breaks."""
    words: list[str] = [element.text or ""]
    for child in element:
        if _is_block(child, element):
            yield from _lines(words, kind)
            words = []
            inner = _KINDS.get(child.tag, kind)
            yield from _paragraphs(child, kind if kind == "blockquote" else inner)
        elif child.tag == "lb":
            words.append("\n")
        else:
            words.append("".join(_inline(child)))
        words.append(child.tail or "")
    yield from _lines(words, kind)


def _is_block(child: _Element, parent: _Element) -> bool:
    """Whether an element stands on its own; a ``quote`` within a line is part of it."""
    if child.tag == "quote":
        return not ((parent.text or "").strip() and parent.tag == "p")
    return child.tag in _BLOCKS


def _inline(element: _Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield "\n" if child.tag == "lb" else "".join(_inline(child))
        yield child.tail or ""


def _lines(words: list[str], kind: ParagraphKind) -> Iterator[tuple[ParagraphKind, str]]:
    for line in "".join(words).split("\n"):
        text = " ".join(line.split())
        if text:
            yield kind, text


logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it calls a bad page an error
