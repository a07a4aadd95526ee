import pytest
from calibration import Outcome, outcomes, table

TEXT = "“The talks will fail,” said Ida Berg."
GOLD = {"text": TEXT, "statements": [{"content": [[1, 20]], "speaker": "Ida Berg"}]}


@pytest.mark.parametrize(
    ("content", "speaker", "is_found", "is_right"),
    [
        ([[1, 21]], "Berg", True, True),
        ([[1, 9], [10, 20]], "Ida Berg", True, True),
        ([[1, 20]], "Jon Vik", True, False),
        ([[1, 8]], "Ida Berg", False, False),
    ],
)
def test_a_statement_is_right_by_words_and_speaker(content, speaker, is_found, is_right):
    ours = {"statements": [{"content": content, "speaker": speaker, "confidence": 0.9}]}
    assert list(outcomes(GOLD, ours)) == [Outcome(0.9, is_found, is_right)]


def test_the_table_tells_what_is_said_and_what_is_right():
    found = [Outcome(0.85, True, True), Outcome(0.85, True, False), Outcome(0.3, False, False)]
    assert list(table(found))[2:] == [
        "| 0.0–0.6 | 1 | 0.30 | 0.00 | 0.000 |",
        "| 0.8–0.9 | 2 | 0.85 | 0.50 | 0.500 |",
    ]
