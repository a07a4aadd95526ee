"""Templates and the filters by which outside text reaches them."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from connectors.formats import phrasing
from connectors.formats.headlines import headline
from connectors.formats.humanize import counted, duration, moment, percent
from connectors.formats.sanitizing import clean_line, shorten, web_address
from schemas.base import Instant
from transforms.core.text.phrases import fold

_HERE = Path(__file__).parent
#: Older than this, a date tells more than how long ago it was.
_RECENT_SECONDS = 7 * 86400


def render(template: str, **values: Any) -> str:
    """The template as text; every value is escaped where it is put in."""
    return _environment().get_template(template).render(now=Instant.now(), **values)


@functools.cache
def stylesheet() -> bytes:
    """The style sheet of all pages."""
    return (_HERE / "style.css").read_bytes()


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(phrasing=phrasing, headline=headline, time=time_element)
    environment.filters.update(
        line=clean_line,
        web=web_address,
        short=lambda text, limit: shorten(clean_line(text), limit),
        percent=percent,
        counted=counted,
        moment=moment,
        day=lambda at: moment(at).rpartition(",")[0],
        query=lambda values: urlencode({k: v for k, v in values.items() if v}),
        plain=lambda category: category.replace("_", " "),
        fold=fold,
        lang=_language,
    )
    return environment


def time_element(at: Instant, now: Instant) -> Markup:
    """A time for people, with the exact one beside it for programs and on hover.

    >>> str(time_element(Instant(1_763_803_800), Instant(1_763_807_400)))
    '<time datetime="2025-11-22T09:30:00Z" title="22 Nov 2025, 09:30 UTC">60 min ago</time>'
    """
    age = now - at
    shown = f"{duration(age)} ago" if 0 <= age < _RECENT_SECONDS else moment(at)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.to_rfc3339(), moment(at), shown
    )


def _language(code: str) -> Markup:
    """The lang attribute of words in that language; without one, of words in none that is known.

    >>> str(_language("en")), str(_language('"><script>'))
    (' lang="en"', ' lang=""')
    """
    is_code = code.isascii() and code.isalpha() and len(code) <= 3
    return Markup(' lang="{}"').format(escape(code) if is_code else "")
