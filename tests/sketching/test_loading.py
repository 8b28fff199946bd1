"""Sketch files as modules."""

import inspect
import os
import sys

import pytest

from gradart.errors import ArtError
from gradart.sketching.loading import chapters, find, load, natural, sketch_files

DOT = """
@ga.sketch
def {name}(x=1.0):
    return ga.scene(ga.dots((x, 0)))
"""


def test_a_file_is_loaded_afresh_and_its_neighbors_with_it(studio, monkeypatch):
    """Also where Python writes bytecode, which it takes for that of a file saved twice a second."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    studio("far/helper.py", "x = 1.0")
    helper = studio("near/helper.py", "x = 2.0")
    saved = helper.stat()
    text = "import helper\n@ga.sketch\ndef dot(x=helper.x):\n    return ga.scene()"
    defaults = []
    for folder in ("far", "near"):
        loaded = load(studio(f"{folder}/dot.py", text))
        defaults.append(loaded.sketches[0].parameters[0].default)
        assert [path.name for path in loaded.imports] == ["helper.py"]
    studio("near/helper.py", "x = 3.0")
    os.utime(helper, ns=(saved.st_atime_ns, saved.st_mtime_ns))
    defaults.append(find("near/dot.py")[0].parameters[0].default)
    assert defaults == [1.0, 2.0, 3.0]
    assert "helper" not in sys.modules
    assert not [path for path in sys.path if path.endswith(("far", "near"))]
    assert not list(helper.parent.glob("__pycache__"))


def test_packages_beside_a_sketch_are_loaded_afresh_and_environments_as_ever(studio, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    studio("pkg/__init__.py", "")
    inner = studio("pkg/inner.py", "x = 2.0")
    other = studio("env/gradart_test_other.py", "")
    monkeypatch.syspath_prepend(other.parent)
    text = "import gradart_test_other\nfrom pkg.inner import x\n@ga.sketch\ndef dot(x=x):\n"
    sketch = studio("dot.py", text + "    return ga.scene()")
    assert load(sketch).sketches[0].parameters[0].default == 2.0
    saved = inner.stat()
    studio("pkg/inner.py", "x = 3.0")
    os.utime(inner, ns=(saved.st_atime_ns, saved.st_mtime_ns))
    loaded = load(sketch)
    assert loaded.sketches[0].parameters[0].default == 3.0
    assert sorted(path.name for path in loaded.imports) == ["__init__.py", "inner.py"]
    assert list(other.parent.glob("__pycache__/*"))


def test_a_neighbor_hides_no_module(studio, gradart):
    """A module of Python is meant by its name, by the sketch and by the libraries that it loads."""
    assert "tabnanny" not in sys.modules
    studio("tabnanny.py", "raise SystemExit")
    sketch = "import tabnanny\ntabnanny.check" + DOT.format(name="dot")
    loaded = load(studio("dot.py", sketch))
    assert loaded.imports == ()
    assert "site-packages" not in sys.modules.pop("tabnanny").__file__
    assert [name for name in sys.path if name == str(loaded.sketches[0].file.parent)] == []


def test_a_sketch_may_change_the_path(studio):
    text = "import sys\nsys.path[:] = [p for p in sys.path if not p.endswith('x')][:]"
    before = list(sys.path)
    text += "\nsys.path.remove(__file__.rpartition('/')[0])" + DOT.format(name="dot")
    assert find(str(studio("dot.py", text)))
    assert sys.path == before


def test_only_a_files_own_sketches_are_found(studio):
    studio("dot.py", DOT.format(name="dot"))
    studio("two.py", "from dot import dot" + DOT.format(name="two"))
    assert [s.name for s in find("two.py")] == ["two"]


def test_one_of_two_is_named(studio):
    studio("both.py", DOT.format(name="a") + DOT.format(name="b"))
    assert [s.name for s in find("both.py:b")] == ["b"]
    with pytest.raises(ArtError, match=r"both.py:a, both.py:b"):
        find("both.py")
    with pytest.raises(ArtError, match=r"no sketch c; write both.py:a, both.py:b"):
        find("both.py:c")
    with pytest.raises(ArtError, match=r"no such file: boht.py; did you mean both.py\?"):
        find("boht.py")
    with pytest.raises(ArtError, match=r"no such file: both.py::b; .* is both.py:b$"):
        find("both.py::b")


def test_a_folder_is_all_its_sketches_in_natural_order(studio):
    for name in ("wave_10", "wave_2", "Arc"):
        studio(f"sketches/{name}.py", DOT.format(name=name))
    studio("sketches/_helper.py", "")
    assert [s.name for s in find("sketches")] == ["Arc", "wave_2", "wave_10"]
    assert natural("a2b") < natural("a10b")
    with pytest.raises(ArtError, match="gradart new"):
        sketch_files(studio("empty/note.txt", "").parent)


def test_a_dataclass_works_in_a_sketch_file(studio):
    text = "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: float = 1.0\n"
    assert find(str(studio("dot.py", text + DOT.format(name="dot"))))


def told(folder):
    """The chapters of a folder: heading, text, names of files."""
    return [(c.heading, c.text, [file.stem for file in c.files]) for c in chapters(folder)]


def test_a_folder_is_read_in_the_order_that_it_gives(studio, tmp_path):
    for name in ("a", "b", "c10", "c9"):
        studio(f"art/{name}.py", "")
    folder = tmp_path / "art"
    assert told(folder) == [("", "", ["a", "b", "c9", "c10"])]
    (folder / "order.txt").write_text("b\n\n# Late\n> What comes\n> at last.\nc10\n# Empty\n")
    assert told(folder) == [
        ("", "", ["b"]),
        ("Late", "What comes at last.", ["c10"]),
        ("More", "", ["a", "c9"]),
    ]
    (folder / "order.txt").write_text("d\n")
    with pytest.raises(ArtError, match=r"order.txt names d, but .*d.py is not there"):
        chapters(folder)


def test_a_picture_is_no_sketch(studio, gradart, tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\xff")
    assert gradart("run", "a.png") == (
        2,
        [],
        ["gradart: a.png is no sketch, which is a Python file"],
    )


def test_a_sketch_below_a_decorator_is_told_beside_others_too(studio, gradart):
    above = "@functools.lru_cache\n@ga.sketch\ndef hidden():\n    return ga.scene()\n"
    below = "@ga.sketch\ndef shown():\n    return ga.scene(ga.dots([(0, 0)], 2))\n"
    studio("two.py", f"import functools\n{above}{below}")
    status, _, [err] = gradart("run", "two.py:hidden")
    assert status == 2
    assert "a decorator stands above @ga.sketch of hidden: write @ga.sketch above it" in err
    assert gradart("run", "two.py:shown", "--px", "20")[0] == 0


def test_each_name_of_a_file_is_looked_behind_once(studio, monkeypatch):
    looked = []
    plain = inspect.getattr_static
    monkeypatch.setattr(inspect, "getattr_static", lambda *a: looked.append(a[0]) or plain(*a))
    names = [f"number_{i} = {i}" for i in range(20)]
    load(studio("a.py", "\n".join([*names, DOT.format(name="dot")])))
    assert len(looked) < 2 * len(names)
