from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.core.text.language_id import language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The delegations met in the harbour town for a second day of talks on a truce."),
        (
            "de",
            "Die Delegationen trafen sich in der Hafenstadt zu einem zweiten Tag der Gespräche.",
        ),
        ("fr", "Les délégations se sont réunies dans la ville portuaire pour un deuxième jour."),
        ("uk", "Делегації зустрілися в портовому місті на другий день переговорів про перемир'я."),
        ("ru", "Делегации встретились в портовом городе на второй день переговоров о перемирии."),
    ],
)
def test_language_of_a_sentence(language: str, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["", "   ", "Genf", "\n" * 500])
def test_too_little_text_has_no_language(text: str) -> None:
    assert language_of(text) == ""


@given(st.text(max_size=300))
def test_any_text_gets_a_code_or_none(text: str) -> None:
    assert len(language_of(text)) in (0, 2)
