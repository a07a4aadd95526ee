"""Loading a language model."""

from __future__ import annotations

import pytest
import spacy
from thinc.api import NumpyOps

from connectors.models import spacy_model
from connectors.models.spacy_model import (
    PREFERRED_MODELS,
    UNUSED_PIPES,
    SpacyModel,
    find_language_model,
    load_language_model,
)
from schemas.errors import ConfigurationError


def test_the_model_says_its_name_and_version() -> None:
    model = load_language_model()
    name, version = model.name.split(" ")
    assert name in PREFERRED_MODELS
    assert version[0].isdigit()


def test_texts_are_parsed_in_order() -> None:
    first, second = load_language_model().parse(["She spoke.", "They left the room."])
    assert [token.text for token in first] == ["She", "spoke", "."]
    assert first[0].dep_ == "nsubj"
    assert second.text == "They left the room."


def test_what_nobody_reads_is_not_computed() -> None:
    (doc,) = load_language_model().parse(["She spoke."])
    assert not doc.has_annotation("LEMMA")
    assert UNUSED_PIPES


def test_a_model_is_loaded_once() -> None:
    assert load_language_model() is load_language_model()
    name = load_language_model().name.split(" ")[0]
    assert load_language_model(name) is load_language_model()


def test_a_missing_model_is_a_mistake_with_a_remedy() -> None:
    with pytest.raises(ConfigurationError, match=r"'xx_none' is not installed; install that"):
        load_language_model("xx_none")


def test_a_pipeline_without_a_name_is_told_as_such() -> None:
    assert SpacyModel(spacy.blank("en")).name.startswith("en_pipeline")


def test_either_matrix_product_gives_the_same_annotations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = ["“Nobody will sign,” said Ana Ruiz, a fellow at the Lake Institute.", "He left."]

    def parsed(uses_blis: bool) -> list[tuple[str, str, int, str]]:
        monkeypatch.setattr(spacy_model, "fastest_ops", lambda: NumpyOps(use_blis=uses_blis))
        nlp = spacy_model._load(find_language_model())
        docs = SpacyModel(nlp).parse(texts)
        return [(t.tag_, t.dep_, t.head.i, t.ent_type_) for doc in docs for t in doc]

    assert parsed(uses_blis=True) == parsed(uses_blis=False)


def test_the_matrix_product_has_a_name() -> None:
    assert spacy_model.matrix_product() in ("BLIS", "numpy")
