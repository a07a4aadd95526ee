"""The benchmark itself must not rot; what it measures is no test."""

import pytest
from throughput import report


@pytest.mark.slow
def test_the_benchmark_prints_every_figure(capsys):
    report(rounds=1)
    shown = capsys.readouterr().out
    for name in ("parse_feed", "page_may_matter", "annotate", "whole run: 12 entries", "peak"):
        assert name in shown
