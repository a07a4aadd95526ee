"""Who wrote an article, where that is an expert: an opinion or analysis by a scholar, a fellow, a
former official, or a piece that a think tank publishes.

Precision goes before completeness. The words that tell must stand where only an author's do: in
the byline, or in the line on the author with which a piece ends and after which nothing follows
but more of the kind. Whoever is quoted in the text is a source, whatever its last line says.
Columns by staff, wire reports, interviews and unsigned explainers give nobody.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources

from schemas.article import Article
from transforms.core.people.categories import assess, is_body
from transforms.core.people.named_people import NAME_RUN
from transforms.core.people.names import has_given_name, same_person
from transforms.core.people.roles import affiliation_in, clean
from transforms.core.text.urls import registrable_domain


@dataclass(frozen=True)
class Author:
    """The expert who wrote an article, the words that say so, and how sure that is."""

    name: str
    role: str
    affiliation: str
    how: str  #: "bio", "byline" or "publisher"
    confidence: float  #: 0 to 1


#: A line on the author that goes with the byline leaves no doubt; one alone hardly any. What
#: a site publishes is judgement mostly, and sometimes an announcement. Set by hand.
_CONFIDENCE = {"byline": 0.95, "signed bio": 0.95, "bio": 0.88, "publisher": 0.85}

_BYLINE_CHARS = 300  #: a byline stands so near the top
_TAIL_CHARS = 1500  #: lines on authors and what follows them are no longer
_MAX_ENDING = 10  #: lines and sentences on the authors, and after
_MAX_LABEL_CHARS = 60  #: of a line that is a label, not a sentence
_MIN_WORDS = 60  #: fewer are a teaser or an announcement

_NAMES = rf"{NAME_RUN}(?:(?:, | and | & |, and ){NAME_RUN})*"
_IS = r"(?:is|was|serves as|served as|are|were|serve as|teaches|directs|leads|heads)"
_BIO = re.compile(
    rf"(?:About the authors?:? ?|[*•■—–-] ?)?(?P<names>{_NAMES}),?(?: (?:PhD|MP))?"
    rf" (?P<verb>{_IS}) (?P<role>[^\n]{{5,400}})"
)
_WRITER = re.compile(
    r"(?:The (?:writers?|authors?)|This (?:writer|author)),? "
    r"(?P<verb>is|are|was|serves as) (?P<role>[^\n]{5,400})"
)
_WRITTEN_BY = re.compile(
    r"(?:This|The) (?:article|piece|commentary|essay|analysis|op-ed)? ?"
    rf"(?:was|is) (?:written|contributed|authored) by (?P<names>{NAME_RUN}),"
    r" (?P<role>[^\n]{5,400})"
)
_BY = re.compile(
    rf"[Bb][Yy]:? (?P<names>{_NAMES})(?:(?:,| \||:| [–—-]) ?(?P<role>[^\n]{{3,200}}))?"
)
_HONORIFIC = re.compile(r"^(?:Dr|Prof|Professor|Sir|Dame|Lord|Mr|Ms|Mrs)\.? ")
_AND = re.compile(r", and | and | & |, ")
#: What may follow the first line on an author: more on them, disclaimers, credits.
_AFTER_BIO = re.compile(
    r"(?:He|She|They|His|Her|Their|Follow|Copyright|All rights|Translated|Translation|Originally"
    r"|Views|Opinions"
    r"|The (?:views|opinions|article|commentary|piece|author|writer|original|essay)"
    r"|This (?:article|piece|commentary|essay|analysis|op-ed|column)|Project Syndicate"
    r"|Read more|Subscribe|Disclaimer|Any views)\b|[(\[*@•#©]|https?:|www\."
)
_SENTENCE = re.compile(r"[^\n]+?(?:(?<![A-Z])(?<!Dr|Mr|St)[.!?][”\"’')\]]*(?=\s|$)|(?=\n|$))")
#: Written by staff, or an agency's.
_WIRE = re.compile(
    r"\b(?:Reuters|AP|AFP|Associated Press|Agence France-Presse|Bloomberg|dpa|Xinhua|TASS|PTI|ANI"
    r"|staff|correspondents?|newsroom|editorial board|agenc(?:y|ies)|web ?desk|news ?desk)\b",
    re.I,
)
_LEAST_WORDS = 12  #: of a sentence about somebody; a byline is shorter
_CREDIT = re.compile(r"\(?(?:Additional )?[Rr]eporting by |[Ww]riting by [A-Z]|[Ee]diting by [A-Z]")
_DATELINE = re.compile(
    r"[A-Z][^\n]{0,60}\((?:Reuters|AP|AFP|Xinhua|TASS)\)"
    r"|(?m:^[A-Z][A-Z.' ]{2,30}(?:, [A-Z][\w. ]{2,20})?(?: \([A-Z][\w ]{1,20}\))?"
    r" ?[–—-]{1,2} [A-Z“])"
)
_NOT_A_PERSON = re.compile(
    r"\b(?:guest|contributors?|opinion|editors?|team|desk|syndicate|special|admin|the)\b", re.I
)
#: An interview: the questions stand as lines of their own.
_QUESTION = re.compile(r"(?m)^[^\n“\"]{15,300}\?[”\"]?$|^Q(?:uestion)?[:.]")
_MAX_QUESTIONS = 3
#: Somebody else asks those who then speak.
_ASKS = re.compile(r"\b[Ww]e (?:asked|spoke|turned to|put|sat down)\b|\basked (?:our|its) \w+")
_ANNOUNCES = re.compile(
    r"\b(?:webinar|podcast|newsletter|register|vacancy|press release|event|live blog|live updates"
    r"|interview|q&a|transcript|in conversation|book review|obituary"
    r"|experts? (?:react|respond|weigh|comment)|reactions?|round ?table|round-?up|what experts"
    r"|ask the experts?)\b",
    re.I,
)


def author_of(article: Article) -> Author | None:
    """The expert who wrote the article; None if there is none, or it does not tell.

    Of several the first who is one stands for all.
    """
    text = article.text
    if len(text.split()) < _MIN_WORDS or _is_staffs(article) or _is_interview(article):
        return None
    found = _by_bio(article) or _by_byline(article) or _by_publisher(article)
    return None if found is None or _is_source(found.name, article) else found


def _is_staffs(article: Article) -> bool:
    author = article.author or ""
    head, tail = article.text[:_BYLINE_CHARS], article.text[-_BYLINE_CHARS:]
    return bool(_WIRE.search(author) or _DATELINE.match(head) or _CREDIT.search(tail))


def _is_interview(article: Article) -> bool:
    questions = sum(1 for _ in _QUESTION.finditer(article.text))
    is_asked = _ASKS.search(article.text, 0, _BYLINE_CHARS) is not None
    return questions >= _MAX_QUESTIONS or is_asked or bool(_ANNOUNCES.search(article.title))


def _is_source(name: str, article: Article) -> bool:
    """Reports if title or text speak of the author as of others, before the last lines.

    Short lines at the top are the byline's.
    """
    if is_body(name):
        return False
    head, rest = article.text[:_BYLINE_CHARS], article.text[_BYLINE_CHARS : _ending_start(article)]
    sentences = [line for line in head.split("\n") if len(line.split()) >= _LEAST_WORDS]
    told = "\n".join([*(s for s in (article.title, *sentences) if not _BY.match(s)), rest])
    return re.search(rf"\b{re.escape(name.split()[-1])}\b", told) is not None


def _by_bio(article: Article) -> Author | None:
    """The author by the lines at the end, if nothing else follows them."""
    lines = (match[0].strip() for match in _ending(article))
    return next((found for line in lines if (found := _bio_in(line, article))), None)


def _ending_start(article: Article) -> int:
    return next((match.start() for match in _ending(article)), len(article.text))


def _ending(article: Article) -> list[re.Match[str]]:
    """The last lines and sentences: those on authors, and what may follow them."""
    start = max(0, len(article.text) - _TAIL_CHARS)
    lines = [m for m in _SENTENCE.finditer(article.text, start) if m[0].strip()][-_MAX_ENDING:]
    kept: list[re.Match[str]] = []
    for match in reversed(lines):
        if not _may_end(match[0].strip(), article):
            break
        kept.insert(0, match)
    return kept


def _may_end(line: str, article: Article) -> bool:
    is_label = len(line) <= _MAX_LABEL_CHARS and line[-1] not in '.!?”"'
    return is_label or bool(_AFTER_BIO.match(line)) or _bio_in(line, article) is not None


def _bio_in(line: str, article: Article) -> Author | None:
    """The expert on whom the line is."""
    if found := _WRITER.match(line):
        names = _signed(article)
        return _expert(names[0], found["role"], "signed bio") if names else None
    found = _WRITTEN_BY.match(line) or _BIO.match(line)
    if found is None:
        return None
    names = _AND.split(found["names"])
    how = "bio"
    if signed := _signed(article):
        if not any(same_person(a, b) for a in names for b in signed):
            return None
        how = "signed bio"
    return _expert(names[0], found["role"], how)


def _expert(name: str, role: str, how: str) -> Author | None:
    role = clean(role.strip(" .*"))
    name = _HONORIFIC.sub("", name)
    if not has_given_name(name) or is_body(name):
        return None
    affiliation = affiliation_in(role)
    who = assess(name, role, affiliation, named=True)
    if who.category != "expert":
        return None
    confidence = min(_CONFIDENCE[how], who.sureness)
    return Author(name, role, affiliation, how.removeprefix("signed "), confidence)


def _signed(article: Article) -> list[str]:
    """The people in the byline: the page's, or the text's."""
    by = _BY.match(_byline(article))
    stated = (article.author or "").partition(" | ")[0]
    names = _AND.split(stated) if stated else _AND.split(by["names"]) if by else []
    return [n.strip() for n in names if has_given_name(n) and not _NOT_A_PERSON.search(n)]


def _byline(article: Article) -> str:
    """The line of the text that begins with "By", near the top; "" if none does."""
    found = re.search(r"(?m)^[Bb][Yy]:? [^\n]{3,250}$", article.text[:_BYLINE_CHARS])
    return found[0] if found else ""


def _by_byline(article: Article) -> Author | None:
    """The author by what the byline says of them: "By Ana Ruiz, professor of law at …"."""
    for byline in (f"By {article.author}" if article.author else "", _byline(article)):
        found = _BY.fullmatch(byline.strip())
        if found and found["role"]:
            return _expert(_AND.split(found["names"])[0], found["role"], "byline")
    return None


def _by_publisher(article: Article) -> Author | None:
    """The author by who publishes; unsigned, the house itself."""
    house = _research_sites().get(registrable_domain(article.url), "") or _research_house(article)
    if not house:
        return None
    names = _signed(article)
    if names and article.publisher not in names:
        role = f"writing for {house}"
        return Author(names[0], role, house, "publisher", _CONFIDENCE["publisher"])
    who = assess(house, "", "", named=True)
    if who.category != "expert":
        return None
    return Author(house, "", "", "publisher", _CONFIDENCE["publisher"])


def _research_house(article: Article) -> str:
    """The publisher, if it is a body of research and nothing but."""
    name = article.publisher
    who = assess(name, "", "", named=True) if name else None
    return name if who is not None and who.category == "expert" and who.evidence == name else ""


@functools.lru_cache(maxsize=1)
def _research_sites() -> dict[str, str]:
    """Bodies of research by the domain they registered."""
    path = resources.files("transforms.core.languages.en") / "data" / "research_sites.txt"
    lines = (line.split("|") for line in path.read_text("utf8").splitlines())
    return {parts[0].strip(): parts[1].strip() for parts in lines if len(parts) == 2}
