"""What the rules find before speakers are resolved."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.annotation import QuotationForm
from transforms.core.quotes.mentions import Mention


@dataclass
class Finding:
    """Words that are attributed, and how the text names the speaker, if it does."""

    spans: list[tuple[int, int]]  #: in the article, in text order
    rule: str
    paragraph: int
    mention: Mention | None = None  #: None: the speaker is carried over
    cue: tuple[int, int] | None = None
    told_to: str = ""
    form: QuotationForm = "inline"
    said_earlier: str = ""  #: the words that tell that it was said long before: "in 1961"
    is_continued: bool = False  #: its last quotation goes on in the next paragraph

    @property
    def start(self) -> int:
        """Where its words begin."""
        return self.spans[0][0]
