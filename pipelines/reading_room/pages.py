"""The pages: what each asks of the archive's stores, and the template that shows it.

A list is a page, an Atom feed and a JSON Feed, from one function that finds what is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from connectors.archive import Archive
from connectors.archive.browsing import Place, Places
from connectors.channels.atom import render_feed
from connectors.channels.json_feed import render_json_feed
from connectors.formats.feed_item import FeedItem
from connectors.formats.sanitizing import web_address
from pipelines.reading_room import feed_items
from pipelines.reading_room.answers import answer, page
from pipelines.reading_room.feed_health import course, findings_on
from pipelines.reading_room.marking import marked
from pipelines.reading_room.parameters import Parameters
from pipelines.reading_room.rendering import stylesheet
from schemas.alert import Alert, Bundle
from schemas.annotation import Category
from schemas.base import Instant
from schemas.person import Person
from transforms.core.alerts.excerpts import context_around, text_link
from transforms.core.alerts.releasing import why_held
from transforms.core.people.names import name_key, same_person
from transforms.core.people.persons import persons_of

#: Entries of one page, and of one feed.
_PAGE = 40
_FEED = 100
#: How far back Held looks unless it is asked for more, in days.
_HELD_DAYS = 30
_MOST_DAYS = 3650


@dataclass
class Listing:
    """What a list shows."""

    title: str
    template: str
    values: dict[str, Any]
    query: dict[str, str]  #: the parameters that the feed of the list has, too
    bundles: Sequence[Bundle] = ()
    items: Sequence[FeedItem] = ()
    more: dict[str, str] = field(default_factory=dict)  #: what the next page is asked with


Finder = Callable[["Room", Request, int], Listing]


class Room:
    """Answers requests from one archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def html(self, find: Finder, request: Request) -> Response:
        """A list as a page."""
        listing = find(self, request, _PAGE)
        query = urlencode(listing.query)
        more = urlencode({**listing.query, **listing.more}) if listing.more else ""
        return page(
            request,
            listing.template,
            title=listing.title,
            feed=f"{_name(request)}.{{}}{'?' if query else ''}{query}",
            more=more,
            **listing.values,
        )

    def atom(self, find: Finder, request: Request) -> Response:
        """A list as an Atom feed."""
        listing = find(self, request, _FEED)
        self_url, page_url = _places(request, listing)
        feed = render_feed(
            listing.bundles,
            items=listing.items,
            title=f"Parley: {listing.title}",
            feed_id=self_url,
            self_url=self_url,
            page_url=page_url,
        )
        return answer(request, feed, "application/atom+xml; charset=utf-8")

    def json(self, find: Finder, request: Request) -> Response:
        """A list as a JSON Feed."""
        listing = find(self, request, _FEED)
        self_url, page_url = _places(request, listing)
        feed = render_json_feed(
            listing.bundles,
            items=listing.items,
            title=f"Parley: {listing.title}",
            self_url=self_url,
            page_url=page_url,
        )
        return answer(request, feed, "application/feed+json")

    def statement(self, request: Request) -> Response:
        """One statement: who, where, why, and what came nearest."""
        Parameters(request.query_params, ())
        id_ = request.path_params["id"]
        root = self.archive.browsing.root(id_)
        places = self.archive.browsing.places(root) if root else []
        if not places:
            raise HTTPException(404, "No article in this archive holds that statement.")
        article_ids = [place.article_id for place in places]
        alerts = _with_statement(self.archive.alerts.on_articles(article_ids), {id_, root or id_})
        first = places[0]
        article = self.archive.dossiers.find_article(first.article_id)
        spans = first.occurrence.attribution.quotation.spans
        before, after = (
            context_around(article, spans[0].start, spans[-1].end) if article else ("", "")
        )
        return page(
            request,
            "statement.html",
            title=f"{first.speaker.name}: {first.occurrence.text}",
            first=first,
            places=places,
            before=before,
            after=after,
            alerts=alerts,
            link=_link_to(first),
            category=category_of(first),
        )

    def article(self, request: Request) -> Response:
        """An article's text with every statement marked, and what the watches make of each."""
        Parameters(request.query_params, ())
        article = self.archive.dossiers.find_article(request.path_params["id"])
        if article is None:
            raise HTTPException(404, "This archive holds no such article.")
        said = self.archive.browsing.in_article(article.id)
        spans = [place.occurrence.attribution.quotation.spans for place in said]
        return page(
            request,
            "article.html",
            title=article.title or article.url,
            article=article,
            paragraphs=marked(article, spans),
            said=said,
            categories=[category_of(place) for place in said],
            alerts=self.archive.alerts.on_article(article.id),
        )

    def style(self, request: Request) -> Response:
        """The style sheet."""
        return answer(request, stylesheet(), "text/css; charset=utf-8")

    def watches(self) -> list[str]:
        """The ids of the watches that the archive was read for, in order."""
        return sorted({*self.archive.alerts.watches(), *self.archive.runs.watch_files()})


def today(room: Room, request: Request, limit: int) -> Listing:
    """Bundles, the latest first."""
    asked = Parameters(request.query_params, ("watch", "before"))
    watches = room.watches()
    watch = asked.one_of("watch", watches)
    before = asked.number("before", None)
    bundles, more = room.archive.alerts.latest_bundles(watch, before=before, limit=limit)
    is_empty = not bundles and before is None
    values = {
        "bundles": bundles,
        "watches": watches,
        "watch": watch,
        "counts": room.archive.browsing.counts() if is_empty else None,
        "runs": len(room.archive.runs.all()) if is_empty else 0,
    }
    title = f"New for {watch}" if watch else "New"
    following = {"before": str(more)} if more else {}
    return Listing(title, "today.html", values, _only(watch=watch), bundles, more=following)


def expert(room: Room, request: Request, limit: int) -> Listing:
    """All that a person said, latest first."""
    asked = Parameters(request.query_params, ("name", "after"))
    name = asked.text("name")
    key = name_key(name) if name else ""
    if not key:
        raise HTTPException(404, "Nobody is named; open an expert from a statement or the search.")
    found, more = room.archive.browsing.said_under(key, after=asked.id("after"), limit=limit)
    said = [places for places in found if same_person(places[0].speaker.name, name)]
    people = persons_of(room.archive.memory.name_record(key))
    own = [p for p in people if any(same_person(each, name) for each in p.names)]
    if not own and not said and not more:
        raise HTTPException(404, f"Nobody called {name} speaks in this archive.")
    values = {
        "name": name,
        "people": own,
        "others": _other_names(people, own),
        "said": said,
        "categories": [*map(category_of, (places[0] for places in said))],
    }
    items = [feed_items.statement_item(places, _base(request)) for places in said]
    following = {"after": more} if more else {}
    return Listing(name, "expert.html", values, _only(name=name), items=items, more=following)


def search(room: Room, request: Request, limit: int) -> Listing:
    """Statements by words and speaker, latest first."""
    asked = Parameters(request.query_params, ("words", "speaker", "after"))
    words, speaker = asked.text("words"), asked.text("speaker")
    is_asked = bool(words or speaker)
    said, more = list[Places](), None
    if is_asked:
        after = asked.id("after")
        said, more = room.archive.browsing.search(words, speaker, after=after, limit=limit)
    values = {
        "words": words,
        "speaker": speaker,
        "is_asked": is_asked,
        "said": said,
        "categories": [*map(category_of, (places[0] for places in said))],
    }
    asked_for = " ".join(filter(None, [words, f"by {speaker}" if speaker else ""]))
    title = f"Search: {asked_for}" if is_asked else "Search"
    items = [feed_items.statement_item(places, _base(request)) for places in said]
    following = {"after": more} if more else {}
    query = _only(words=words, speaker=speaker)
    return Listing(title, "search.html", values, query, items=items, more=following)


def held(room: Room, request: Request, limit: int) -> Listing:
    """What was not sent because something was unsure, and nobody decided about, latest first."""
    asked = Parameters(request.query_params, ("watch", "days"))
    watches = room.watches()
    watch = asked.one_of("watch", watches)
    days = asked.number("days", _HELD_DAYS, most=_MOST_DAYS) or _HELD_DAYS
    found = room.archive.held.all(watch, Instant.now() - days * 86400)
    unsettled = [item for item in reversed(found) if not item.is_settled]
    shown = unsettled[:limit]
    values = {
        "held": [(item, why_held(item.match)) for item in shown],
        "total": len(unsettled),
        "watches": watches,
        "watch": watch,
        "days": days,
        "is_all": days == _MOST_DAYS,
    }
    items = [feed_items.held_item(item, why_held(item.match), _base(request)) for item in shown]
    query = _only(watch=watch, days=str(days) if days != _HELD_DAYS else None)
    title = f"Held for {watch}" if watch else "Held"
    return Listing(title, "held.html", values, query, items=items)


def sources(room: Room, request: Request, limit: int) -> Listing:
    """How each feed is doing, those with findings first; the feed of the list has only these."""
    Parameters(request.query_params, ())
    now = Instant.now()
    found = [(feed, findings_on(feed, now)) for feed in room.archive.feeds.health()]
    found.sort(key=lambda pair: not pair[1])
    items = [feed_items.source_item(feed, findings) for feed, findings in found if findings]
    values = {
        "feeds": [(feed, course(feed), findings) for feed, findings in found],
        "failing": len(items),
    }
    return Listing("Sources", "sources.html", values, {}, items=items[:limit])


def category_of(place: Place) -> Category:
    """What the speaker is, as the first watch that the statement met sees it."""
    matches = place.occurrence.matches
    return matches[0].category if matches else place.speaker.category


def _link_to(place: Place) -> str:
    """The article with the words selected."""
    words = place.occurrence.text.split(" … ")[0]
    return text_link(web_address(place.article_url), words) if place.article_url else ""


def _with_statement(alerts: Sequence[Alert], ids: set[str]) -> list[Alert]:
    return [alert for alert in alerts if ids & {statement.id for statement in alert.statements}]


def _other_names(people: Sequence[Person], own: Sequence[Person]) -> list[str]:
    """People of the same last name."""
    return [person.name for person in people if person not in own]


def _only(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _base(request: Request) -> str:
    """Where the room stands, as the client asked for it; the guard has checked the Host."""
    return f"http://{request.headers['host']}"


def _name(request: Request) -> str:
    """The list's page without the ending of a feed."""
    path = request.url.path.removesuffix(".atom").removesuffix(".json")
    return "/today" if path == "/" else path


def _places(request: Request, listing: Listing) -> tuple[str, str]:
    """Where the feed of a list stands, and its page."""
    query = f"?{urlencode(listing.query)}" if listing.query else ""
    name, base = _name(request), _base(request)
    shown = "/" if name == "/today" else name
    return f"{base}{request.url.path}{query}", f"{base}{shown}{query}"
