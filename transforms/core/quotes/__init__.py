"""Who says what in one article.

``annotate_text`` is the whole of it for one text: no Beam, no archive, no network.
"""

from transforms.core.quotes.annotate import annotate, annotate_text

__all__ = ["annotate", "annotate_text"]
