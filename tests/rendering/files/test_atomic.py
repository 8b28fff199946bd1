"""Files appear whole or not at all, and nothing is left beside them."""

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from gradart.errors import ArtError, RenderFault
from gradart.rendering.files.atomic import _HERE, replacing, replacing_folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_when_the_block_ends(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
        assert temporary.parent == tmp_path
    assert path.read_text() == "new"
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, ArtError, ZeroDivisionError])
def test_after_an_error_the_old_file_stays_alone(tmp_path, fault):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail():
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise fault

    with pytest.raises(fault):
        fail()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_missing_folder_or_a_full_disk_is_named(tmp_path):
    with (
        pytest.raises(RenderFault, match=r"none/a\.txt cannot be written: No such"),
        replacing(tmp_path / "none" / "a.txt"),
    ):
        pass
    (tmp_path / "file").touch()
    with (
        pytest.raises(RenderFault, match="cannot be written: Not a directory"),
        replacing(tmp_path / "file" / "a.txt"),
    ):
        pass
    with (
        pytest.raises(RenderFault, match=r"a\.txt cannot be written: No space left"),
        replacing(tmp_path / "a.txt"),
        open("/dev/full", "wb") as full,
    ):
        full.write(b"x" * 100_000)
    with pytest.raises(ArtError, match="is a folder"), replacing(tmp_path):
        pass
    assert names(tmp_path) == ["file"]


def test_a_file_of_the_artist_that_cannot_be_read_is_not_blamed_on_the_target(tmp_path):
    with pytest.raises(FileNotFoundError, match="data"), replacing(tmp_path / "a.txt"):
        (tmp_path / "data.csv").read_text()


def test_what_a_dead_process_left_is_removed_and_a_living_ones_is_not(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    (tmp_path / f".a.txt.gradart-{_HERE}-{process.pid}-0.tmp").touch()
    folder = tmp_path / f".frames.gradart-{_HERE}-{process.pid}-1.tmp"
    folder.mkdir()
    (folder / "frame_0000.png").touch()
    mine = tmp_path / f".b.txt.gradart-{_HERE}-{os.getpid()}-99999.tmp"
    mine.touch()
    other = tmp_path / f".b.txt.gradart-other_{_HERE}-{process.pid}-0.tmp"
    other.touch()  # another machine's, where that process may live
    (tmp_path / ".notes.tmp").touch()
    with replacing(tmp_path / "c.txt") as temporary:
        temporary.touch()
    assert names(tmp_path) == sorted([mine.name, other.name, ".notes.tmp", "c.txt"])


def _write(path, letter):
    for _ in range(20):
        with replacing(path) as temporary:
            temporary.write_text(letter * 10_000)


def test_of_many_writers_one_whole_file_wins(tmp_path):
    path = tmp_path / "a.txt"
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(_write, [path] * 3, "abc"))
    workers = [multiprocessing.get_context("spawn").Process(target=_write, args=(path, "d"))]
    for worker in workers:
        worker.start()
    _write(path, "e")
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert path.read_text() in ("d" * 10_000, "e" * 10_000)
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_of_frames_is_replaced_whole_but_no_other_folder_is(tmp_path):
    path = tmp_path / "film"
    for count in (3, 2):
        with replacing_folder(path, "frame_*.png") as temporary:
            for number in range(count):
                (temporary / f"frame_{number}.png").write_text(str(count))
        assert names(path) == [f"frame_{number}.png" for number in range(count)]

    def fail():
        with replacing_folder(path, "frame_*.png") as temporary:
            (temporary / "frame_0.png").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert names(path) == ["frame_0.png", "frame_1.png"]
    (path / "letter.txt").touch()
    with (
        pytest.raises(ArtError, match="holds other files"),
        replacing_folder(path, "frame_*.png"),
    ):
        pass
    with (
        pytest.raises(ArtError, match="is a file"),
        replacing_folder(path / "letter.txt", "frame_*.png"),
    ):
        pass
    assert names(tmp_path) == ["film"]
