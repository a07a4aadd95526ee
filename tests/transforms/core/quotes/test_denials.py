"""What a speaker denies is found, and never sure enough to be sent."""

from __future__ import annotations

import pytest

from connectors.models.spacy_model import load_language_model
from support.said import article
from transforms.core.quotes.attribute import attribute


@pytest.fixture(scope="module")
def model():
    return load_language_model()


@pytest.mark.parametrize(
    "sentence",
    [
        "Ida Roe, a fellow at the Hudson Institute, denied that the talks had collapsed.",
        "Karl Bohm, an analyst at Chatham House, refused to say that the truce had failed.",
    ],
)
def test_a_denial_is_held(model, sentence):
    found = attribute(article(sentence), model).attributions
    assert found
    assert all(attribution.confidence < 0.8 for attribution in found)


def test_a_claim_is_not(model):
    sentence = (
        "Ida Roe, a senior fellow at the Hudson Institute, said that the talks had collapsed."
    )
    (one,) = attribute(article(sentence), model).attributions
    assert one.confidence >= 0.8
