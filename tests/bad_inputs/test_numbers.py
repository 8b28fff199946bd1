"""Every row of the list of bad inputs has a test under its number."""

import re
from pathlib import Path

ROWS = {
    "geometry": range(1, 9),
    "canvas": range(9, 12),
    "derivatives": range(12, 24),
    "seeds and films": range(24, 31),
    "files": range(31, 38),
    "faults": range(38, 44),
    "live page": range(44, 47),
}


def test_no_row_is_without_a_test():
    texts = [file.read_text() for file in Path(__file__).parents[1].rglob("test_*.py")]
    found = {int(number) for text in texts for number in re.findall(r"def test_(\d+)_", text)}
    missing = {name: sorted(set(rows) - found) for name, rows in ROWS.items()}
    assert not any(missing.values()), missing
