"""`parley persons`: who is known from earlier articles, and what users decided on names."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from connectors.archive import Archive
from connectors.formats.cloudevents import instant, write_json_line
from connectors.formats.sanitizing import clean_line, shorten
from pipelines.cli.options import (
    ARCHIVE_HELP,
    ArchiveUrl,
    AsJson,
    Limit,
    Since,
    SpeakerFilter,
    Until,
    WatchFilter,
)
from pipelines.services.archives import check_watch, known_watches, open_existing
from pipelines.settings.filters import Filter
from schemas.annotation import Category, Speaker
from schemas.person import Introduction, Person, Ruling
from schemas.watch import Watch
from transforms.core.people.names import name_key
from transforms.core.people.persons import persons_of
from transforms.core.relevance.decision import category_for
from transforms.core.text.phrases import fold

app = typer.Typer(
    help="Who is known, from where; two names that are one person's.",
    invoke_without_command=True,
    add_completion=False,
)

_Archive = Annotated[str | None, typer.Option("--archive", metavar="URL", help=ARCHIVE_HELP)]
_One = Annotated[str, typer.Argument(metavar="A", help="First and last name.")]
_Other = Annotated[str, typer.Argument(metavar="B", help="First and last name.")]


_PREVIEW_CHARS = 100


@app.callback()
def persons(
    context: typer.Context,
    watch: WatchFilter = None,
    speaker: SpeakerFilter = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    archive: ArchiveUrl = "sqlite:///parley.db",
    as_json: AsJson = False,
) -> None:
    r"""List the people whom articles introduced, and what was ruled on them.

    \b
    parley persons list --name Greene
    parley persons merge "Robert Smith" "Bob Smith"
    """
    context.obj = archive
    if context.invoked_subcommand is None:
        wanted = Filter.from_options(watch, speaker, since, until, limit)
        print_persons(archive, None, wanted, as_json=as_json)


@app.command("list")
def persons_list(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Option("--name", help="Only those of this last name.")
    ] = None,
    watch: WatchFilter = None,
    speaker: SpeakerFilter = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    archive: _Archive = None,
    as_json: AsJson = False,
) -> None:
    """List the people whom articles introduced, and what was ruled on them."""
    wanted = Filter.from_options(watch, speaker, since, until, limit)
    print_persons(archive or context.obj, name, wanted, as_json=as_json)


@app.command("merge")
def persons_merge(
    context: typer.Context, one: _One, other: _Other, archive: _Archive = None
) -> None:
    """Take two names for one person's from now on; no id changes."""
    from pipelines.services.persons import rule_names

    rule_names(archive or context.obj, "same", one, other)


@app.command("split")
def persons_split(
    context: typer.Context, one: _One, other: _Other, archive: _Archive = None
) -> None:
    """Take two names for two people's from now on; undoes a merge."""
    from pipelines.services.persons import rule_names

    rule_names(archive or context.obj, "apart", one, other)


def print_persons(url: str, name: str | None, wanted: Filter, *, as_json: bool) -> None:
    """Everybody who was introduced, or those of one last name: what was told, where and when."""
    console, is_empty = Console(), True
    with open_existing(url) as archive:
        check_watch(archive, wanted.watch)
        watches = known_watches(archive)
        urls = _articles_of(archive, wanted.watch)
        found = (
            person
            for person in people(archive, name)
            if any(
                (urls is None or told.article_url in urls)
                and wanted.takes(told.told_at, *person.names)
                for told in person.introductions
            )
        )
        for person in sorted(found, key=_by_last_name)[: wanted.limit]:
            is_empty = False
            if as_json:
                write_json_line(sys.stdout.buffer, _row(person, watches))
            else:
                _print_person(person, watches, console)
        if is_empty:
            none = "nobody was introduced yet" if wanted == Filter() else "nobody fits"
            Console(stderr=True).print(none)
        if not as_json:
            _print_log(archive.persons.decisions(), console)


def _articles_of(archive: Archive, watch: str | None) -> set[str] | None:
    """The addresses of the articles that were matched against the watch; None for all."""
    return {place.article_url for place in archive.statements.all(watch)} if watch else None


def people(archive: Archive, name: str | None) -> Iterator[Person]:
    """Everybody who was introduced, or has that last name, once each: who has several names
    stands in the records of all.
    """
    seen: set[str] = set()
    for key in [name_key(name)] if name else archive.persons.name_keys():
        for person in persons_of(archive.memory.name_record(key)):
            told = {introduction.id for introduction in person.introductions}
            if not told & seen and key in map(name_key, person.names):
                seen |= told
                yield person


def _by_last_name(person: Person) -> tuple[str, str]:
    """Where the person stands in a list, by the last name as it is written."""
    key, words = name_key(person.name), person.name.split()
    last = next((word for word in reversed(words) if name_key(word) == key), person.name)
    return fold(last), fold(person.name)


def _category_by_watch(told: Introduction, watches: Sequence[Watch]) -> dict[str, Category]:
    """What each watch takes somebody for who is introduced so, as `parley statements` has it."""
    speaker = Speaker(told.name, "", named=True, role=told.role, affiliation=told.affiliation)
    return {watch.id: category_for(speaker, watch).category for watch in watches}


def _category(told: Introduction, watches: Sequence[Watch]) -> str:
    """The category; several, each with its watches, where these differ."""
    found: dict[Category, list[str]] = {}
    for watch, category in _category_by_watch(told, watches).items():
        found.setdefault(category, []).append(watch)
    if len(found) < 2:
        return next(iter(found), told.category)
    return ", ".join(f"{category} in {' and '.join(ids)}" for category, ids in found.items())


def _row(person: Person, watches: Sequence[Watch]) -> dict[str, Any]:
    return {
        "name": person.name,
        "also": list(person.names[1:]),
        "ruled": person.ruled,
        "introductions": [
            {
                "name": told.name,
                "role": told.role or None,
                "affiliation": told.affiliation or None,
                "category": told.category,
                "category_by_watch": _category_by_watch(told, watches),
                "evidence": told.evidence,
                "article_url": told.article_url,
                "publisher": told.publisher or None,
                "told_at": instant(told.told_at),
            }
            for told in person.introductions
        ],
    }


def _print_person(person: Person, watches: Sequence[Watch], console: Console) -> None:
    ruled = f", ruled: {person.ruled}" if person.ruled else ""
    others = f", also {', '.join(person.names[1:])}" if len(person.names) > 1 else ""
    latest = _category(person.introductions[0], watches)
    head = clean_line(f"{person.name}: {latest}{ruled}{others}")
    console.print(Text(head, style="bold"), soft_wrap=True)
    for told in person.introductions:
        day = told.told_at.to_utc_datetime().date().isoformat()
        words = shorten(clean_line(told.role or told.affiliation), _PREVIEW_CHARS)
        where = clean_line(told.publisher or told.article_url)
        other = "" if (category := _category(told, watches)) == latest else f": {category}"
        console.print(Text(f"  {day}  {words}  ({where}){other}"), soft_wrap=True)


def _print_log(rulings: Sequence[Ruling], console: Console) -> None:
    for line in _log_lines(rulings):
        console.print(Text(clean_line(line), style="dim"), soft_wrap=True)


def _log_lines(rulings: Iterable[Ruling]) -> Iterator[str]:
    for ruling in rulings:
        day = ruling.ruled_at.to_utc_datetime().date().isoformat()
        said = {
            "same": f"{ruling.name} and {ruling.other} are one",
            "apart": f"{ruling.name} and {ruling.other} are two",
            "category": f"{ruling.name}: {ruling.category}",
        }[ruling.kind]
        yield f"{day}  ruled: {said}  ({ruling.note})"
