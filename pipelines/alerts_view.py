"""`parley alerts`: what was alerted, where else it stands by now, and what was said before."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from connectors import phrasing
from connectors.archive import Archive
from connectors.layout import put, put_field, put_whole
from connectors.sanitizing import clean_line, shorten, web_address
from connectors.terminal import print_bundle
from schemas.alert import Alert, Bundle
from schemas.commentary import Statement
from transforms.core.understanding.names import same_person

#: Copies listed under an alert; wire reports stand on hundreds of sites.
_MOST_COPIES = 10
#: Earlier statements listed for an expert.
_MOST_EARLIER = 3
_PREVIEW_CHARACTERS = 160


def print_with_history(bundles: Sequence[Bundle], archive: Archive, console: Console) -> None:
    """Print each Bundle, its copies, and what its experts said before on the same topics."""
    alerts = [alert for bundle in bundles for alert in bundle.alerts]
    taken_back = {alert.follows: alert for alert in alerts if alert.type == "withdrawn"}
    for bundle in bundles:
        print_bundle(bundle, console)
        for alert in bundle.alerts:
            if later := taken_back.get(alert.id):
                why = clean_line(phrasing.why(later))
                told = f"{alert.id[:8]}, {phrasing.moment(later.alerted_at)}: {why}"
                put_field(console, "Withdrawn", told)
        _print_copies(bundle, archive, console)
        for alert in bundle.alerts:
            _print_earlier(alert, archive, console)


def _print_copies(bundle: Bundle, archive: Archive, console: Console) -> None:
    """Where else the statements stand, one line an article."""
    own = {alert.article.url for alert in bundle.alerts}
    ids = {statement.id for alert in bundle.alerts for statement in alert.statements}
    there: dict[str, set[str]] = {}
    places = [place for place in archive.places(sorted(ids)) if place.article_url not in own]
    for place in places:
        there.setdefault(place.article_url, set()).add(place.statement_id)
    first = {place.article_url: place for place in reversed(places)}
    for number, (url, said) in enumerate([*there.items()][:_MOST_COPIES]):
        where = f"{clean_line(first[url].publisher)}, {phrasing.moment(first[url].published_at)}"
        share = f"{len(said)} of {phrasing.counted(len(ids), 'statement')}"
        put_field(console, "" if number else "Also in", f"{where}, {share}")
        _print_address(url, console)
    if len(there) > _MOST_COPIES:
        put_field(console, "", f"and {len(there) - _MOST_COPIES} more")
    if there:
        put_whole(console, Text())


def _print_earlier(alert: Alert, archive: Archive, console: Console) -> None:
    earlier = _on_its_topics(alert, archive)
    if not earlier:
        return
    put(console, Text(f"{clean_line(alert.speaker.name)} said before", style="bold"), "  ", "  ")
    for said in earlier:
        words = shorten(clean_line(said.text), _PREVIEW_CHARACTERS)
        put_field(console, "", f"{phrasing.moment(said.said_at)}: {words}")
        _print_address(said.article_url, console)
    put_whole(console, Text())


def _on_its_topics(alert: Alert, archive: Archive) -> list[Statement]:
    """What the expert last said before on a topic of the alert's, latest first."""
    topics = {topic for statement in alert.statements for topic in statement.topics}
    told = {statement.id for statement in alert.statements}
    found = archive.said_before(alert.statements[0].id, alert.article.published_at)
    return [
        said
        for said, its_topics in found
        if said.id not in told
        and topics.intersection(its_topics)
        and same_person(said.speaker, alert.speaker.name)
    ][:_MOST_EARLIER]


def _print_address(url: str, console: Console) -> None:
    shown = web_address(url) or clean_line(url)
    put_whole(console, Text.assemble(" " * 11, (shown, "blue")))
