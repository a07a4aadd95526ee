"""The benchmark itself must not rot; what it measures is no test."""

from memory import report


def test_the_curve_has_a_point_for_each_size(tmp_path, capsys):
    report(f"sqlite:///{tmp_path}/bench.db", [50, 100], [20, 40], rounds=4)
    shown = capsys.readouterr().out
    for name in ("even 50", "even 100", "hot 20", "hot 40", "peak"):
        assert name in shown
