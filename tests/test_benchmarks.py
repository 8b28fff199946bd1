"""The goals of benchmarks: each names a number that stands in the last results."""

from pathlib import Path

import pytest

from benchmarks.goals import GOALS, Goal, cell, verdicts

RESULTS = (Path(__file__).parents[1] / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
LAST = {part.partition("\n")[0]: part for part in RESULTS.split("\n## ")[1:]}
TABLE = """
| work | by | times |
|---|---|---:|
| lines | us | 1.00 |
| lines | them | {} (fast: 2.5 / 3) |

| work | seconds |
|---|---|
| lines | 1,250 ms |
"""


@pytest.mark.parametrize("name", GOALS)
def test_every_goal_is_of_a_number_that_was_printed(name):
    for goal in GOALS[name]:
        assert cell(LAST[name], goal) is not None, goal


def test_a_cell_is_found_by_its_row_and_its_heading():
    printed = TABLE.format("4.2")
    assert cell(printed, Goal(("lines", "them"), "times", 1)) == 4.2
    assert cell(printed, Goal(("lines", "them"), "times", 1, after="fast: ")) == 2.5
    assert cell(printed, Goal(("lines",), "seconds", 1)) == 1250
    assert cell(printed, Goal(("dots",), "times", 1)) is None


@pytest.mark.parametrize(
    ("now", "limit", "at_least", "met"),
    [
        (4.2, 4, True, True),
        (3.9, 4, True, False),
        (4.2, 4, False, False),
        (4.2, 5, False, True),
        (4.2, 3, True, True),
        (3.5, 3, True, False),  # 15 % under the last
        (4.9, 9, False, False),
    ],
)
def test_a_goal_is_met_within_its_limit_and_15_percent_of_the_last(
    monkeypatch, now, limit, at_least, met
):
    monkeypatch.setitem(GOALS, "x", [Goal(("lines", "them"), "times", limit, at_least)])
    ((found, told),) = verdicts("x", TABLE.format(now), TABLE.format("4.2"))
    assert found == met
    assert told.endswith(f"{now:g}, {'at least' if at_least else 'at most'} {limit}, last 4.2")


def test_a_difference_that_was_nothing_may_be_anything_within_its_limit(monkeypatch):
    monkeypatch.setitem(GOALS, "x", [Goal(("lines", "them"), "times", 0.15)])
    for now, met in ((0.02, True), (-0.3, True), (0.2, False)):
        ((found, told),) = verdicts("x", TABLE.format(now), TABLE.format("-0.00"))
        assert found == met, told


def test_a_row_that_is_gone_is_a_goal_that_is_missed(monkeypatch):
    monkeypatch.setitem(GOALS, "x", [Goal(("dots",), "times", 1)])
    assert [met for met, _ in verdicts("x", TABLE.format(1), "")] == [False]
