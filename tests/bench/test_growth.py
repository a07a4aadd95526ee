"""The benchmark of growth sees what grows too fast, and tries every construct."""

from __future__ import annotations

import growth
import pytest


def test_it_tells_the_square_from_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "_cost", lambda function, times: function(times))
    assert growth.growth(lambda n: 1.0 * n * n) > growth.MOST_GROWTH > growth.growth(float)
    assert growth.growth(lambda n: 1e-6 * n * n) < growth.MOST_GROWTH  # noise


def test_every_construct_is_tried_on_every_function() -> None:
    tried = list(growth.functions(10))
    assert len({name for name, _ in tried}) == len(tried) > 100
    for name, function in tried:
        if "annotate_text" not in name:
            growth._cost(function, 1)
