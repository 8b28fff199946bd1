"""The commit that a picture tells is that of the work tree that its sketch lies in."""

import subprocess

from gradart.jobs import versions


def test_the_commit_is_that_of_the_work_tree(studio, tmp_path):
    def git(*words):
        identity = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    file = studio("sketches/piece.py", "")
    commit = versions._commit
    assert commit(file) == {}
    git("init")
    assert commit(file) == {}
    git("add", ".")
    git("commit", "-m", "first")
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert commit(file) == {"commit": head, "dirty": False}
    (tmp_path / "picture.png").touch()  # a picture that is not kept changes nothing
    assert commit(file) == {"commit": head, "dirty": False}
    new = studio("sketches/new.py", "")  # a sketch that is not kept does
    assert commit(new) == {"commit": head, "dirty": True}
    file.write_text("changed")
    assert commit(file) == {"commit": head, "dirty": True}


def test_without_git_there_is_no_commit(studio, tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert versions._commit(studio("piece.py", "")) == {}
