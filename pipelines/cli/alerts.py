"""`parley alerts`: what was alerted, and what was held because something was unsure."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.archive.statements import HeldOccurrence, StatementOccurrence
from connectors.formats import humanize, phrasing
from connectors.formats.cloudevents import event_of, instant, rounded, write_json_line
from connectors.formats.console import put, put_field, put_whole
from connectors.formats.sanitizing import clean_line, shorten, web_address
from connectors.formats.text import print_brief, print_bundle
from pipelines.cli.options import ArchiveUrl, AsJson, Since, WatchFilter
from pipelines.services.archives import check_watch, known_watches, open_existing
from pipelines.settings.times import since, when
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
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="All that is known: context, what came nearest, copies, earlier words."
        ),
    ] = False,
    held: Annotated[
        bool, typer.Option("--held", help="Those not sent because something was unsure, and what.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the alerts in an archive, newest last.

    \b
    parley alerts --since 7d
    parley alerts d8e56f26 --full
    parley alerts --held --watch ukraine-peace-talks
    """
    if held:
        print_held(archive, watch, since, as_json=as_json)
    else:
        print_alerts(archive, watch, since, alert, full=full, as_json=as_json)


def print_alerts(
    url: str,
    watch: str | None,
    after: str | None,
    id_prefix: str = "",
    *,
    full: bool = False,
    as_json: bool = False,
) -> None:
    """Alerts, oldest first, as Bundles for people or as events for programs."""
    with open_existing(url) as archive:
        check_watch(archive, watch)
        found = archive.alerts.all(watch, since(after))
        alerts = [alert for alert in found if alert.id.startswith(id_prefix)]
        if id_prefix and not alerts:
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


def print_held(url: str, watch: str | None, after: str | None, *, as_json: bool) -> None:
    """What would have alerted, had it been surer, with what was missing.

    Each statement once, from where it first stood; nothing that was known already, or too old
    when it was seen.
    """
    with open_existing(url) as archive:
        check_watch(archive, watch)
        oldest = {known.id: known.max_age_seconds for known in known_watches(archive)}
        unsure = archive.statements.unsure(watch, since(after))
        held = _worth_showing(unsure, oldest)
        too_old = len(_worth_showing(unsure, {})) - len(held)
    if as_json:
        for item in held:
            write_json_line(sys.stdout.buffer, _record(item))
        return
    console = Console(highlight=False)
    for item in held:
        _print_one(item, console)
    if not held:
        Console(stderr=True).print("nothing held")
    if too_old:
        left_out = f"{too_old} more left out: older than their watch's max_age when first seen"
        Console(stderr=True).print(left_out, highlight=False, soft_wrap=True)


def _print_one(item: HeldOccurrence, console: Console) -> None:
    said = f"{clean_line(item.speaker.name)}: {clean_line(item.occurrence.text)}"
    missing = clean_line("; ".join(_missing(item))).removeprefix("held: ")
    where = f"{clean_line(item.publisher)}, {when(item.published_at)}"
    console.print(Text(said, style="bold"), soft_wrap=True)
    console.print(Text(f"  held   {missing}"), soft_wrap=True)
    console.print(Text(f"  where  {where}  {clean_line(item.article_url)}\n"), soft_wrap=True)


def _record(item: HeldOccurrence) -> dict[str, Any]:
    return {
        "watch": item.watch,
        "speaker": item.speaker.name,
        "role": item.speaker.role or None,
        "category": item.match.category,
        "evidence": item.match.evidence,
        "text": item.occurrence.text,
        "confidence": rounded(item.occurrence.attribution.confidence),
        "missing": _missing(item),
        "article_url": item.article_url,
        "article_title": item.article_title,
        "publisher": item.publisher,
        "published_at": instant(item.published_at),
    }


def _missing(item: HeldOccurrence) -> list[str]:
    """Why it was held."""
    return [reason.text for reason in item.match.reasons if reason.code.startswith("held")]


def _worth_showing(
    held: Iterable[HeldOccurrence], oldest: Mapping[str, int | None]
) -> list[HeldOccurrence]:
    first: dict[tuple[str, str], HeldOccurrence] = {}
    for item in sorted(held, key=lambda h: h.published_at):
        verdict = item.occurrence.verdict
        limit = oldest.get(item.watch)
        is_old = limit is not None and item.seen_at - item.published_at > limit
        if verdict is not None and verdict.novelty == "new" and not is_old:
            first.setdefault((item.watch, verdict.statement_id), item)
    return list(first.values())
