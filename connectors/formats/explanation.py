"""``parley explain`` for people: the article with what was found in it, and what each watch
makes of every statement.

In colour, the text shows quotations, cues, speakers, actors and topics. Without colour it
shows where each statement begins and ends: [1 the words]. The list below the text refers to
the same numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from connectors.formats import humanize, phrasing
from connectors.formats.annotation_json import best_match
from connectors.formats.console import is_coloured, put, put_field, put_whole
from connectors.formats.sanitizing import clean_in_place, clean_line
from schemas.article import Article, Paragraph
from schemas.base import Span
from schemas.dossier import Commentary, Dossier, Match, Occurrence

#: How each kind of finding looks; one may lie in another, so they differ in more than hue.
_STYLES = {
    "quotation": "green",
    "cue": "bold yellow",
    "speaker": "bold cyan",
    "actor": "underline magenta",
    "topic": "underline blue",
}
_PARAGRAPH_INDENT = {"blockquote": "    ", "item": "  - "}
_NUMBER_WIDTH = 5
_CLOSING_MARK = re.compile('[.,;!?]?[”"]')


def print_explanation(dossier: Dossier, console: Console) -> None:
    """Print the article with its findings marked, then each statement with its outcome."""
    said = sorted(
        dossier.occurrences(),
        key=lambda pair: _places(pair[1])[0].start if _places(pair[1]) else 0,
    )
    _print_head(dossier.article, console)
    _print_text(dossier, [occurrence for _, occurrence in said], console)
    if not said:
        put(console, Text("Nobody is found to say anything in this article."))
    for number, (commentary, occurrence) in enumerate(said, 1):
        _print_statement(number, commentary, occurrence, console)


def _print_head(article: Article, console: Console) -> None:
    put(console, Text(clean_line(article.title), style="bold"))
    parts = [article.publisher, article.author or "", humanize.moment(article.published_at)]
    put(console, Text(", ".join(clean_line(part) for part in parts if part)))
    put_whole(console, Text(clean_line(article.url)))
    if is_coloured(console):
        legend = (Text(kind, style=style) for kind, style in _STYLES.items())
        put(console, Text(" · ").join(legend))
    else:
        put(console, Text("Statement 1 of the list below stands in the text as [1 …]."))
    put_whole(console, Text())


def _print_text(dossier: Dossier, said: Sequence[Occurrence], console: Console) -> None:
    """Print the paragraphs, each finding in its style and each statement with its number."""
    article = dossier.article
    text = clean_in_place(article.text)
    findings = list(_findings(dossier, said))
    whole = (Paragraph(0, len(text)),)
    for paragraph in article.paragraphs or whole:
        shown = Text(text[paragraph.start : paragraph.end])
        if paragraph.kind == "heading":
            shown.stylize("bold")
        for span, kind in findings:
            if (inside := _inside(span, paragraph)) is not None:
                shown.stylize(_STYLES[kind], inside.start, inside.end)
        indent = _PARAGRAPH_INDENT.get(paragraph.kind, "")
        put(console, Text.assemble(*_numbered(shown, paragraph, said)), indent, " " * len(indent))
        put_whole(console, Text())


def _findings(dossier: Dossier, said: Sequence[Occurrence]) -> Iterator[tuple[Span, str]]:
    """Every place to be marked, and as what; later ones lie over earlier ones."""
    for occurrence in said:
        yield from ((span, "quotation") for span in _places(occurrence))
    for tag in dossier.tags:
        yield from ((span, tag.type) for span in tag.spans)
    for occurrence in said:
        attribution = occurrence.attribution
        if attribution.cue is not None:
            yield attribution.cue.span, "cue"
        if attribution.speaker.span is not None:
            yield attribution.speaker.span, "speaker"


def _numbered(shown: Text, paragraph: Paragraph, said: Sequence[Occurrence]) -> Iterator[Text]:
    """The paragraph in pieces, with "[1 " before and "]" after the words of statement 1."""
    marks: list[tuple[int, int, str]] = []
    for number, occurrence in enumerate(said, 1):
        for span in _places(occurrence):
            inside = _inside(span, paragraph)
            if inside is not None:  # at the same place, one closes before another opens
                end = _past_closing_mark(shown.plain, inside)
                marks += [(inside.start, 1, f"[{number} "), (end, 0, "]")]
    place = 0
    for at, _, mark in sorted(marks):
        yield shown[place:at]
        yield Text(mark, style="dim")
        place = at
    yield shown[place:]


def _past_closing_mark(text: str, span: Span) -> int:
    """The span's end, moved behind the quotation mark that closes one opened within it: "called
    [1 a truce “only a pause”]".
    """
    words, after = text[span.start : span.end], _CLOSING_MARK.match(text, span.end)
    is_open = words.count("“") > words.count("”") or words.count('"') % 2
    return after.end() if is_open and after else span.end


def _inside(span: Span, paragraph: Paragraph) -> Span | None:
    """The part of the span that lies in the paragraph, counted from its start."""
    start, end = max(span.start, paragraph.start), min(span.end, paragraph.end)
    return Span(start - paragraph.start, end - paragraph.start) if start < end else None


def _print_statement(
    number: int, commentary: Commentary, occurrence: Occurrence, console: Console
) -> None:
    attribution, speaker = occurrence.attribution, commentary.speaker
    quotation = attribution.quotation
    said = phrasing.words(occurrence.text, quotation.kind, quotation.form)
    lead = Text(f"{f'[{number}]':<{_NUMBER_WIDTH}}", style="dim")
    put(console, Text(said, style=_STYLES["quotation"]), lead, " " * _NUMBER_WIDTH)
    details = {
        "speaker": _speaker(commentary, occurrence),
        "category": _category(commentary, occurrence),
        "found": _found(occurrence),
        "told to": attribution.told_to,
        "names": ", ".join((*occurrence.topics, *occurrence.actors)),
        "memory": _memory(occurrence) if speaker.named else "",
    }
    for label, value in details.items():
        put_field(console, label, clean_line(value), indent=_NUMBER_WIDTH)
    for match in occurrence.matches:
        put(console, _outcome(match, occurrence), " " * _NUMBER_WIDTH, " " * (_NUMBER_WIDTH + 2))
    put_whole(console, Text())


def _speaker(commentary: Commentary, occurrence: Occurrence) -> str:
    speaker, beside_cue = commentary.speaker, occurrence.attribution.speaker
    as_written = beside_cue.as_written
    way = ""
    if occurrence.attribution.quotation.form == "authored":
        way = " (the author)"
    elif not as_written:
        way = " (carried over)"
    elif as_written != speaker.name:
        way = f" (written “{as_written}”)"
    return phrasing.described(speaker.name, speaker.role, speaker.affiliation) + way


def _category(commentary: Commentary, occurrence: Occurrence) -> str:
    """What the speaker counts as, for the watch that the statement suits best."""
    best = best_match(occurrence.matches)
    category = best.category if best else commentary.speaker.category
    evidence = best.evidence if best else commentary.speaker.evidence
    shown = category.replace("_", " ")
    return f"{shown}, by “{evidence}”" if evidence else shown


def _found(occurrence: Occurrence) -> str:
    attribution = occurrence.attribution
    quotation = attribution.quotation
    cue = f", cue “{attribution.cue.text}”" if attribution.cue else ""
    sure = humanize.percent(attribution.confidence)
    return f"{quotation.kind}, {quotation.form}, by rule {attribution.rule}{cue}, {sure} sure"


def _memory(occurrence: Occurrence) -> str:
    verdict = occurrence.verdict
    if verdict is None:
        return ""
    if verdict.nearest is None:
        return verdict.novelty
    near = verdict.nearest
    when = humanize.moment(near.said_at)
    return f"{verdict.novelty}; nearest is {when}, {near.url}: {near.reason or near.relation}"


def _outcome(match: Match, occurrence: Occurrence) -> Text:
    """One line: the watch, whether it would alert, and why."""
    reasons = "; ".join(clean_line(reason.text) for reason in match.reasons)
    verdict = occurrence.verdict
    if not match.is_alertworthy:
        outcome, style = "would not alert", "red"
    elif match.is_held:
        outcome, style = "would be held", "yellow"
    elif verdict is not None and verdict.novelty != "new":
        outcome, style = f"would not alert, as it is not new but {verdict.novelty}", "yellow"
        reasons = f"it does match ({reasons})" if reasons else ""
    else:
        outcome, style = "would alert", "bold green"
    shown = Text(f"{clean_line(match.watch)}: ").append(outcome, style)
    return shown.append(f": {reasons}" if reasons else "")


def _places(occurrence: Occurrence) -> Sequence[Span]:
    return occurrence.attribution.quotation.spans
