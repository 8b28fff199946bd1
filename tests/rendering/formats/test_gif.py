"""GIF: what Pillow, gifsicle and ffmpeg make of it; colors, rectangles, durations."""

import io
import subprocess
import warnings

import imageio.v3 as iio
import numpy as np
import pytest
from pictures import played
from PIL import Image, ImageDraw
from PIL.GifImagePlugin import getdata
from sampling import some

from gradart.drawing.color.oklab import oklab
from gradart.ffmpeg import ffmpeg
from gradart.rendering.formats.gif_encoder import Indexed, image, write_gif
from gradart.rendering.formats.indexed_colors import CLOSE, FAR, MUCH, keys, merged, palette, tally
from gradart.rendering.formats.output import delays
from gradart.rendering.formats.quantization import indexer

PAPER = (247, 244, 237, 255)


def moving(count, size=(60, 80), transparent=False):
    """A dark square that runs over a striped ground: few colors."""
    frames = []
    for i in range(count):
        frame = np.zeros((*size, 4), np.uint8)
        if not transparent:
            frame[:] = PAPER
            frame[::6] = (20, 20, 30, 255)
        frame[5 + i : 15 + i, 10 + 2 * i : 22 + 2 * i] = (200, 60, 10, 255)
        frames.append(frame)
    return frames


def clouds(count, size=(96, 96), seed=0):
    """Smooth colors that drift, with sharp strokes over them: thousands of colors."""
    y, x = np.mgrid[: size[0], : size[1]] / size[0]
    frames = []
    for i in range(count):
        phase = 2 * np.pi * (np.stack([x, y, x + y], -1) + i / 20 * np.array([1, -1, 2]))
        frame = np.full((*size, 4), 255, np.uint8)
        frame[..., :3] = 128 + 100 * np.sin(phase)
        frame[40:42, : 20 + i] = (0, 0, 0, 255)
        frames.append(frame)
    return frames


def traced(frames, fps=25, **options):
    file = io.BytesIO()
    timed = zip(frames, delays(len(frames), fps, 10), strict=True)
    write_gif(file, timed, frames[::3], **options)
    return file.getvalue()


def ffmpegs(data, size):
    command = [ffmpeg(), "-v", "error", "-ignore_loop", "1", "-i", "-", "-f", "rawvideo"]
    command += ["-fps_mode", "passthrough", "-pix_fmt", "rgba", "-"]
    raw = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, *size, 4)


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((np.asarray(a, float) - np.asarray(b, float)) ** 2))


def test_few_colors_come_back_exactly_in_two_decoders():
    frames = moving(12)
    data = traced(frames)
    np.testing.assert_array_equal(played(data)[0], frames)
    np.testing.assert_array_equal(ffmpegs(data, (60, 80)), frames)


@pytest.mark.parametrize("count", [1, 2, 255, 256])
def test_as_many_colors_as_a_palette_holds_are_exact(count):
    colors = np.random.default_rng(count).choice(1 << 24, count, replace=False)
    rng = np.random.default_rng(0)
    frames = []
    for _ in range(3):
        picks = colors[np.concatenate([np.arange(count), rng.integers(0, count, 400 - count)])]
        frame = np.stack([picks >> 16, picks >> 8 & 255, picks & 255, 0 * picks + 255], -1)
        frames.append(rng.permutation(frame).reshape(20, 20, 4).astype(np.uint8))
    frames.append(frames[-1])
    np.testing.assert_array_equal(played(traced(frames))[0], frames)


def test_only_what_changed_is_stored():
    frames = moving(6)
    data = traced([*frames, frames[-1]])
    said = subprocess.run(["gifsicle", "--info"], input=data, capture_output=True, check=True)
    lines = [line for line in said.stdout.decode().splitlines() if "+ image" in line]
    assert "image #0 80x60" in lines[0]
    assert all(f"image #{i} 14x11 at {8 + 2 * i},{4 + i}" in lines[i] for i in range(1, 6))
    assert "image #6 1x1" in lines[6]
    assert "loop forever" in said.stdout.decode()


@pytest.mark.parametrize("fps", [0.5, 10, 12, 23.976, 24, 25, 30, 50])
def test_the_duration_is_exact_to_10_ms(fps):
    frames = moving(9)
    frames += frames[-1:] * 4  # a film that comes to rest
    _, durations = played(traced(frames, fps))
    assert len(durations) == len(frames)
    assert abs(sum(durations) - 1000 * len(frames) / fps) <= 5
    assert max(durations) - min(durations) <= 10


def strokes(count):
    """Antialiased strokes in three inks that turn."""
    frames = []
    for i in range(count):
        image = Image.new("RGB", (960, 960), PAPER[:3])
        draw = ImageDraw.Draw(image)
        for k in range(60):
            turn = k / 60 * 2 * np.pi + i / 40
            end = (480 + 440 * np.cos(turn), 480 + 440 * np.sin(3 * turn))
            draw.line(
                [(480, 40 + 14 * k), end], fill=("#1b1b1e", "#c2410c", "#0e7490")[k % 3], width=3
            )
        small = image.resize((160, 160), Image.Resampling.BOX)
        frames.append(np.asarray(small.convert("RGBA")))
    return frames


@pytest.mark.parametrize(
    ("film", "least", "behind"),
    [(strokes, 38, 0), (clouds, 27, 2)],  # dB; theirs has a palette for each frame
)
def test_many_colors_are_clustered_about_as_well_as_by_imageio(film, least, behind):
    frames = film(8)
    data = traced(frames)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = iio.imwrite("<bytes>", [f[..., :3] for f in frames], extension=".gif")
    ours = psnr(played(data)[0], frames)
    assert ours > least
    assert ours >= psnr(played(theirs)[0], frames) - behind
    assert len(data) < 1.1 * len(theirs)


def test_the_color_of_most_pixels_is_kept():
    frames = clouds(4)
    for frame in frames:
        frame[:, :50] = PAPER
    assert all((shown[:, :50] == PAPER).all() for shown in played(traced(frames))[0])


def test_transparency_is_kept_and_leaves_no_trail():
    frames = moving(5, transparent=True)
    frames.append(np.zeros_like(frames[0]))
    shown, _ = played(traced(frames, transparent=True))
    for ours, theirs in zip(frames, shown, strict=True):
        np.testing.assert_array_equal(theirs[..., 3], ours[..., 3])
        np.testing.assert_array_equal(theirs[ours[..., 3] > 0], ours[ours[..., 3] > 0])
    assert not played(traced(frames[-1:] * 2, transparent=True))[0][1].any()


def test_the_same_frames_give_the_same_bytes_and_keep_the_comment():
    said = "x" * 700
    data = traced(clouds(3), comment=said)
    assert data == traced(clouds(3), comment=said)
    assert Image.open(io.BytesIO(data)).info["comment"] == said.encode()


@pytest.mark.parametrize("colors", [1, 2, 256])
@pytest.mark.parametrize("change", [1e-6, 0.02, 1.0])
def test_codes_that_run_out_are_begun_anew(colors, change):
    """In noise after 4,096 pixels; runs of one color are longer than any code stands for."""
    rng = np.random.default_rng(0)
    picture = rng.integers(0, colors, (600, 500), np.uint8)
    keep = rng.random(picture.size) > change
    kept = np.maximum.accumulate(np.where(keep, 0, np.arange(picture.size)))
    picture = picture.ravel()[kept].reshape(picture.shape)
    data = io.BytesIO()
    frame = np.stack([picture] * 3 + [np.full_like(picture, 255)], -1)
    write_gif(data, [(frame, 100)], [frame])
    np.testing.assert_array_equal(played(data.getvalue())[0][0], frame)


@pytest.mark.parametrize("transparent", [False, True])
def test_a_frame_is_coded_as_by_pillow(transparent):
    picture = np.random.default_rng(0).integers(0, 9, (30, 41), np.uint8)
    blank = 200 if transparent else 256
    how = {"duration": 70, "disposal": 2} if transparent else {"duration": 70, "disposal": 1}
    marks = {"transparency": blank} if transparent else {}
    wanted = getdata(Image.fromarray(picture), (0, 0), **how, **marks)
    colors = np.arange(blank, dtype=np.uint32)
    shown = Indexed(picture, colors)
    assert image(shown, None, 70, transparent) == b"".join(wanted)
    before = picture.copy()
    before[10:20, 5:9] += 20
    wanted = getdata(Image.fromarray(picture[10:20, 5:9].copy()), (5, 10), **how, **marks)
    if transparent:
        cleared = np.full_like(picture, blank)
        cleared[10:20, 5:9] = picture[10:20, 5:9]
        shown = Indexed(cleared, colors)
    assert image(shown, Indexed(before, colors), 70, transparent) == b"".join(wanted)


def shade(square):
    """Smooth colors that stand still, a dark square with hard edges at column `square`."""
    y, x = np.mgrid[:200, :200] / 200
    frame = np.full((200, 200, 4), 255, np.uint8)
    frame[..., :3] = 128 + 120 * np.sin(4 * np.stack([x, y, x / 2 + y / 2], -1))
    frame[20:30, square : square + 10] = (20, 20, 30, 255)
    return frame


def block_means(frame):
    return np.asarray(frame, float)[..., :3].reshape(25, 8, 25, 8, 3).mean((1, 3))


@pytest.mark.exhaustive
def test_smooth_colors_are_dithered_by_a_pattern_that_stands_still(monkeypatch):
    frames = [shade(square) for square in (10, 14, 18)]
    dithered = played(traced(frames))[0]
    away = np.ones((200, 200), bool)
    away[18:32, 8:30] = False
    for shown in dithered[1:]:
        np.testing.assert_array_equal(shown[away], dithered[0][away])
    monkeypatch.setattr("gradart.rendering.formats.quantization.SEEN", np.inf)
    plain = played(traced(frames))[0]
    error, plain_error = (
        np.abs(block_means(film[0]) - block_means(frames[0])).mean() for film in (dithered, plain)
    )
    assert error < 0.8 * plain_error
    assert psnr(dithered, frames) > psnr(plain, frames) - 3


def test_strokes_are_not_dithered():
    frames = strokes(4)
    seen = merged(tally(keys(frame)) for frame in frames)
    index = indexer(palette(seen, 256), seen)
    for frame in frames:
        (shown, _), wanted = index(frame), keys(frame)
        pairs = np.unique(np.stack([wanted.ravel(), shown.ravel()]), axis=1)
        assert len(pairs[0]) == len(np.unique(wanted))  # each color has one index


def distances(shown, wanted):
    """How far pixels of two frames are apart in OKLab, where they are opaque: (n,)."""
    seen = wanted[..., 3] > 127
    np.testing.assert_array_equal(shown[..., 3] > 127, seen)
    a, b = (oklab(frame[seen][:, :3] / 255) for frame in (shown, wanted))
    return np.sqrt(((a - b) ** 2).sum(-1))


def random_film(seed, count=12, side=60):
    """A ground that fades or a gradient, disks of which some last one frame, noise; or none."""
    rng = np.random.default_rng(seed)
    transparent = seed % 3 == 2
    y, x = np.mgrid[:side, :side] / side
    ground, other = rng.integers(0, 256, (2, 3))
    wave, turn = rng.normal(size=(3, 2)), rng.normal(size=3)
    disks = [
        (rng.uniform(0, 1, 2), rng.uniform(0.02, 0.3), rng.integers(0, 256, 3), rng.integers(count))
        for _ in range(9)
    ]
    frames = []
    for i in range(count):
        u = i / count
        frame = np.full((side, side, 4), 255, np.uint8)
        frame[..., :3] = ground + u * (other - ground) * (seed % 2)
        if transparent:
            frame[:] = 0
        if seed % 4 == 1:
            frame[..., :3] = 128 + 127 * np.sin(
                3 * (x[..., None] * wave[:, 0] + y[..., None] * wave[:, 1]) + 9 * u * turn
            )
        for k, (at, radius, color, when) in enumerate(disks):
            cover = np.clip((radius - np.hypot(x - at[0], y - at[1])) * side, 0, 1)[..., None]
            if k < 4 and i != when:
                continue
            hue = color if k % 3 else 128 + 127 * np.sin(6 * u + color)
            if transparent:
                inside = cover[..., 0] > 0.5
                frame[inside, :3], frame[inside, 3] = hue, 255
            else:
                frame[..., :3] = np.round(frame[..., :3] * (1 - cover) + hue * cover)
        if seed % 5 == 4 and i == 5:
            frame[20:50, 20:50, :3] = rng.integers(0, 256, (30, 30, 3))
            frame[20:50, 20:50, 3] = 255
        frames.append(frame)
    return frames, transparent


@pytest.mark.parametrize("mixed", [True, False])
@pytest.mark.parametrize("seed", some(range(10), 5))
def test_every_frame_is_like_its_picture_whatever_the_film_does(seed, mixed, monkeypatch):
    if not mixed:
        monkeypatch.setattr("gradart.rendering.formats.quantization.SEEN", np.inf)
    frames, transparent = random_film(seed)
    for shown, wanted in zip(
        played(traced(frames, transparent=transparent))[0], frames, strict=True
    ):
        gap = distances(shown, wanted)
        assert gap.max(initial=0) <= FAR
        if not mixed and len(gap) and len(np.unique(keys(wanted))) <= 600:
            assert (gap > CLOSE).mean() <= MUCH


def test_a_color_of_a_few_frames_is_theirs_and_changes_nothing_else():
    """In none of the frames that the palette is made from; then all is as if it never was."""
    frames = strokes(5)
    frames[1] = frames[1].copy()
    frames[1][10:60, 10:60] = (0, 255, 0, 255)
    data = traced(frames)
    shown = played(data)[0]
    assert (shown[1][10:60, 10:60] == (0, 255, 0, 255)).all()
    assert max(distances(a, b).max() for a, b in zip(shown, frames, strict=True)) <= FAR
    before = played(traced([frames[0], frames[0], *frames[2:]]))[0]
    np.testing.assert_array_equal([shown[0], *shown[2:]], [before[0], *before[2:]])
    info = subprocess.run(["gifsicle", "--info"], input=data, capture_output=True, check=True)
    assert info.stdout.decode().count("local color table") == 1
    assert not info.stderr
    np.testing.assert_array_equal(ffmpegs(data, (160, 160)), shown)
