from __future__ import annotations

import pytest
from lxml.html import fromstring

from schemas.errors import ExtractionError
from transforms.core.articles.extraction import extract_article
from transforms.core.articles.stand_ins import is_script_shell, may_stand_in, stand_in

from .test_extraction import html, page

TEASERS = "".join(
    f"<p>The harbour council will hear the pilots of pier {number} on Tuesday, and then the "
    "masters of the three ferries that were laid up in the winter.</p>"
    for number in range(20)
)


def reason_of(body: str) -> str:
    try:
        extract_article(page(body))
    except ExtractionError as error:
        return error.reason
    return "article"


@pytest.mark.parametrize(
    "title",
    [
        "Page not found | Harbour Post",
        "404",
        "Error 404 - Harbour Post",
        "Harbour Post: Oops! This page could not be found",
        "Sorry, we can’t find that page",
        "This article is no longer available",
        "The page you requested does not exist",
        "Content unavailable – The Quay",
    ],
)
def test_a_title_that_says_nothing_is_there_counts_whatever_stands_below(title: str) -> None:
    body = f"<html><head><title>{title}</title></head><body><main>{TEASERS}</main></body></html>"
    assert reason_of(body) == "not_found"
    assert may_stand_in(body.encode())


def test_a_heading_says_it_as_well_as_a_title() -> None:
    assert reason_of(html(f"<h1>We couldn't find that page</h1>{TEASERS}")) == "not_found"


@pytest.mark.parametrize(
    "text",
    [
        "The page you are looking for may be at another address now. Use the search, or begin at "
        "the front page, where the news of the day and our weekend magazine are listed by time, "
        "with the weather and the tides of all the harbours on the coast.",
        "We searched high and low, and this story is no longer available. The newest reports are "
        "listed below by section, and our archive goes back to the founding of the paper in the "
        "year of the great flood, with a register of names.",
    ],
)
def test_a_short_page_is_believed_by_its_words(text: str) -> None:
    assert reason_of(f"<html><title>The Quay</title><body><p>{text}</p></body></html>") == (
        "not_found"
    )


@pytest.mark.parametrize(
    "title",
    [
        "404 days of talks, and no paper",
        "Treaty not found wanting, say the pilots",
        "The page that could not be found in the minutes of the council",
        "Oops: how a misprint moved a border",
        "Content of the draft is available to members",
    ],
)
def test_an_article_may_speak_of_what_is_missing(title: str) -> None:
    assert reason_of(f"<html><title>{title}</title><body>{TEASERS}</body></html>") == "article"


def test_a_brief_on_an_article_that_was_removed_is_an_article() -> None:
    text = (
        "Article 5 was removed from the draft on Monday. The document has been deleted from the "
        "register of the two councils, and the masters say that the story of the border that is "
        "not there will be told again when the tide is out and the pilots have had their supper."
    )
    assert reason_of(f"<html><title>Draft shrinks</title><p>{text}</p></html>") == "article"


@pytest.mark.parametrize(
    "body",
    [
        "<div id=root></div><script src=/app.js></script>",
        "<noscript>You need to enable JavaScript to run this app.</noscript><script>x()</script>",
        "<main><p>JavaScript is disabled in your browser.</p></main><script src=a.js></script>",
        "<div id=__next><div class=spinner>Loading…</div></div><script>self.push([1])</script>",
        "<header>The Quay</header><div id=app></div><script type=module src=m.js></script>",
        "<p>This site requires JavaScript. Please turn it on in the settings of your browser and "
        "load the page once more; the crew at the help desk will gladly show readers of the paper "
        "edition how that is done on any telephone that was sold in the last ten years.</p>",
    ],
)
def test_an_empty_shell_wants_its_scripts_run(body: str) -> None:
    markup = f"<!doctype html><html><head><title>The Quay</title></head><body>{body}</body></html>"
    assert reason_of(markup) == "needs_script"
    assert may_stand_in(markup.encode())


def test_a_notice_for_scripts_beside_an_article_is_no_shell() -> None:
    notice = "<noscript>Please enable JavaScript to view the comments.</noscript><script></script>"
    assert reason_of(html(TEASERS + notice)) == "article"
    assert not may_stand_in(html(TEASERS + notice).encode())


CONSENT = (
    "<h1>Before the news</h1><p>We respect your privacy. The Quay and its partners use cookies to "
    "measure how the paper is read, and to show advertising that pays for it. The names of all "
    "partners stand in the privacy settings, with the purposes of each.</p><p>Accept all, or "
    "manage options. Consent can be withdrawn there on any day of the year.</p>"
)


def test_a_page_that_asks_for_consent_at_the_articles_own_address_is_a_wall() -> None:
    markup = f"<html><head><title>The Quay</title></head><body>{CONSENT}</body></html>"
    assert reason_of(markup) == "gated"
    assert may_stand_in(markup.encode())


def test_a_banner_for_consent_on_an_articles_page_is_no_wall() -> None:
    assert reason_of(html(TEASERS + f"<div class=cookie-banner>{CONSENT}</div>")) == "article"


def test_without_scripts_there_is_no_shell() -> None:
    assert not is_script_shell(fromstring("<div><p>Nothing here</p></div>"))
    assert stand_in(["Herring is dear"], ["The guild raised the price again."]) is None
