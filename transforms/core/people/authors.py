"""Who wrote an article, where that is an expert: an opinion or analysis by a scholar, a fellow, a
former official, or a piece that a think tank publishes.

Precision goes before completeness. The words that decide must stand where only an author's do:
in the byline, or in the line on the author that ends a piece and is followed by nothing except
more lines of the kind. A last line on an expert proves little without a byline, because reports,
interviews, reviews, obituaries and notices of events end with one, too: it then counts only if
nothing marks the text as a report. Whoever is quoted in the text is a source, whatever its last
line says. Columns by staff, wire reports and unsigned explainers have no expert as author.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources
from itertools import islice

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
_MAX_BIO_CHARS = 300  #: of a line on an author
_MIN_WORDS = 60  #: fewer are a teaser or an announcement

_NAMES = rf"{NAME_RUN}(?:(?:, | and | & |, and ){NAME_RUN})*"
_IS = r"(?:is|was|serves as|served as|are|were|serve as|teaches|directs|leads|heads)"
_BIO = re.compile(
    rf"(?:About the authors?:? ?|[*•■—–-] ?)?(?P<names>{_NAMES}),?(?: (?:PhD|MP))?"
    rf"(?:,? (?P<apposed>(?:an?|the|former) [^,.;:\n]{{3,120}}),)?"
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
_DATELINE = re.compile(r"[A-Z][^\n]{0,60}\((?:Reuters|AP|AFP|Xinhua|TASS)\)")
_NOT_A_PERSON = re.compile(
    r"\b(?:guest|contributors?|opinion|editors?|team|desk|syndicate|special|admin|the)\b", re.I
)
#: An interview: the questions stand as lines of their own.
_QUESTION = re.compile(r"(?m)^[^\n“\"]{15,300}\?[”\"]?$|^Q(?:uestion)?[:.]")
_MAX_QUESTIONS = 3
#: Somebody else asks those who then speak.
_ASKS = re.compile(r"\b[Ww]e (?:asked|spoke|turned to|put|sat down)\b|\basked (?:our|its) \w+")
#: Titles of pages that are no one's piece: announcements, interviews, collections, reviews.
_ANNOUNCES = re.compile(
    r"\b(?:webinar|podcast|newsletter|register|vacancy|press release|event|live blog|live updates"
    r"|interview|q&a|transcript|in conversation|experts? (?:react|respond|weigh|comment|answer)s?"
    r"|ask the experts?|reactions?|round ?table|round-?up|what experts|we asked"
    r"|(?:three|four|five|six|ten) experts"
    r"|book reviews?|obituary|in memoriam|remembering|book launch|panel discussion|lecture series"
    r"|book talk|meet the (?:expert|author)|profile)\b|\breview(?:ed)?:",
    re.I,
)
#: A report's first words: the place in capitals, with or without a date.
_PLACE_LINE = re.compile(
    r"(?:[^\n]{0,120}\n\s*)?[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{2,30}(?:, [A-Z][\w. ]{2,20})?"
    r"(?: \([^)\n]{2,30}\))?(?: ?[—–]|:| -|\.) "
)
#: Marks of a report or a notice that an author's own piece hardly has more than once.
_REPORTS = re.compile(
    r"\b(?:said|told|told us|spoke to|speaks to|spoke with|speaks with|was interviewed|survived by"
    r"|died (?:on|in|at|aged)|we asked|we spoke|our (?:network|experts|panel)|this reporter"
    r"|will (?:speak|discuss|present|give a talk)|join us|doors open|tickets?|registration"
    r"|the book|this book|his book|her book|reviewed|pages, )\b",
    re.I,
)
_MOST_REPORTED = 1
#: Last lines on whom a page is about instead of who wrote it.
_SUBJECT = re.compile(
    r"\b(?:spoke (?:to|with|at|on)|was (?:speaking|talking|interviewed)|interview(?:ed)?"
    r"|will (?:speak|discuss|present|give)|talked to|in conversation|conversation (?:was|has been)"
    r"|condensed|moderated|edited for (?:length|clarity))\b",
    re.I,
)


def author_of(article: Article) -> Author | None:
    """The expert who wrote the article; None if there is none, or it does not tell.

    Of several the first who is one stands for all.
    """
    text = article.text
    if len(text.split()) < _MIN_WORDS or _is_staffs(article) or _is_interview(article):
        return None
    if _is_collection(article) or _is_about_speaker(article):
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


def _is_collection(article: Article) -> bool:
    """Reports if several people contribute, each described below a part of the text."""
    end = _ending_start(article)
    paragraphs = (article.text[p.start : p.end] for p in article.paragraphs if p.end <= end)
    return any(_describes_expert(words) for words in paragraphs)


def _describes_expert(words: str) -> bool:
    """Reports if a paragraph is only a line on an expert.

    >>> _describes_expert("—Ida Berg is a senior fellow at the Hudson Institute.")
    True
    >>> _describes_expert("Ida Berg is a senior fellow at Tarn. The talks worry her.")
    False
    """
    found = _BIO.match(words.strip("*_ ")) if len(words) <= _MAX_BIO_CHARS else None
    if found is None or sum(1 for _ in islice(_SENTENCE.finditer(words), 2)) > 1:
        return False
    return _expert(_AND.split(found["names"])[0], found["role"], "bio") is not None


def _is_about_speaker(article: Article) -> bool:
    """Reports if the last lines say that a person spoke, or will, instead of wrote."""
    return any(_SUBJECT.search(match[0]) for match in _ending(article))


def _is_report(article: Article) -> bool:
    """Reports if a text without a byline reads as a reporter's, a reviewer's or a notice."""
    body = article.text[: _ending_start(article)]
    reported = sum(1 for _ in islice(_REPORTS.finditer(body), _MOST_REPORTED + 1))
    return bool(_PLACE_LINE.match(article.text)) or reported > _MOST_REPORTED


def _is_source(name: str, article: Article) -> bool:
    """Reports if title or text speak of the author as of others, before the last lines.

    Short lines at the top are the byline's; a summary may say who writes: "…, argues Ida Berg".
    """
    if is_body(name):
        return False
    last = re.escape(name.split()[-1])
    head, rest = article.text[:_BYLINE_CHARS], article.text[_BYLINE_CHARS : _ending_start(article)]
    sentences = [line for line in head.split("\n") if len(line.split()) >= _LEAST_WORDS]
    writes = re.compile(
        rf"(?i:\b(?:writes?|argues?|explains?|asks|contends|by)|\|) ?(?:[\w.'’-]+ ){{0,3}}{last}\b"
        rf"|\b{last} (?:argues|writes|asks)\b"
    )
    lines = (s for s in (article.title, *sentences) if not (_BY.match(s) or writes.search(s)))
    return re.search(rf"\b{last}\b", "\n".join([*lines, rest])) is not None


def _by_bio(article: Article) -> Author | None:
    """The author by the lines at the end, if nothing else follows them."""
    if not _signed(article) and _is_report(article):
        return None
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
    apposed = found.groupdict().get("apposed")
    return _expert(names[0], ", ".join(filter(None, [apposed, found["role"]])), how)


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
