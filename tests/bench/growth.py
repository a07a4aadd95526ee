"""How the cost of the core's functions grows with hostile input: CPU time at n and at 4 n.

    python tests/bench/growth.py [--size N]

Prints each function and repeated construct whose cost grows to more than 6 times when the input
grows to 4 times, which is faster than in proportion, and ends with 1 if there is any. Times below a
hundredth of a second are noise and pass.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from connectors.models.spacy_model import load_language_model
from schemas.base import Instant
from schemas.errors import ParleyError
from schemas.feed import Feed, FeedEntry
from schemas.page import Page
from transforms.core.articles.extraction import extract_article, text_article
from transforms.core.feeds.parsing import parse_feed
from transforms.core.novelty.comparison import compare
from transforms.core.novelty.wording import wording_of
from transforms.core.quotes import annotate_text
from transforms.core.quotes.marks import find_direct
from transforms.core.quotes.rules.blocks import find_blocks
from transforms.core.quotes.rules.letters import find_letters
from transforms.core.quotes.rules.turns import find_turns
from transforms.core.text.dates import stated_instant
from transforms.core.text.html_tree import MAX_PIECES

MOST_GROWTH = 6.0
NOISE_SECONDS = 0.01

TEXTS = {
    "opened quotations": "“a\n",
    "quotations": "“The truce will fail by June,” said Ana Ruiz, a professor of law.\n",
    "labels": "Ana Ruiz: The truce will fail by June.\n",
    "questions": "Q: Why? A: Nobody knows.\n",
    "letters": "Dear Ann,\nThe truce will fail.\nAna Ruiz, professor of law\n",
    "posts": "The truce will fail.\n— Ana Ruiz (@aruiz) May 3, 2026\n",
    "broken lines": "“The truce will fail,”\n",
    "lines with names": "Ana Ruiz, professor of law\n",
    "marks": "“ ” ",
    "single marks": "‘a b c, ",
    "negations": "never not ",
    "number words": "one hundred and ",
    "names": "Ana Ruiz ",
    "one word": "a",
    "commas": ", and ",
    "spaces": " ",
    "brackets": "(",
}
INLINE = (
    *("q", "b", "i", "em", "a", "span", "sup", "u", "font", "cite"),
    *("small", "s", "del", "ins", "mark", "code", "time", "label", "button", "x-y"),
)
MARKUP = {
    "paragraphs": "<p>a",
    "paragraphs with quotations": "<p>They said <q>a truce</q> and <q>peace</q> came.</p>",
    "block quotations": "<blockquote>a<footer>b</footer></blockquote>",
    "footers": "<footer>a</footer>",
    "cells": "<td>a",
    "options": "<option>a",
    "forms": "<form>a</form>",
    "boxes": "<div>a<div>b<div>c</div></div></div>",
    "line breaks": "a<br>b ",
    "pictures": "a<img src=a> ",
    "meta elements": "a<meta>",
    "styles": "a<style>b</style>",
    "scripts": "a<script>b</script>",
    "comments": "<!---->",
    "comments between words": "a <!--b--> c ",
    "instructions between words": "a <?b c?> d ",
    "references": "&#3;",
    "entities": "a &amp; b&eacute; ",
    "many kinds": "<b>a</b><i>b</i><q>c</q><a href=d>e</a><br><font>f</font> ",
    "nested kinds": "<b>a<i>b<span>c</span></i></b> word ",
    "nested quotations": f"<p>{'<q>a ' * 20}{'</q>' * 20}</p>",
    "posts": "<blockquote class=twitter-tweet><p>a <a href=b>t.co/b</a></p>— A (@a)</blockquote>",
    "links of a post": "<a href=b>t.co/b</a> word ",
    "quotation boxes": "<div class=quote>a<span class=author>b</span></div>",
    **{f"{tag} side by side": f"<{tag}>a</{tag}>" for tag in INLINE},
    **{f"{tag} between words": f"word <{tag}>word word</{tag}> word " for tag in INLINE},
    **{f"{tag} without words": f"a<{tag}></{tag}>" for tag in INLINE},
    **{f"paragraphs with {tag}": f"<p>a <{tag}>b</{tag}> c</p>" for tag in INLINE},
}
FEEDS = {
    "authors": "a@",
    "comments": "<!---->",
    "spaces": "\n",
    "elements": "<a>",
    "entries": "<item><link>https://a.example/{}</link></item>",
}


def functions(size: int) -> Iterator[tuple[str, Callable[[int], object]]]:
    """Each function with each construct, as a call that takes how often it is repeated."""
    model = load_language_model()
    for name, unit in TEXTS.items():
        times = max(1, size // len(unit))
        for label, function in {
            "wording_of": wording_of,
            "compare": lambda text: compare(text, text[: len(text) // 2]),
            "stated_instant": stated_instant,
            "find_direct": lambda text: list(find_direct(text, text_article(text).paragraphs)),
            "find_blocks": _blocks,
            "find_letters": lambda text: find_letters(text, text_article(text).paragraphs, set()),
            "find_turns": lambda text: find_turns(text, text_article(text).paragraphs, set()),
            "annotate_text": lambda text: annotate_text(text, model),
        }.items():
            yield f"{label}: {name}", lambda n, f=function, u=unit, t=times: f(u * (t * n))
    for name, unit in MARKUP.items():
        # As much as a page may hold: four times this is little less than what is refused.
        most = MAX_PIECES // 5 // max(1, unit.count("<") - unit.count("</"))
        times = max(1, min(10 * size // len(unit), most))
        yield f"extract_article: {name}", lambda n, u=unit, t=times: _extract(u * (t * n))
    for name, unit in FEEDS.items():
        times = max(1, size // len(unit))
        yield f"parse_feed: {name}", lambda n, u=unit, t=times: _parse(u * (t * n))


def growth(function: Callable[[int], object]) -> float:
    """How many times the CPU time of n what 4 n takes, the better of two runs each."""
    once, four = (min(_cost(function, n) for _ in range(2)) for n in (1, 4))
    return four / max(once, NOISE_SECONDS)


def _cost(function: Callable[[int], object], times: int) -> float:
    began = time.process_time()
    with contextlib.suppress(ParleyError):  # refused, which costs little
        function(times)
    return time.process_time() - began


def _blocks(text: str) -> object:
    paragraphs = text_article(text).paragraphs
    return find_blocks(text, paragraphs, list(find_direct(text, paragraphs)))


def _extract(body: str) -> object:
    url = "https://harbour.example/a"
    entry = FeedEntry("id", "", url, url, "", "", Instant(0))
    page = f"<html><body><article>{'<p>word word</p>' * 40}{body}</article></body></html>"
    return extract_article(Page(entry, url, "text/html", page.encode(), Instant(0)))


def _parse(body: str) -> object:
    xml = f"<rss><channel><item><author>{body}</author></item>{body}</channel></rss>"
    feed = Feed("https://harbour.example/feed")
    return parse_feed(feed, xml.encode(), "application/xml", Instant(0))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--size", type=int, default=10_000, help="characters at n (default 10000)")
    size = options.parse_args().size
    steep = 0
    for name, function in functions(size):
        times = growth(function)
        if times > MOST_GROWTH:
            steep += 1
            print(f"{name}: {times:.1f} times the cost for 4 times the input", flush=True)
    print("nothing grows faster than its input" if not steep else f"{steep} grow too fast")
    sys.exit(steep > 0)


if __name__ == "__main__":
    main()
