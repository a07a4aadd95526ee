"""What broken pages, datelines and headlines make of names, and real names that look alike."""

from __future__ import annotations

import pytest

from transforms.core.people.plausible_names import person_name


@pytest.mark.parametrize(
    "name",
    [
        "inPlease", "theRead", "andClick", "onShare Moe", "atAdvertisement",
        "KEEPS", "WATCH", "EXCLUSIVE", "UPDATED", "BREAKING",
        "WEST SOLM BEACH", "TEL AVIV", "ABU DHABI", "NEW YORK", "SAN DIEGO",
        "Following Vik", "Meeting Vik", "Amid Lindqvist", "Despite Moe", "Regarding Vik",
        "According", "Slamming Moe",
    ],
)  # fmt: skip
def test_what_is_no_name_of_a_person(name: str) -> None:
    assert person_name(name) == ""


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Air Force One Aron O'Shea", "Aron O'Shea"),
        ("White House Anna Kellerman", "Anna Kellerman"),
        ("Capitol Hill Peter Brandt", "Peter Brandt"),
        ("Downing Street Laura Finch", "Laura Finch"),
        ("Wren News Gregor Pailin", "Gregor Pailin"),
    ],
)
def test_a_place_before_a_name_is_cut_off(name: str, left: str) -> None:
    assert person_name(name) == left


@pytest.mark.parametrize(
    "name",
    [
        "ida moe", "Neil deGrasse Moe", "diCaprio", "Van Moe", "Melissa DeMoe", "d'Aubigny",
        "AOC", "J.D. MOE", "JOHN MOE", "MARIA VAN DER MOE", "Ng", "Xi Jinping", "Weiping Chen",
        "Xiaoming Li", "Sterling Moe", "Irving Moe", "Per Moe", "An Nguyen", "Than Moe",
        "Grant Park", "Benny Hill", "Jonathan Hill Moe", "Ali Hassan al-Moe",
        "King Moe", "Ming Moe",
    ],
)  # fmt: skip
def test_names_of_persons_stay(name: str) -> None:
    assert person_name(name) == name


def test_a_label_in_a_transcript_may_be_set_in_capitals() -> None:
    assert person_name("LINDQVIST", is_label=True) == "LINDQVIST"
