"""One article annotated: its tags, and who said what."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.annotation import Annotation
from schemas.article import Article
from schemas.watch import Watch
from transforms.core.articles.extraction import text_article
from transforms.core.ports import LanguageModel
from transforms.core.quotes.attribute import attribute
from transforms.core.quotes.authored import find_authored
from transforms.core.text.tags import Lexicon


def annotate(article: Article, model: LanguageModel, lexicon: Lexicon) -> Annotation:
    """The article with its tags and attributions, each in text order."""
    found = attribute(article, model)
    authored = find_authored(article)
    said = [*([authored] if authored else []), *found.attributions]
    said.sort(key=lambda attribution: attribution.quotation.spans[0].start)
    return Annotation(article, lexicon.find(article.text), said, found.unparsed)


def annotate_text(text: str, model: LanguageModel, watches: Sequence[Watch] = ()) -> Annotation:
    """Who says what in a text, with the tags of the watches, if any are given.

    Lines are paragraphs. All offsets are code points of ``text``; the attributions stand in text
    order. Needs neither Beam nor an archive nor a network.
    """
    return annotate(text_article(text), model, Lexicon(watches))
