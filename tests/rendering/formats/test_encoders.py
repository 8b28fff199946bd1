"""MP4, WebP, APNG and folders, as Pillow, pngcheck and ffmpeg read them."""

import io
import re
import subprocess
import weakref

import numpy as np
import pytest
from pictures import played
from PIL import Image

from gradart.errors import RenderFault
from gradart.ffmpeg import ffmpeg
from gradart.rendering.formats.apng import write_apng
from gradart.rendering.formats.folder import write_folder
from gradart.rendering.formats.gif_encoder import write_gif
from gradart.rendering.formats.mp4 import write_mp4
from gradart.rendering.formats.output import delays
from gradart.rendering.formats.webp import write_webp

PAPER = np.array([0.9, 0.5, 0.1, 1.0])


def film(count=10, size=(45, 61), alpha=False):
    """Noise on the left that changes, paper on the right that does not; odd sides."""
    rng = np.random.default_rng(0)
    frames = np.zeros((count, *size, 4), np.uint8)
    frames[...] = np.round(PAPER * 255)
    frames[:, 5:30, 3:20, :3] = rng.integers(0, 256, (count, 25, 17, 1))
    if alpha:
        frames[..., 40:, 3] = 0
        frames[:, 20:30, 10:50, 3] = rng.integers(0, 256, (count, 10, 40))
    frames[-1] = frames[-2]
    return frames


def seen(frames):
    """Pixels as they are seen: what is wholly transparent has no color."""
    frames = np.array(frames)
    frames[frames[..., 3] == 0] = 0
    return frames


@pytest.mark.parametrize("alpha", [False, True])
def test_webp_and_apng_come_back_exactly(alpha, tmp_path):
    frames = film(alpha=alpha)
    merged = frames[:-1]  # WebP's library shows the last but one for longer instead
    for name, write, wanted in ("a.webp", write_webp, merged), ("a.apng", write_apng, frames):
        file = io.BytesIO()
        write(file, iter(frames), len(frames), 12)
        back, durations = played(file.getvalue())
        np.testing.assert_array_equal(seen(back), seen(wanted), err_msg=name)
        assert sum(durations) == pytest.approx(1000 * len(frames) / 12, abs=1), name
        assert Image.open(file).info["loop"] == 0
        (tmp_path / name).write_bytes(file.getvalue())
    subprocess.run(["pngcheck", "-q", tmp_path / "a.apng"], check=True)
    raw = [ffmpeg(), "-v", "error", "-f", "apng", "-i", tmp_path / "a.apng", "-f", "rawvideo"]
    raw += ["-fps_mode", "passthrough", "-pix_fmt", "rgba", "-"]
    data = subprocess.run(raw, capture_output=True, check=True).stdout
    decoded = np.frombuffer(data, np.uint8).reshape(frames.shape)
    np.testing.assert_array_equal(seen(decoded), seen(frames))


@pytest.mark.parametrize("write", [write_gif, write_apng, write_folder, write_mp4])
def test_only_a_few_frames_are_held_however_long_the_film(write, tmp_path):
    alive, most = 0, []

    def gone():
        nonlocal alive
        alive -= 1

    def reel(count):
        nonlocal alive
        for i in range(count):
            frame = np.full((40, 40, 4), i % 200, np.uint8)
            frame[..., 3] = 255
            weakref.finalize(frame, gone)
            alive += 1
            most[-1] = max(most[-1], alive)
            yield frame

    for count in (30, 120):
        most.append(0)
        path = tmp_path / f"{count}"
        with open(tmp_path / "file", "wb") as file:
            if write is write_gif:
                write(file, ((frame, 40) for frame in reel(count)), film(2))
            elif write is write_apng:
                write(file, reel(count), count, 25)
            elif write is write_folder:
                path.mkdir()
                write(path, reel(count))
            else:
                write(path, reel(count), (40, 40), 25, PAPER)
    assert most[1] <= most[0] + 2 <= 25


def test_mp4_plays_everywhere_and_is_padded_with_paper(tmp_path):
    frames, path = film(), tmp_path / "a.mp4"
    write_mp4(path, iter(frames), (61, 45), 30, PAPER, "said")
    about = subprocess.run(
        [ffmpeg(), "-hide_banner", "-i", path], capture_output=True, text=True
    ).stderr
    assert "h264" in about
    assert re.search(r"yuv420p\((tv, )?bt709", about)
    assert "62x46" in about
    assert "30 fps" in about
    assert "Duration: 00:00:00.33" in about
    assert re.search(r"comment\s*: said", about)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    raw = [ffmpeg(), "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    back = subprocess.run(raw, capture_output=True, check=True).stdout
    back = np.frombuffer(back, np.uint8).reshape(10, 46, 62, 3).astype(int)
    # The colors survive, and so does the place of every pixel: nothing was rescaled.
    assert np.abs(back[:, :, 30:] - np.round(PAPER[:3] * 255)).max() <= 6
    assert np.abs(back[:, 45:] - np.round(PAPER[:3] * 255)).max() <= 6
    ours, theirs = frames[0, 5:30, 3:20, :3].mean(-1), back[0, 5:30, 3:20].mean(-1)
    assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.97


def test_mp4_is_the_same_twice(tmp_path):
    for name in "ab":
        write_mp4(tmp_path / name, iter(film()), (61, 45), 25, PAPER)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_ffmpeg_missing_killed_or_unwilling_is_told(tmp_path, monkeypatch):
    killer = tmp_path / "ffmpeg"
    killer.write_text("#!/bin/sh\nkill -9 $$\n")
    killer.chmod(0o755)
    with pytest.raises(RenderFault, match="No such file"):
        write_mp4(tmp_path / "none" / "a.mp4", iter(film()), (61, 45), 25, PAPER)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(killer))
    with pytest.raises(RenderFault, match="ffmpeg has failed: it ended with status -9"):
        write_mp4(tmp_path / "a.mp4", iter(film(200)), (61, 45), 25, PAPER)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(tmp_path / "nothing"))
    with pytest.raises(RenderFault, match="ffmpeg is missing"):
        ffmpeg()


def test_an_error_in_a_frame_ends_ffmpeg_and_comes_through(tmp_path):
    def broken():
        yield from film(2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_mp4(tmp_path / "a.mp4", broken(), (61, 45), 25, PAPER)


def test_a_folder_holds_every_frame(tmp_path):
    frames = film(3)
    write_folder(tmp_path, iter(frames), "said")
    files = sorted(tmp_path.iterdir())
    assert [f.name for f in files] == ["frame_0000.png", "frame_0001.png", "frame_0002.png"]
    for file, frame in zip(files, frames, strict=True):
        image = Image.open(file)
        assert image.text == {"gradart": "said"}  # type: ignore[attr-defined]
        np.testing.assert_array_equal(np.asarray(image), frame[..., :3])


@pytest.mark.parametrize("step", [1, 10])
@pytest.mark.parametrize("fps", [0.01, 7, 12, 23.976, 30, 50])
def test_delays_add_up(fps, step):
    for count in (1, 2, 97):
        parts = delays(count, fps, step)
        assert len(parts) == count
        assert abs(sum(parts) - count * 1000 / fps) <= step / 2
        assert all(part % step == 0 for part in parts)
