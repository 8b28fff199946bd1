"""Films made to fit a number of bytes, as `max_size` asks."""

import io
import warnings

import pytest
from PIL import Image, ImageSequence

import gradart as ga
from gradart.rendering.film_size import Way, size_in_bytes, ways, write_within

SMALL = {"format": "gif", "px": 96, "seconds": 0.4, "page": "square"}


def film(u):
    """Many colors, all of which change."""
    tones = [
        [[((x * y * 7 + 60 * u) % 97) / 97, x / 24, y / 24] for x in range(24)] for y in range(24)
    ]
    return ga.scene(ga.raster(tones, ((0, 0), (1, 1))))


def made(**how):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        return ga.render(film, **SMALL, **how), [str(w.message) for w in said]


@pytest.fixture(scope="module")
def whole():
    return made()[0]


@pytest.mark.exhaustive
def test_the_file_fits_is_a_film_of_the_same_length_and_is_the_same_again(whole):
    most = int(0.25 * len(whole))
    data, [said] = made(max_size=f"{most}")
    assert len(data) <= most
    assert said.startswith(f"to fit {most:,} bytes the film has ")
    with Image.open(io.BytesIO(data)) as picture:
        assert f"{picture.width} px" in said
        length = sum(frame.info["duration"] for frame in ImageSequence.Iterator(picture))
    assert length == 400
    assert made(max_size=f"{most}") == (data, [said])


@pytest.mark.exhaustive
def test_what_fits_as_it_is_keeps_its_bytes(whole):
    assert made(max_size=f"{len(whole)}B") == (whole, [])


def test_what_cannot_fit_is_told(tmp_path):
    def write(file, way):
        file.write_bytes(b"x" * 1234)

    with pytest.raises(
        ga.ArtError, match=r"32 colors, 320 px and 6\.25 fps the film still has 1,234"
    ):
        write_within(1000, tmp_path / "a.gif", write, ways(640, 25, 100))


@pytest.mark.parametrize(
    ("text", "count"),
    [("2MB", 2_000_000), ("500kb", 500_000), (" 1.5 MiB ", 1_572_864), ("800000", 800_000)],
)
def test_sizes_are_read(text, count):
    assert size_in_bytes(text) == count


@pytest.mark.parametrize("text", ["", "MB", "-2MB", "0", "nan", "2 parsecs", "1e9", "9" * 99, -5])
def test_what_is_no_size_is_told_before_any_work(text):
    with pytest.raises(ga.ArtError, match="max_size is a size like 2MB, 500kB or 800000"):
        ga.render(lambda u: pytest.fail("was drawn"), **SMALL, max_size=text)


@pytest.mark.parametrize("ending", [".mp4", ".webp", ".png", ".svg", ""])
def test_other_formats_refuse_it(ending, tmp_path):
    with pytest.raises(ga.ArtError, match=r"max_size is for \.gif, not for"):
        ga.render(film, tmp_path / f"a{ending}", max_size="2MB")
    assert not list(tmp_path.iterdir())


def test_colors_go_first_then_pixels_then_frames():
    found = ways(640, 25, 100)
    assert found[0] == Way(256, 640, 25)
    assert found == sorted(found, key=lambda way: (-way.fps, -way.px, -way.colors))
    assert ways(640, 25, 1)[-1].fps == 25  # of one frame there are no fewer


def test_the_first_way_that_fits_is_taken(tmp_path):
    found = ways(640, 25, 100)
    sizes = {way: 1000 - 50 * number for number, way in enumerate(found)}
    for most in (1000, 960, 700, sizes[found[-1]]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            write_within(
                most, tmp_path / "a", lambda file, way: file.write_bytes(b"x" * sizes[way]), found
            )
        wanted = max(size for size in sizes.values() if size <= most)
        assert len((tmp_path / "a").read_bytes()) == wanted
