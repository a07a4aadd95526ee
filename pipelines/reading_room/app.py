"""The reading room as an ASGI application over one archive."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import AsyncIterator, Callable

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.archive import Archive, ArchiveError
from pipelines.reading_room import pages
from pipelines.reading_room.answers import page
from pipelines.reading_room.guard import Guard
from pipelines.reading_room.parameters import BadParameterError

#: Pages that are made at one time; each holds a connection to the archive.
_THREADS = 8
#: The lists, by their path; the feed of each has ``.atom`` or ``.json`` behind it.
LISTS: dict[str, pages.Finder] = {
    "/today": pages.today,
    "/held": pages.held,
    "/expert": pages.expert,
    "/search": pages.search,
    "/sources": pages.sources,
}


def build_app(archive: Archive) -> Starlette:
    """The application; it reads the archive and never writes."""
    room = pages.Room(archive)
    routes = [
        Route("/statement/{id}", room.statement),
        Route("/article/{id}", room.article),
        Route("/style.css", room.style),
    ]
    for path, find in LISTS.items():
        shown = "/" if path == "/today" else path
        routes.append(_route(shown, room.html, find))
        routes.append(_route(f"{path}.atom", room.atom, find))
        routes.append(_route(f"{path}.json", room.json, find))
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard), Middleware(GZipMiddleware, minimum_size=1000)],
        exception_handlers={
            HTTPException: _http_error,
            BadParameterError: _bad_parameter,
            ArchiveError: _archive_failed,
        },
        lifespan=_lifespan,
    )


@contextlib.asynccontextmanager
async def _lifespan(_: Starlette) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
    yield


def _route(
    path: str, form: Callable[[pages.Finder, Request], Response], find: pages.Finder
) -> Route:
    return Route(path, functools.partial(form, find), methods=["GET"])


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else ""
    text = "There is no page at this address." if detail == "Not Found" else detail
    return _problem(request, status, text)


def _bad_parameter(request: Request, error: Exception) -> Response:
    return _problem(request, 400, str(error))


def _archive_failed(request: Request, error: Exception) -> Response:
    return _problem(request, 503, str(error))


_TITLES = {400: "This address cannot be read", 404: "Not found", 503: "The archive does not answer"}


def _problem(request: Request, status: int, text: str) -> Response:
    title = _TITLES.get(status, "This cannot be shown")
    return page(request, "problem.html", status, title=title, text=text)
