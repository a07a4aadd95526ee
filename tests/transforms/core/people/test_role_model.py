"""The fitted model of roles: what it sees, what it says, and where it is asked."""

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.annotation import Speaker
from transforms.core.people.article_speakers import in_company
from transforms.core.people.categories import UNKNOWN
from transforms.core.people.role_model import (
    MIN_EXPERT_PROBABILITY,
    explained,
    load_role_model,
    role_features,
)

ECONOMIST = Speaker("Ida Berg", "Berg", True, role="an economist in Solm")


def speaker(role: str) -> Speaker:
    return Speaker("Ana Ruiz", "Ruiz", True, role=role)


@pytest.mark.parametrize(
    "role",
    [
        "who keeps a tally of truces at the Elbe Institute",
        "a senior tracker of sanctions with the Lake Consulting Group",
        "who served on a panel of inspectors at Tarn University",
    ],
)
def test_a_role_that_no_list_knows_is_judged_by_its_words_and_house(role: str) -> None:
    features = role_features(role, "", 2)
    assert load_role_model().probability(features) >= MIN_EXPERT_PROBABILITY


@pytest.mark.parametrize(
    "role",
    [
        "boss of the port",
        "a former nurse in Solm",
        "former midfielder",
        "one of the victims",
        "his partner in the land deal",
        "chief of the lake",
        "a 29-year-old Ardenese who was among thousands at the hotel's gate",
        "an international relations graduate, aged 31",
    ],
)
def test_others_stay_what_the_article_says(role: str) -> None:
    assert in_company([speaker(role)]) == [UNKNOWN]


def test_what_the_model_decides_is_held_and_explained() -> None:
    someone = speaker("a former peace monitor who now writes on the talks")
    _, found = in_company([ECONOMIST, someone])
    assert found.category == "expert"
    assert MIN_EXPERT_PROBABILITY <= found.sureness < 0.8
    assert found.evidence.startswith("a former peace monitor")
    assert "likely by " in found.evidence


def test_a_single_last_name_is_not_judged() -> None:
    someone = Speaker("Vik", "Vik", True, role="a former peace monitor who now writes on the talks")
    assert in_company([ECONOMIST, someone])[1] == UNKNOWN


def test_the_weights_say_where_they_come_from_and_hold_no_names() -> None:
    data = resources.files("transforms.core.languages.en") / "data" / "role_model.json"
    stored = json.loads(data.read_text("utf8"))
    assert {"date", "data_sha256", "roles", "experts", "outlets", "made_by"} <= stored.keys()
    assert list(stored["weights"]) == sorted(stored["weights"])
    assert all(explained([feature]) for feature in stored["weights"])


@given(st.text(max_size=400), st.text(max_size=40), st.integers(0, 9))
def test_any_role_has_a_probability(role: str, affiliation: str, company: int) -> None:
    assert 0 < load_role_model().probability(role_features(role, affiliation, company)) < 1
