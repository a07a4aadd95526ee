"""`parley alerts`: what was alerted."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.archive.statements import StatementOccurrence
from connectors.formats import humanize, phrasing
from connectors.formats.cloudevents import event_of, write_json_line
from connectors.formats.console import put, put_field, put_whole
from connectors.formats.sanitizing import clean_line, shorten, web_address
from connectors.formats.text import print_brief, print_bundle
from pipelines.cli.options import (
    ArchiveUrl,
    AsJson,
    Limit,
    Since,
    SpeakerFilter,
    Until,
    WatchFilter,
)
from pipelines.services.archives import check_watch, open_existing
from pipelines.settings.filters import Filter
from schemas.alert import Alert, Bundle
from schemas.errors import ConfigurationError
from schemas.statement import Statement
from transforms.core.people.names import same_person

#: Copies listed under an alert; wire reports stand on hundreds of sites.
_MOST_COPIES = 10
#: Earlier statements listed for an expert.
_MOST_EARLIER = 3
_PREVIEW_CHARACTERS = 160


def alerts(
    alert: Annotated[
        str, typer.Argument(metavar="[ALERT]", help="Only the one whose id begins so.")
    ] = "",
    archive: ArchiveUrl = "sqlite:///parley.db",
    watch: WatchFilter = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="All that is known: context, what came nearest, copies, earlier words."
        ),
    ] = False,
    speaker: SpeakerFilter = None,
    held: Annotated[
        bool, typer.Option("--held", help="Those not sent because something was unsure, and what.")
    ] = False,
    settled: Annotated[
        bool, typer.Option("--settled", help="With --held: those that were released or dismissed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the alerts in an archive, newest last.

    \b
    parley alerts --since 7d
    parley alerts d8e56f26 --full
    parley alerts --held --watch ukraine-peace-talks --speaker Ruiz
    """
    wanted = Filter.from_options(watch, speaker, since, until, limit)
    if held or settled:
        from pipelines.cli.held_listing import print_held

        print_held(archive, wanted, settled=settled, as_json=as_json)
    else:
        print_alerts(archive, wanted, alert, full=full, as_json=as_json)


def print_alerts(
    url: str,
    wanted: Filter,
    id_prefix: str = "",
    *,
    full: bool = False,
    as_json: bool = False,
) -> None:
    """Alerts, oldest first, as Bundles for people or as events for programs."""
    with open_existing(url) as archive:
        check_watch(archive, wanted.watch)
        alerts = wanted.last(
            alert
            for alert in archive.alerts.all(wanted.watch, wanted.since)
            if alert.id.startswith(id_prefix) and wanted.takes(alert.alerted_at, alert.speaker.name)
        )
        if id_prefix and not wanted.speaker and not alerts:
            problem = f"no alert here begins with {id_prefix!r}; `parley alerts` lists them"
            raise ConfigurationError([problem])
        if as_json:
            for alert in alerts:
                write_json_line(sys.stdout.buffer, event_of(alert))
            return
        show = print_with_history if full else print_briefly
        show(_bundles(alerts), archive, Console())
    if not alerts:
        Console(stderr=True).print("no alerts")


def _bundles(alerts: Iterable[Alert]) -> list[Bundle]:
    by_id: dict[str, list[Alert]] = {}
    for alert in alerts:
        by_id.setdefault(alert.bundle_id, []).append(alert)
    return [Bundle(id_, found[0].watch, tuple(found)) for id_, found in by_id.items()]


def _originals(statement_ids: Iterable[str], archive: Archive) -> dict[str, StatementOccurrence]:
    """Where each statement was published first, as far as it stands anywhere."""
    first: dict[str, StatementOccurrence] = {}
    for place in archive.statements.places(set(statement_ids)):
        first.setdefault(place.statement_id, place)
    return first


def print_briefly(bundles: Sequence[Bundle], _: Archive, console: Console) -> None:
    """Print a short block for each expert, newest last."""
    for bundle in bundles:
        print_brief(bundle, console)


def print_with_history(bundles: Sequence[Bundle], archive: Archive, console: Console) -> None:
    """Print each Bundle, its copies, and what its experts said before on the same topics."""
    alerts = [alert for bundle in bundles for alert in bundle.alerts]
    taken_back = {alert.follows: alert for alert in alerts if alert.is_withdrawal}
    for bundle in bundles:
        print_bundle(bundle, console)
        for alert in bundle.alerts:
            if later := taken_back.get(alert.id):
                why = clean_line(phrasing.why(later))
                told = f"{alert.id[:8]}, {humanize.moment(later.alerted_at)}: {why}"
                put_field(console, "Withdrawn", told)
        _print_copies(bundle, archive, console)
        for alert in bundle.alerts:
            _print_earlier(alert, archive, console)


def _print_copies(bundle: Bundle, archive: Archive, console: Console) -> None:
    """Where else the statements stand, one line an article."""
    own = {alert.article.url for alert in bundle.alerts}
    ids = {statement.id for alert in bundle.alerts for statement in alert.statements}
    there: dict[str, set[str]] = {}
    places = [
        place for place in archive.statements.places(sorted(ids)) if place.article_url not in own
    ]
    for place in places:
        there.setdefault(place.article_url, set()).add(place.statement_id)
    first = {place.article_url: place for place in reversed(places)}
    for number, (url, said) in enumerate([*there.items()][:_MOST_COPIES]):
        where = f"{clean_line(first[url].publisher)}, {humanize.moment(first[url].published_at)}"
        share = f"{len(said)} of {humanize.counted(len(ids), 'statement')}"
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
    title = f"{clean_line(alert.speaker.name)} said before on the same topics"
    put(console, Text(title, style="bold"), "  ", "  ")
    original = _originals((said.id for said in earlier), archive)
    places = sorted(original.values(), key=lambda place: place.published_at, reverse=True)
    for number, place in enumerate(places):
        where = f"{humanize.moment(place.published_at)}, {clean_line(place.publisher)}"
        words = shorten(clean_line(place.text), _PREVIEW_CHARACTERS)
        put_field(console, "" if number else "Earlier", f"{where}: {words}")
        _print_address(place.article_url, console)
    put_whole(console, Text())


def _on_its_topics(alert: Alert, archive: Archive) -> list[Statement]:
    """What the expert last said before on a topic of the alert's, latest first."""
    topics = {topic for statement in alert.statements for topic in statement.topics}
    told = {statement.id for statement in alert.statements}
    found = archive.statements.said_before(alert.statements[0].id, alert.article.published_at)
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
