import html
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.watch import Actor, Topic, Watch
from support.said import WATCH
from transforms.core.articles.selection import may_matter, page_may_matter
from transforms.core.text.tags import Lexicon

ACCENTED = Watch(
    "accents",
    "Accents",
    [],
    [
        Actor("orban", "Viktor Orbán", "party", "hu"),
        Actor("us", "US", "party", "us"),
        Actor("sikorski", "Radosław Sikorski", "party", "pl"),
    ],
    [Topic("t", "Talks", ["peace talk", "pourparlers d'été"], is_negotiation=True)],
)
LEXICON = Lexicon([WATCH, ACCENTED])
WORDS = [
    "Arden", "Brevia's", "Brevian", "Pope Leo", "peace talks", "Truce", "negotiations",
    "Viktor Orbán", "the US", "Radosław Sikorski", "pourparlers d’été", "rain", "Köln", "us", "—",
]  # fmt: skip


def test_talks_and_two_sides_matter() -> None:
    assert may_matter("Arden and Brevia", "A truce is near.", LEXICON)
    assert not may_matter("Arden and Brevia", "A match is near.", LEXICON)
    assert not may_matter("Arden and Arden", "A truce is near.", LEXICON)
    assert not may_matter("Pope Leo and Arden", "A truce is near.", LEXICON)


def test_watch_without_sides_needs_talks_only() -> None:
    watch = Watch("w", "W", [], [Actor("p", "Pope", "official")], WATCH.topics)
    assert may_matter("Negotiations: a report", "It rains.", Lexicon([watch]))
    assert not may_matter("A report", "The Pope said it rains.", Lexicon([watch]))


def markup(text: str, chance: random.Random) -> str:
    """The text as pages write it: entities, and inline markup between and inside words."""
    out = []
    for char in text:
        if chance.random() < 0.15:
            out.append(chance.choice(["<b>", "</b>", '<span class="x">', "</span>", "&shy;"]))
        way = chance.random()
        if way < 0.1 and char != " ":
            out.append(chance.choice([f"&#{ord(char)};", f"&#x{ord(char):x};"]))
        elif way < 0.3:
            out.append(html.escape(char).encode("ascii", "xmlcharrefreplace").decode())
        else:
            out.append(html.escape(char))
    return "".join(out)


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.integers(), st.booleans())
def test_page_passes_whenever_its_text_matters(words: list[str], seed: int, marked: bool) -> None:
    text = " ".join(words)
    shown = markup(text, random.Random(seed)) if marked else html.escape(text)
    page = f"<html><nav>Menu</nav><p class='a'>{shown}</p></html>".encode()
    assert page_may_matter(page, LEXICON) >= may_matter("", text, LEXICON)


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-32", "cp1250", "utf-7"])
def test_charsets_lose_nothing(charset: str) -> None:
    text = "Viktor Orbán und die US in Köln: peace talks"
    page = f'<meta charset="{charset}"><p>{text}</p>'.encode(charset)
    assert may_matter("", text, LEXICON)
    assert page_may_matter(page, LEXICON)


def test_text_inside_scripts_that_hold_the_article_is_read() -> None:
    body = r'{"articleBody": "Said:\nBrevia\u2019s envoy met Arden on the tr\u00fcce"}'
    assert page_may_matter(b"<script>" + body.encode() + b"</script>", LEXICON)


@pytest.mark.parametrize("element", ["nav", "aside", "footer", "script", "style"])
def test_menus_and_lists_of_other_articles_do_not_pass_a_page(element: str) -> None:
    other = f"<{element}>Arden and Brevia: truce</{element}>"
    assert not page_may_matter(f"{other}<p>Rice prices rose.</p>{other}".encode(), LEXICON)
    assert page_may_matter(f"{other}<p>Arden and Brevia: truce</p>".encode(), LEXICON)


def test_unclosed_element_hides_nothing() -> None:
    assert page_may_matter(b"<aside><p>Arden and Brevia: truce</p>", LEXICON)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_page(body: bytes) -> None:
    assert page_may_matter(body, LEXICON) in (True, False)
    assert page_may_matter(body + b"<p>Arden, Brevia, truce</p>", LEXICON) or b"<" in body


def test_kept_script_does_not_hide_what_follows() -> None:
    page = b"<script>articleBody</script><nav>Arden</nav><p>Brevia: truce with Arden</p>"
    assert page_may_matter(page, LEXICON)
    assert not page_may_matter(
        b"<script>articleBody</script><nav>Arden, Brevia: truce</nav>", LEXICON
    )
