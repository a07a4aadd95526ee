"""The filters of lists."""

import pytest

from pipelines.settings.filters import Filter
from schemas.base import Instant
from schemas.errors import ConfigurationError


def at(text: str) -> Instant:
    found = Filter.from_options(since=text).since
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("moment", "is_taken"),
    [
        ("2025-05-20T23:59", False),
        ("2025-05-21", True),
        ("2025-05-22T23:59:59", True),
        ("2025-05-23", False),
    ],
)
def test_a_date_ends_with_its_day(moment: str, is_taken: bool) -> None:
    wanted = Filter.from_options(since="2025-05-21", until="2025-05-22")
    assert wanted.takes(at(moment)) is is_taken


def test_what_has_no_time_fits_only_where_none_is_asked_for() -> None:
    assert Filter().takes(None)
    assert not Filter.from_options(until="2025-05-21").takes(None)


def test_one_of_several_names_is_enough() -> None:
    assert Filter(speaker="Roe").takes(None, "Ida Berg", "Ida Roe")
    assert not Filter(speaker="Roe").takes(None, "Ida Berg")
    assert not Filter(speaker="Roe").takes(None)


@pytest.mark.parametrize("option", ["since", "until"])
def test_a_wrong_time_names_its_option(option: str) -> None:
    with pytest.raises(ConfigurationError, match=f"--{option}: 'soon' is no time"):
        Filter.from_options(**{option: "soon"})
