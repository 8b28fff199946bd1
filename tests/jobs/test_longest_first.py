"""What takes long is begun early, by what it took the last time."""

import pytest

from gradart.jobs.task_order import filled, last_time, longest_first, took


def _ends(order, seconds, workers=2):
    """When the last of some workers is done, each of which takes the next piece when it is free."""
    free = [0.0] * workers
    for piece in order:
        free[free.index(min(free))] += seconds[piece]
    return max(free)


def test_workers_end_nearly_together():
    seconds = {"a": 1, "b": 2, "c": 3, "d": 2, "e": 30, "f": 20, "g": 12, "h": 4, "long": 37}
    order = longest_first(list(seconds), seconds.get, len)
    assert order == ["a", "long", "e", "f", "g", "h", "c", "b", "d"]
    least = sum(seconds.values()) / 2
    assert _ends(order, seconds) <= least + min(seconds.values())
    assert _ends(seconds, seconds) > 1.2 * least


@pytest.mark.parametrize(
    ("seconds", "order"),
    [
        ({}, ["x", "y", "z"]),
        ({"y": 5.0}, ["y", "x", "z"]),
        ({"x": 5.0, "y": 1.0, "z": 5.0}, ["y", "x", "z"]),
        ({"x": 1.0, "z": 2.0}, ["x", "y", "z"]),
    ],
)
def test_what_is_not_known_comes_early_in_its_order(seconds, order):
    assert longest_first(["x", "y", "z"], seconds.get, len) == order


def test_where_nothing_is_known_the_shortest_source_comes_first():
    assert longest_first(["long", "longer", "one", "two"], lambda _: None, len) == [
        *("one", "long", "longer", "two")
    ]


def test_what_is_not_known_counts_as_the_others():
    assert filled({"a": 1.0, "b": None, "c": 3.0}) == {"a": 1.0, "b": 2.0, "c": 3.0}
    assert filled({"a": None}) == {"a": 1.0}


def test_a_time_is_kept_for_each_sketch_of_a_file(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADART_CACHE", str(tmp_path))
    file = tmp_path / "a.py"
    assert last_time(file, "one") is None
    took(file, "one", 2.5)
    took(file, "two", 0.0)
    assert last_time(file, "one") == 2.5
    assert last_time(file, "two") > 0  # of which the rest can be told
    (kept,) = [path for path in (tmp_path / "seconds").iterdir() if path.read_text() == "2.500"]
    kept.write_text("nonsense")
    assert last_time(file, "one") is None
    kept.write_text("nan")
    assert last_time(file, "one") is None
