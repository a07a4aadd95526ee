"""A page's tree: parsed within bounds, and mended where extraction would lose who spoke.

Extraction keeps what looks like running text. Three common ways of setting a quotation do
not: pull quotes in a ``figure``, the speaker in a ``footer`` or ``cite`` of the block
quotation, and inline ``q`` elements, whose marks only a browser adds. Each is turned into
the plain markup that says the same.
"""

from __future__ import annotations

import re

from lxml.etree import LxmlError, ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

#: Longer markup is cut: an article of 2 MB of text does not exist.
MAX_MARKUP_CHARS = 4_000_000

_UNUSED = re.compile(
    r"<(script|style|svg|noscript|template|iframe|canvas|object|video|audio|select)\b(?![^>]*ld\+json)"
    r"[^>]*>.*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_FORBIDDEN_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_AUTHOR_CLASS = re.compile(r"\b(?:author|attribution|source|cite|speaker|name)\b", re.IGNORECASE)
_QUOTE_CLASS = re.compile(r"\b(?:pull-?)?quote\b|\bblockquote\b", re.IGNORECASE)


def read_tree(markup: str) -> HtmlElement | None:
    """The tree of a page, without scripts and styles; None when there is nothing in it.

    The parser is libxml2's for HTML, which reads no entities but HTML's own and gives up
    at a depth of 256 elements.
    """
    text = _XML_DECLARATION.sub("", _FORBIDDEN_IN_XML.sub("", markup))
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True
    )
    try:
        tree = document_fromstring(text[:MAX_MARKUP_CHARS].encode(), parser=parser)
    except (LxmlError, ParserError, ValueError):
        return None
    return tree


def mend_tree(tree: HtmlElement) -> None:
    """Rewrite, in place, the settings of quotations that extraction would lose."""
    for q in tree.iter("q"):
        _add_marks(q)
    for figure in list(tree.iter("figure", "aside")):
        _free_quotations(figure)
    for quotation in list(tree.iter("blockquote")):
        _move_attributions_behind(quotation)
    for box in list(tree.iter("div")):
        if _QUOTE_CLASS.search(box.get("class") or ""):
            _part_author(box)


def _add_marks(q: HtmlElement) -> None:
    """Write the marks that a browser would show around an inline quotation."""
    words = q.text_content().strip()
    if words and words[0] not in "\"“‘'«„":
        q.text = "“" + (q.text or "").lstrip()
        last = q[-1] if len(q) else None
        if last is None:
            q.text = q.text.rstrip() + "”"
        else:
            last.tail = (last.tail or "").rstrip() + "”"
    q.tag = "span"


def _free_quotations(box: HtmlElement) -> None:
    """Turn a figure or aside that holds a quotation and no picture into plain blocks."""
    if box.find(".//blockquote") is None or box.find(".//img") is not None:
        return
    box.tag = "div"
    box.attrib.clear()
    for caption in box.iter("figcaption"):
        caption.tag = "p"


def _move_attributions_behind(quotation: HtmlElement) -> None:
    """Put ``footer`` and closing ``cite`` elements behind the quotation, as paragraphs."""
    behind = quotation
    for attribution in list(quotation.iter("footer", "cite", "figcaption")):
        if attribution.tag == "cite" and not _ends_block(attribution):
            continue
        words = " ".join(attribution.text_content().split())
        parent = attribution.getparent()
        if parent is None or not words:
            continue
        tail, attribution.tail = attribution.tail, None
        parent.remove(attribution)
        _append_text(parent, tail)
        behind = _add_paragraph_behind(behind, words)


def _ends_block(cite: HtmlElement) -> bool:
    """Whether nothing follows the ``cite`` in its block: it names the speaker, not a title."""
    return not (cite.tail or "").strip() and cite.getnext() is None


def _part_author(box: HtmlElement) -> None:
    """Make a block quotation of a ``div`` that is one by its class, its author a paragraph."""
    for span in list(box.iter("span", "cite", "footer")):
        if _AUTHOR_CLASS.search(span.get("class") or "") or span.tag in ("cite", "footer"):
            span.tag = "p"
            span.attrib.clear()


def _add_paragraph_behind(element: HtmlElement, words: str) -> HtmlElement:
    paragraph = element.makeelement("p")
    paragraph.text = words
    paragraph.tail, element.tail = element.tail, None
    element.addnext(paragraph)
    return paragraph


def _append_text(parent: HtmlElement, text: str | None) -> None:
    if not text:
        return
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
