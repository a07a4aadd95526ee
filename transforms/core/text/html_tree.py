"""A page's tree: parsed within bounds, and mended where extraction would lose who spoke.

Extraction keeps what looks like running text. Three common ways of setting a quotation do
not: pull quotes in a ``figure``, the speaker in a ``footer`` or ``cite`` of the block
quotation, and inline ``q`` elements, whose marks only a browser adds. Each is turned into
the plain markup that says the same.
"""

from __future__ import annotations

import re

from lxml.etree import LxmlError, ParserError, strip_elements, strip_tags
from lxml.html import HtmlElement, HTMLParser, document_fromstring

#: Longer markup is cut, and pages of more elements are refused: extraction takes about 40 µs
#: an element, and more where they all stand in one. The largest of 944 news pages had 1.7 MB and
#: 7,000 elements.
MAX_MARKUP_CHARS = 4_000_000
MAX_ELEMENTS = 25_000

#: Never part of a text; trafilatura would copy them several times before it drops them.
_UNUSED = ("style", "svg", "noscript", "template", "iframe", "canvas", "object", "link", "meta")

#: Invisible: where a word may break, or may not, and a byte order mark.
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]|&shy;|&#173;|&#x0*[aA][dD];|&ZeroWidthSpace;")
_FORBIDDEN_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,7})|0*([0-9]{1,8}))(?![0-9a-fA-F]);?")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_QUOTE_CLASSES = frozenset({"quote", "pullquote", "pull-quote", "blockquote", "block-quote"})
_AUTHOR_CLASSES = frozenset({"author", "attribution", "speaker", "source", "quote-author", "name"})
#: Inline quotations that get their marks; no article has nearly that many.
_MOST_INLINE = 1000
#: What holds more of them is no quotation but a page set as one.
_MOST_ATTRIBUTIONS = 50
#: Classes of posts that pages embed, as the services' own markup has them.
_POST = re.compile(
    r"\b(?:twitter-tweet|twitter-video|instagram-media|bluesky-embed|mastodon-embed)\b"
)
_SHORT_LINK = re.compile(r"^(?:https?://|pic\.|t\.co/|\S+\.\w{2,}/)\S*$")
_HANDLE = re.compile(r"\s*\(@[\w.@-]+\)")
_ATTRIBUTIONS = ("footer", "cite", "figcaption")


def read_tree(markup: str) -> HtmlElement | None:
    """The tree of a page, without scripts and styles; None when there is nothing in it.

    The parser is libxml2's for HTML, which reads no entities but HTML's own and gives up
    at a depth of 256 elements.
    """
    text = _INVISIBLE.sub("", _FORBIDDEN_IN_XML.sub("", markup))
    if "&#" in text:
        text = _REFERENCE.sub(_allowed, text)
    text = _XML_DECLARATION.sub("", text)
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True
    )
    try:
        tree = document_fromstring(text[:MAX_MARKUP_CHARS].encode(), parser=parser)
    except (LxmlError, ParserError, ValueError):
        return None
    return tree


def _allowed(reference: re.Match[str]) -> str:
    """The character reference, or nothing if XML cannot hold what it stands for."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    is_held = 0 < code <= 0x10FFFF and not _FORBIDDEN_IN_XML.match(chr(code))
    return reference[0] if is_held else ""


def mend_tree(tree: HtmlElement) -> None:
    """Rewrite, in place, the settings of quotations that extraction would lose.

    What no text is made of goes, too; of the scripts JSON-LD stays, in which some pages
    have their only copy of the text.
    """
    strip_elements(tree, *_UNUSED, with_tail=False)
    for script in list(tree.iter("script")):
        if "ld+json" not in (script.get("type") or ""):
            script.drop_tree()
    for struck in list(tree.iter("s", "strike", "del")):
        struck.drop_tree()
    quotations = list(tree.iter("q"))
    for q in quotations[:_MOST_INLINE]:
        _add_marks(q)
    strip_tags(tree, "q")
    for figure in list(tree.iter("figure", "aside")):
        _free_quotations(figure)
    for box in tree.iter("div"):
        _name_quotation(box)
    for quotation in list(tree.iter("blockquote")):
        if _POST.search(quotation.get("class") or ""):
            _set_as_quotation(quotation)
        _move_attributions_behind(quotation)


def _add_marks(q: HtmlElement) -> None:
    """Write the marks that a browser would show around an inline quotation."""
    words = q.text_content().strip()
    if words and words[0] not in "\"“‘'«„":
        q.text = "“" + (q.text or "").lstrip()
        last = next(q.iterchildren(reversed=True), None)
        if last is None:
            q.text = q.text.rstrip() + "”"
        else:
            last.tail = (last.tail or "").rstrip() + "”"


def _free_quotations(box: HtmlElement) -> None:
    """Take the block quotations out of a figure or aside, which extraction drops whole."""
    quotations = list(box.iter("blockquote"))
    if not quotations:
        return
    if box.find(".//img") is None:
        box.tag = "div"
        box.attrib.clear()
        for caption in box.iter("figcaption", "cite"):
            if next(caption.iterancestors("blockquote"), None) is None:
                caption.tag = "p"
    elif box.getparent() is not None:
        for quotation in reversed(quotations):
            quotation.tail = None
            box.addnext(quotation)


def _name_quotation(box: HtmlElement) -> None:
    """Make a block quotation of a ``div`` that is one by its class and names its author."""
    if not _QUOTE_CLASSES & set((box.get("class") or "").lower().split()):
        return
    authors = [e for e in box.iter("span", "p", "div") if e is not box and _names_author(e)]
    if authors:
        box.tag = "blockquote"
        for author in authors:
            author.tag = "footer"


def _names_author(element: HtmlElement) -> bool:
    return bool(_AUTHOR_CLASSES & set((element.get("class") or "").lower().split()))


def _set_as_quotation(post: HtmlElement) -> None:
    """Make a plain block quotation of an embedded post: its words, then a line with its author.

    Such a post holds its words in a ``p``, and behind it "— Name (@handle)" and a dated link.
    """
    post.attrib.clear()
    words = next(post.iterchildren("p"), None)
    if words is None:
        return
    for link in list(words.iter("a")):
        if _SHORT_LINK.match((link.text_content() or "").strip()):
            link.drop_tree() if link.tail else link.getparent().remove(link)
    author, words.tail = _HANDLE.sub("", words.tail or "").strip(), None
    for behind in list(words.itersiblings()):
        post.remove(behind)
    if author:
        _add_paragraph_behind(post, author)


def _move_attributions_behind(quotation: HtmlElement) -> None:
    """Put ``footer`` and closing ``cite`` elements behind the quotation, as paragraphs."""
    attributions = list(quotation.iter(*_ATTRIBUTIONS))
    if len(attributions) > _MOST_ATTRIBUTIONS:
        return
    behind = quotation
    moved: list[HtmlElement] = []
    for attribution in attributions:
        if any(outer in moved for outer in attribution.iterancestors()):
            continue  # a cite in a footer goes with it
        if attribution.tag == "cite" and not _ends_block(attribution):
            continue
        words = " ".join(attribution.text_content().split())
        parent = attribution.getparent()
        if parent is None or not words:
            continue
        tail, attribution.tail = attribution.tail, None
        parent.remove(attribution)
        _append_text(parent, tail)
        moved.append(attribution)
        behind = _add_paragraph_behind(behind, words)


def _ends_block(cite: HtmlElement) -> bool:
    """Whether nothing follows the ``cite`` in its block: it names the speaker, not a title."""
    return not (cite.tail or "").strip() and cite.getnext() is None


def _add_paragraph_behind(element: HtmlElement, words: str) -> HtmlElement:
    paragraph = element.makeelement("p")
    paragraph.text = words
    paragraph.tail, element.tail = element.tail, None
    element.addnext(paragraph)
    return paragraph


def _append_text(parent: HtmlElement, text: str | None) -> None:
    if not text:
        return
    last = next(parent.iterchildren(reversed=True), None)
    if last is not None:
        last.tail = (last.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
