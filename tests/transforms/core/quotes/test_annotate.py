"""One article, annotated."""

from __future__ import annotations

from connectors.models.spacy_model import load_language_model
from schemas.annotation import Tag
from schemas.article import Article, Paragraph
from schemas.base import Instant, Span
from transforms.core.quotes.annotate import annotate


class OneTag:
    """Finds the word "talks", and nothing else."""

    def find(self, text: str) -> tuple[Tag, ...]:
        at = text.index("talks")
        return (Tag("watch", "talks", "topic", [Span(at, at + 5)]),)


def test_an_annotation_holds_the_article_its_tags_and_attributions() -> None:
    text = "“The talks are over,” said Lena Qvist, a hydrologist."
    then = Instant(0)
    article = Article(
        "a", "https://news.example/a", "", text, [Paragraph(0, len(text))], "", then, then, then
    )
    annotation = annotate(article, load_language_model(), OneTag())  # type: ignore[arg-type]
    assert annotation.article == article
    assert [tag.id for tag in annotation.tags] == ["talks"]
    (attribution,) = annotation.attributions
    assert attribution.speaker.name == "Lena Qvist"
    assert attribution.speaker.role == "a hydrologist"
    assert attribution.rule == "quote-cue/name"
    span = attribution.quotation.spans[0]
    assert text[span.start : span.end] == "The talks are over"
