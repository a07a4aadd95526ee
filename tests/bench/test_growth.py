"""The benchmark of growth sees what grows too fast, and what does not."""

from growth import MOST_GROWTH, functions, growth


def test_it_tells_the_square_from_the_line() -> None:
    def line(times: int) -> int:
        return sum(range(400_000 * times))

    def square(times: int) -> int:
        return sum(range(300_000 * times * times))

    assert growth(square) > MOST_GROWTH > growth(line)


def test_every_construct_is_tried_on_every_function() -> None:
    names = [name for name, _ in functions(10)]
    assert len(names) == len(set(names)) > 100
    for name, function in functions(10):
        if "annotate_text" not in name:
            function(1)
