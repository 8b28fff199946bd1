"""CSV files as columns of numbers and of words."""

import numpy as np
import pytest

import gradart as ga


def read(path, data):
    file = path / "a.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return ga.table(file)


def test_columns_are_numbers_or_words(tmp_path):
    found = read(tmp_path, '\ufeffday, mm,town\n1,2.5,"Bad, Ems"\n\n2,,Ulm\n3,-1e3,Ulm\r\n')
    assert list(found) == ["day", "mm", "town"]
    np.testing.assert_array_equal(found["mm"], [2.5, np.nan, -1000])
    assert found["town"].tolist() == ["Bad, Ems", "Ulm", "Ulm"]


@pytest.mark.parametrize(
    "text", ["x;y\n1,5;2\n", "x\ty\n1.5\t2\n", "x|y\n1.5|2\n", "x,y\r1.5,2\r", "x,y\r\n1.5,2"]
)
def test_other_separators_decimal_commas_and_line_ends(text, tmp_path):
    found = read(tmp_path, text)
    assert {name: column.tolist() for name, column in found.items()} == {"x": [1.5], "y": [2.0]}


def test_a_file_without_names_has_columns_all_the_same(tmp_path):
    assert read(tmp_path, "1,2\n3,4\n")["column2"].tolist() == [2, 4]
    assert read(tmp_path, "a,\n3,4\n")["column2"].tolist() == [4]
    assert read(tmp_path, "a,b\n")["b"].shape == (0,)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("a,b\n1\n", "has in line 2 1 cells, not 2"),
        ("a,a\n1,2\n", "two columns called a"),
        (b"a,b\n\xff,2\n", "is not UTF-8"),
        ('a,b\n"1,2\n', "is broken, or no CSV"),
        ("a,b\n" + "1" * 200_000 + ",2\n", "is broken, or no CSV"),
    ],
)
def test_broken_files_are_refused_in_a_line(data, said, tmp_path):
    with pytest.raises(ga.ArtError, match=said):
        read(tmp_path, data)
