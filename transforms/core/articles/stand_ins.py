"""Pages that stand in an article's place: walls, “not found” with status 200, script shells.

Sites send them under the article's own address, as if they were it. Told by title or heading
where these say so in full; by the words of the page only where it holds few.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from schemas.outcome import Reason
from transforms.core.articles.page_words import main_part
from transforms.core.text.plain_text import one_line

#: A page is believed to be a stand-in by its words below so many of them.
FEW_WORDS = 250
#: By what it says within its text, below so many.
_FEWER_WORDS = 150
#: A page with less to see than this, menus left out, holds no article at all.
_EMPTY_WORDS = 60

WALL_TITLE = re.compile(
    r"^(?:just a moment|attention required|access (?:to this page has been )?denied|"
    r"are you a (?:robot|human)|(?:please )?verify (?:that )?you are (?:a )?human|"
    r"robot or human|security check|checking your browser|human verification|"
    r"pardon our interruption|before you continue|subscribe to (?:read|continue)|"
    r"bot verification|ddos-guard)\b",
    re.IGNORECASE,
)

#: Where sites send readers who have to agree, log in or pay first.
WALL_PATH = re.compile(
    r"(?:collect-?consent|consent|cookie-?(?:wall|consent|policy)|privacy-?(?:wall|gate|center)|gdpr"
    r"|log-?in|sign-?in|sign-?up|subscribe|paywall|registration|captcha|challenge|are-you-a-robot)"
    r"(?:[/._-]|$)",
    re.IGNORECASE,
)
#: Where they send readers of what is gone.
LOST_PATH = re.compile(
    r"/(?:(?:error|errors|status)[/_-]?)?(?:404|(?:page-?)?not-?found|page-?missing|error)"
    r"(?:\.\w{2,5})?/?$",
    re.IGNORECASE,
)

_THING = r"(?:page|article|story|content|url|link|address|document|item|post|file)"
_NOT = r"(?:not| not|n['’]t|['’]t| no longer)"
_IS_GONE = (
    rf"(?:(?:can|could|was|is|does|did|are|were){_NOT}(?: be)? "
    r"(?:found|located|exist|available|here|there)"
    r"|no longer (?:exists?|available|here)|not found|(?:is )?unavailable"
    r"|(?:has|have|was|were|may have)(?: been)? (?:removed|deleted|moved|expired|taken down))"
)
_ASKED = r" you(?:['’]re| are| were|['’]ve| have)? (?:requested|looking for|trying to \w+|followed)"
_OOPS = r"(?:oops|whoops|uh[- ]oh|sorry|hmm)"
_SORRY = rf"(?:{_OOPS}[!,.:…]* ?)?"
_CANNOT_FIND = (
    r"(?:can(?: ?not|['’]t)|could(?: not|n['’]t)|unable to|did(?: not|n['’]t)) (?:find|locate) "
    rf"(?:the|this|that|your) {_THING}"
)
#: Said of a page as a whole: in its title, between the site's name and a dash, or in a heading.
_LOST_TITLE = re.compile(
    r"(?:error:? ?|http ?)?404(?:[ :,.!–—-]*(?:error|(?:page |file )?not found))?"
    rf"|{_SORRY}(?:the |this |that |your )?(?:requested )?{_THING}(?:{_ASKED})? {_IS_GONE}"
    rf"|{_SORRY}(?:we(?:['’]re| are)? )?{_CANNOT_FIND}[^.]{{0,40}}"
    rf"|not found|{_OOPS}[!,.…]* something went wrong",
    re.IGNORECASE,
)
_TITLE_PART = re.compile(r"\s+[|·•–—-]+\s+|\s*[|»«›:]\s*")
#: The same within a sentence, where treaties have articles, too, that are removed.
_LOST_WORDS = re.compile(
    rf"\b(?:page|link|url)\b[^.]{{0,60}}\b{_IS_GONE}|\b{_THING}{_ASKED}\b"
    rf"|\bthis (?:article|story|content) (?:(?:is|has|was) )?{_IS_GONE}|\b{_CANNOT_FIND}\b",
    re.IGNORECASE,
)
_SCRIPT_WORDS = re.compile(
    r"\b(?:enable|turn on|activate|requires?|needs?|without|switch on)\b[^.]{0,30}\bjavascript\b"
    r"|\bjavascript (?:is|has been|must be|to be|appears to be)\b[^.]{0,20}"
    r"\b(?:disabled|required|needed|enabled|off|blocked|turned)\b",
    re.IGNORECASE,
)
#: Several of these together, on a page with little else, ask for consent.
_CONSENT_WORDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:accept|allow|agree to|reject|decline|refuse) all\b",
        r"\bour (?:\d+ |advertising |trusted )*partners\b|\bits partners\b",
        r"\b(?:use|uses|store|set|accept|of) (?:\w+ ){0,2}cookies\b",
        r"\bprivacy (?:choices|dashboard|settings|preferences|cent(?:er|re)|policy|notice)\b",
        r"\b(?:value|respect|care about) your privacy\b",
        r"\bpersonal(?:i[sz]ed)? (?:data|ads|advertising)\b",
        r"\b(?:manage|cookie|your) (?:choices?|options|preferences|settings|consent)\b",
        r"\b(?:store|access)\b[^.]{0,30}\binformation on (?:a|your) device\b",
        r"\blegitimate interests?\b|\bgive (?:your )?consent\b|\bwithdraw (?:your )?consent\b",
    )
)
_CONSENT_KINDS = 3

_WORD = re.compile(r"\w+")
_LEAD_CHARS = 2000
_HEAD_BYTES = 16 * 1024
_TITLE = re.compile(rb"<title\b[^>]{0,200}>([^<]{1,300})", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*>?")


def may_stand_in(body: bytes) -> bool:
    """Whether a page's bytes look like those of a stand-in, whatever words they lack.

    >>> may_stand_in(b"<!doctype html><title> Just a moment...</title>" + b"<p>word" * 300)
    True
    >>> may_stand_in(b"<title>Herring</title><main>" + b"<p>The price of herring rose" * 300)
    False
    """
    found = _TITLE.search(body[:_HEAD_BYTES])
    title = found[1].decode("utf8", "replace").strip() if found else ""
    if WALL_TITLE.match(title) or _is_lost_title(title):
        return True
    visible = _TAG.sub(b" ", main_part(body))
    words = len(visible.split(None, FEW_WORDS))
    if words < _EMPTY_WORDS:
        return True
    return words < FEW_WORDS and _by_words(visible.decode("utf8", "replace"), words) is not None


def stand_in(headings: Sequence[str], paragraphs: Sequence[str]) -> tuple[Reason, str] | None:
    """What a page is in an article's place, with the evidence for people; None for an article.

    Args:
        headings: as ``headings_of`` gives them.
        paragraphs: its main text.

    >>> stand_in(["Harbour Post | Page not found"], ["Ferries sail again.", "Herring is dear."])[0]
    'not_found'
    """
    words = sum(len(_WORD.findall(text)) for text in paragraphs)
    for heading in headings:
        if words < FEW_WORDS and WALL_TITLE.match(heading):
            return "gated", f"a wall titled {heading[:60]!a}"
        if _is_lost_title(heading):
            return "not_found", f"the page is titled {heading[:60]!a}"
    return _by_words("\n".join(paragraphs)[:_LEAD_CHARS], words)


def is_script_shell(tree: HtmlElement) -> bool:
    """Whether a page without a text of its own asks for scripts, or holds little else.

    >>> from lxml.html import fromstring
    >>> is_script_shell(fromstring("<div id=root></div><script src=a.js></script>"))
    True
    """
    if next(tree.iter("script"), None) is None:
        return False
    asks = " ".join(e.text_content()[:500] for e in tree.iter("noscript"))
    if _SCRIPT_WORDS.search(asks):
        return True
    unseen = {"script", "style", "noscript", "template", "head", "title"}
    seen = 0
    for element in tree.iter():
        if element.tag not in unseen and isinstance(element.tag, str):
            seen += len((element.text or "").split())
        seen += len((element.tail or "").split())
        if seen >= _EMPTY_WORDS:
            return False
    return True


def _by_words(text: str, words: int) -> tuple[Reason, str] | None:
    if words < FEW_WORDS and sum(bool(p.search(text)) for p in _CONSENT_WORDS) >= _CONSENT_KINDS:
        return "gated", f"{words} words that ask for consent"
    if words >= _FEWER_WORDS:
        return None
    if asked := _SCRIPT_WORDS.search(text):
        return "needs_script", f"{words} words, with {asked[0][:60]!a}"
    if lost := _LOST_WORDS.search(text):
        return "not_found", f"{words} words, with {lost[0][:60]!a}"
    return None


def headings_of(tree: HtmlElement, title: str) -> list[str]:
    """How a page calls itself: its stated title, its title elements and first headings."""
    own = [e.text_content()[:500] for e in tree.iter("title", "h1")]
    return [one_line(text, 300) for text in [title, *own[:5]]]


def _is_lost_title(title: str) -> bool:
    parts = [title, *_TITLE_PART.split(title)]
    return any(_LOST_TITLE.fullmatch(part.strip(" .!")) for part in parts if part)
