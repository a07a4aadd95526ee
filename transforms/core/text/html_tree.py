"""A page's tree: parsed within bounds, and mended where extraction would lose who spoke.

Extraction keeps what looks like running text. Three common ways of setting a quotation do
not: pull quotes in a ``figure``, the speaker in a ``footer`` or ``cite`` of the block
quotation, and inline ``q`` elements, whose marks only a browser adds. Each is turned into
the plain markup that says the same.

Extraction's cost grows with the square of what stands side by side in one block, and with
the depth of nesting. Pages of that kind are made simpler, or refused, before it sees them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import LxmlError, ParserError, strip_elements, strip_tags
from lxml.html import HtmlElement, HTMLParser, document_fromstring

#: Longer markup is cut, and pages of more elements are refused: extraction takes about 40 µs
#: an element. The largest of 944 news pages had 1.7 MB and 7,000 elements.
MAX_MARKUP_CHARS = 4_000_000
MAX_ELEMENTS = 25_000
#: The depths of all elements together; extraction looks at each once for all that it stands in.
#: Of the 944 pages none came to 100,000.
MAX_NESTING = 500_000
#: Texts between the tags of a mended page. The most of the 944 pages was 2,100.
MAX_PIECES = 15_000

#: Never part of a text; trafilatura would copy them several times before it drops them.
_UNUSED = ("style", "svg", "noscript", "template", "iframe", "canvas", "object", "link", "meta")

#: Invisible: where a word may break, or may not, and a byte order mark.
_INVISIBLE = re.compile(r"[\u00ad\u200b\u2060\ufeff]|&shy;|&#173;|&#x0*[aA][dD];|&ZeroWidthSpace;")
_FORBIDDEN_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,7})|0*([0-9]{1,8}))(?![0-9a-fA-F]);?")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_QUOTE_CLASSES = frozenset({"quote", "pullquote", "pull-quote", "blockquote", "block-quote"})
_AUTHOR_CLASSES = frozenset({"author", "attribution", "speaker", "source", "quote-author", "name"})
#: Inline markup that extraction gives up itself, and elements that it drops whole.
_INLINE = (
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "dfn", "em", "font", "i"),
    *("img", "ins", "kbd", "mark", "nobr", "q", "ref", "ruby", "samp", "small", "span", "strong"),
    *("sub", "sup", "tt", "u", "var", "wbr"),
)
_STRUCK = ("s", "strike", "del")
_DROPPED = (
    *(*_STRUCK, *_UNUSED),
    *("applet", "area", "audio", "blink", "button", "datalist", "embed", "input", "label"),
    *("legend", "map", "marquee", "math", "menuitem", "noindex", "optgroup", "option", "output"),
    *("param", "picture", "progress", "rp", "rt", "rtc", "select", "source", "textarea", "time"),
    *("track", "use", "video"),
)
#: Elements that extraction drops for what they are, are classed as, or hold.
_BOXES = frozenset(
    (
        *("article", "aside", "blockquote", "dd", "dialog", "div", "dl", "dt", "fieldset"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "item", "li"),
        *("list", "main", "menu", "nav", "ol", "p", "pre", "section", "table", "ul"),
    )
)
#: A block of more inline elements loses them, and so do, where a page has more, the blocks with
#: most. The most of 944 news pages was 236 in one block and 1,900 in all.
_MOST_INLINE = 500
_MOST_INLINE_OF_PAGE = 5000
#: Of more headings none is one. The most of the 944 pages was 121.
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MOST_HEADINGS = 1000
#: What holds more of them is no quotation but a page set as one.
_MOST_ATTRIBUTIONS = 50
_MOST_PARTS = 200
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
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            script.tag = "style"
    for q in tree.iter("q"):
        _add_marks(q)
    for block in _crowded_blocks(tree):
        _flatten(block)
    strip_elements(tree, *_UNUSED, *_STRUCK, with_tail=False)
    strip_tags(tree, "q")
    _join_texts(tree)
    _set_apart_texts(tree)
    headings = list(tree.iter(*_HEADINGS))
    if len(headings) > _MOST_HEADINGS:
        for heading in headings:
            heading.tag = "p"
    for figure in list(tree.iter("figure", "aside")):
        _free_quotations(figure)
    for box in tree.iter("div"):
        _name_quotation(box)
    for quotation in list(tree.iter("blockquote")):
        if _POST.search(quotation.get("class") or ""):
            _set_as_quotation(quotation)
        _move_attributions_behind(quotation)


def nesting_of(tree: HtmlElement) -> int:
    """The depths of all elements together, the root's being 0."""
    depths: dict[HtmlElement | None, int] = {None: -1}
    for element in tree.iter():
        depths[element] = depths[element.getparent()] + 1
    return sum(depths.values()) + 1


def count_pieces(tree: HtmlElement) -> int:
    """How many texts there are between the tags of a page."""
    return sum(1 for text in tree.itertext() if not text.isspace())


def _crowded_blocks(tree: HtmlElement) -> list[HtmlElement]:
    """The blocks with more inline elements than extraction could take in good time."""
    blocks: dict[HtmlElement, HtmlElement] = {}  # of each inline element, the block it stands in
    counts: dict[HtmlElement, int] = {}
    for element in tree.iter(*_INLINE, *_DROPPED):
        parent = element.getparent()
        if parent is not None:
            block = blocks[element] = blocks.get(parent, parent)
            counts[block] = counts.get(block, 0) + 1
    crowded: list[HtmlElement] = []
    total = sum(counts.values())
    for block, count in sorted(counts.items(), key=lambda item: item[1], reverse=True):
        if count <= _MOST_INLINE and total <= _MOST_INLINE_OF_PAGE:
            break
        crowded.append(block)
        total -= count
    return crowded


def _flatten(block: HtmlElement) -> None:
    """Take the inline markup out of a block, and what extraction drops.

    Not by lxml's strip_tags, which leaves a run of texts: joining a long one is slow.
    """
    children: list[HtmlElement] = []
    texts: list[list[str]] = [[]]
    for part in _flat_parts(block):
        if isinstance(part, str):
            texts[-1].append(part)
        else:
            children.append(part)
            texts.append([])
    block[:] = children
    block.text = "".join(texts[0])
    for child, behind in zip(children, texts[1:], strict=True):
        child.tail = "".join(behind) or None


def _flat_parts(element: HtmlElement) -> Iterator[str | HtmlElement]:
    """The texts and the blocks in an element, in order."""
    yield element.text or ""
    for child in element:
        if child.tag in _INLINE:
            yield from _flat_parts(child)
        elif child.tag not in _DROPPED:
            yield child
        yield child.tail or ""


def _join_texts(tree: HtmlElement) -> None:
    """Make one text of each run of texts that stripping has left.

    lxml reads a run as one text, but looks for its start from every part of it.
    """
    for element in tree.iter():
        element.text, element.tail = element.text, element.tail


def _set_apart_texts(tree: HtmlElement) -> None:
    """Make paragraphs of the texts in a block where very many stand behind inner blocks.

    Extraction adds the text behind a block that it drops to what stands before: again and again,
    ever more.
    """
    behind: dict[HtmlElement, list[HtmlElement]] = {}
    for element in tree.iter():
        if element.tag in _BOXES and (element.tail or "").strip():
            behind.setdefault(element.getparent(), []).append(element)
    for elements in behind.values():
        if len(elements) > _MOST_INLINE:
            for element in elements:
                paragraph = element.makeelement("p")
                paragraph.text, element.tail = element.tail, None
                element.addnext(paragraph)


def _add_marks(q: HtmlElement) -> None:
    """Write the marks that a browser would show around an inline quotation."""
    opening = next((words for text in q.itertext() if (words := text.strip())), "")
    if opening and opening[0] not in "\"“‘'«„":
        q.text = "“" + (q.text or "").lstrip()
        last = next(q.iterchildren(reversed=True), None)
        if last is None:
            q.text = q.text.rstrip() + "”"
        else:
            last.tail = (last.tail or "").rstrip() + "”"


def _free_quotations(box: HtmlElement) -> None:
    """Take the block quotations out of a figure or aside, which extraction drops whole."""
    quotations = list(islice(box.iter("blockquote"), _MOST_ATTRIBUTIONS + 1))
    if not 0 < len(quotations) <= _MOST_ATTRIBUTIONS:
        return
    if box.find(".//img") is None:
        box.tag = "div"
        box.attrib.clear()
        for caption in list(islice(box.iter("figcaption", "cite"), _MOST_ATTRIBUTIONS)):
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
    parts = islice(box.iter("span", "p", "div"), 1, 1 + _MOST_PARTS)
    authors = [element for element in parts if _names_author(element)]
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
    for link in list(islice(words.iter("a"), _MOST_ATTRIBUTIONS)):
        if _SHORT_LINK.match((link.text_content() or "").strip()):
            link.drop_tree() if link.tail else link.getparent().remove(link)
    author, words.tail = _HANDLE.sub("", words.tail or "").strip(), None
    for behind in list(words.itersiblings()):
        post.remove(behind)
    if author:
        _add_paragraph_behind(post, author)


def _move_attributions_behind(quotation: HtmlElement) -> None:
    """Put ``footer`` and closing ``cite`` elements behind the quotation, as paragraphs."""
    attributions = list(islice(quotation.iter(*_ATTRIBUTIONS), _MOST_ATTRIBUTIONS + 1))
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
