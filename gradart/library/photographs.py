"""Pictures as tones: upright, on white, 0 where they are black and 1 where they are white."""

import os
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np

from gradart.calculus.checks.arguments import short
from gradart.errors import ArtError
from gradart.library.boxed_fields import Box
from gradart.library.readers import file_checks
from gradart.library.readers.elevation_rasters import dataset
from gradart.library.readers.file_checks import afford, hushed, opened

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURES = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF")
LUMA = np.array([0.2126, 0.7152, 0.0722])  # Rec. 709
_SLAB = 256  # rows: a picture as large as allowed, in numbers, is 3 GB
_SIGNED, _FLOAT = 2, 3  # kinds of sample, as TIFF counts them; 1 is unsigned
_WHITE_IS_ZERO = 0
_COLORS = {_WHITE_IS_ZERO: 1, 1: 1, 2: 3, 5: 4}  # samples of gray, RGB and CMYK


def read_tones(file: str | os.PathLike[str], crop: Box | None = None) -> np.ndarray:
    """The luma of a picture on white, or of a part of it: (rows, columns), the top row first.

    Pillow reads it, but for the TIFFs whose samples it cannot read or takes for others (of 32 and
    64 bits, signed, halves and doubles, deep white-is-zero, deep in planes): those GDAL reads.
    """
    with opened(file) as (path, stream):
        tiff = _tiff(stream)
        tones = _plain(path, stream, _tones) if tiff is None or tiff.is_plain else None
        if tones is None:
            if tiff is None:
                raise ArtError(f"{path.name} is not a picture: give {', '.join(PICTURES)}")
            tones = _upright(_deep(path, tiff), tiff.orientation)
        if not np.isfinite(tones).all():
            raise ArtError(f"{path.name} holds tones that are NaN or infinite: save it without")
        return cropped(tones, crop)


def read_colors(file: str | os.PathLike[str], crop: Box | None = None) -> np.ndarray:
    """The colors of a picture on white, or of a part of it: (rows, columns, 3), sRGB in [0, 1].

    What `read_tones` needs GDAL for is refused.
    """
    with opened(file) as (path, stream):
        tiff = _tiff(stream)
        colors = _plain(path, stream, _colors) if tiff is None or tiff.is_plain else None
        if colors is None:
            what = f"a picture: give {', '.join(PICTURES)}" if tiff is None else "of 8 bits a color"
            raise ArtError(f"{path.name} is not {what}")
        return cropped(colors, crop)


def cropped(pixels: np.ndarray, crop: Box | None) -> np.ndarray:
    """The part of a picture (rows, columns, ...), top row first, that lies in a box in [0, 1]^2."""
    if crop is None:
        return pixels
    try:
        low, high = np.array(crop, float).reshape(2, 2)
    except (TypeError, ValueError, OverflowError):
        low = high = np.zeros(2)
    if not (np.all(low >= 0) and np.all(low < high) and np.all(high <= 1)):
        raise ArtError(f"crop is {short(crop)}: give ((x0, y0), (x1, y1)) with 0 <= x0 < x1 <= 1")
    rows, columns = pixels.shape[:2]
    left, right = np.round(np.array([low[0], high[0]]) * columns).astype(int)
    bottom, top = np.round(np.array([low[1], high[1]]) * rows).astype(int)
    if right - left < 2 or top - bottom < 2:
        raise ArtError(f"crop leaves {right - left} x {top - bottom} pixels: give a larger part")
    return pixels[rows - top : rows - bottom, left:right]


def reduced(colors: np.ndarray, side: int) -> np.ndarray:
    """Colors (rows, columns, 3) in [0, 1] of at most so many pixels a side: means, of 8 bits."""
    from PIL import Image

    image = Image.fromarray(np.round(colors * 255).astype(np.uint8))
    image.thumbnail((side, side), Image.Resampling.BOX)
    return np.asarray(image) / 255


class _Tiff(NamedTuple):
    """What the first picture of a TIFF says of its samples (TIFF 6.0, 1992)."""

    big_endian: bool
    bits: int
    compressed: bool
    photometric: int
    orientation: int
    samples: int
    planar: bool
    extra: tuple[int, ...]
    kind: int

    @property
    def is_plain(self) -> bool:
        """Whether Pillow reads such samples, and reads them right."""
        if self.kind == _FLOAT:
            backwards = self.big_endian and self.compressed  # their bytes stay in that order
            gray = self.samples == 1 and self.photometric != _WHITE_IS_ZERO
            return self.bits == 32 and gray and not backwards
        if self.kind == _SIGNED:
            return False
        if self.bits <= 8:
            return not (self.planar and self.samples == 2)
        return self.bits == 16 and not self.planar and self.photometric != _WHITE_IS_ZERO


def _tiff(stream: BinaryIO) -> _Tiff | None:
    """What a TIFF says of its samples, read by Pillow's reader of tags; None for another file."""
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    head = stream.read(8)
    if head[:4] in (b"II+\0", b"MM\0+"):  # BigTIFF
        head += stream.read(8)
    elif head[:4] not in (b"II*\0", b"MM\0*"):
        stream.seek(0)
        return None
    tags = ImageFileDirectory_v2(head)
    stream.seek(tags.next)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tags.load(stream)
    stream.seek(0)

    def all_of(tag: int, default: tuple[int, ...]) -> tuple[int, ...]:
        found = tags.get(tag, default)
        return found if isinstance(found, tuple) else (found,)

    def one(tag: int, default: int) -> int:
        return all_of(tag, (default,))[0]

    return _Tiff(
        big_endian=head[:1] == b"M",
        bits=max(all_of(258, (1,))),
        compressed=one(259, 1) != 1,
        photometric=one(262, 1),
        orientation=one(274, 1),
        samples=one(277, 1),
        planar=one(284, 1) == 2,
        extra=all_of(338, ()),
        kind=max(all_of(339, (1,))) if max(all_of(339, (1,))) in (_SIGNED, _FLOAT) else 1,
    )


def _plain(
    path: Path, stream: BinaryIO, pixels: Callable[["Image", str], np.ndarray]
) -> np.ndarray | None:
    """The `pixels` of the upright picture that Pillow reads; None if it knows no way.

    It is given the open file: one that it opens by name it maps into memory, and a turned TIFF
    then with its width for its height.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own; the budget is ours
        try:
            with Image.open(stream, formats=PICTURES) as picture:
                afford(picture.size, path.name, "pixels")
                with hushed() if picture.format == "TIFF" else nullcontext():
                    return pixels(ImageOps.exif_transpose(picture), path.name)
        except UnidentifiedImageError:
            return None
        except Image.DecompressionBombError as error:
            limit = f"the budget of {file_checks.BUDGET:,} pixels"
            raise ArtError(f"{path.name} is over {limit}: scale it down first") from error


def _tones(picture: "Image", name: str) -> np.ndarray:
    """The luma of a picture on white, all 16 bits of a gray one."""
    if picture.mode.startswith("I;16"):
        # In the processor's own order: NumPy 2.0.0 crashes where it compares the other one.
        deep = np.asarray(picture).astype(np.int32)
        clear = picture.info.get("transparency", -1)  # the one gray that is glass
        return np.where(deep == clear, 1.0, deep / 65535)
    if picture.mode == "F":
        return np.asarray(picture, dtype=float)
    if picture.mode in ("LAB", "HSV", "I"):
        raise ArtError(f"{name} keeps its colors as {picture.mode}: save it as RGB")
    pixels = np.asarray(picture.convert("RGBA"))
    tones = np.empty(pixels.shape[:2])
    for top in range(0, len(tones), _SLAB):
        red, green, blue, alpha = np.moveaxis(pixels[top : top + _SLAB] / 255, -1, 0)
        tones[top : top + _SLAB] = 1 - alpha * (1 - (0.2126 * red + 0.7152 * green + 0.0722 * blue))
    return tones


def _colors(picture: "Image", name: str) -> np.ndarray:
    """The colors of a picture on white; of a deep or gray one its tones, three times."""
    if picture.mode in ("LAB", "HSV", "I", "F") or picture.mode.startswith("I;16"):
        return np.repeat(_tones(picture, name)[..., None], 3, -1)
    pixels = np.asarray(picture.convert("RGBA"))
    colors = np.empty((*pixels.shape[:2], 3))
    for top in range(0, len(colors), _SLAB):
        slab = pixels[top : top + _SLAB] / 255
        colors[top : top + _SLAB] = 1 - slab[..., 3:] * (1 - slab[..., :3])
    return colors


def _deep(path: Path, tiff: _Tiff) -> np.ndarray:
    """The tones of a TIFF as GDAL reads it, which leaves its samples as they are."""
    with dataset(path, "GTiff") as data:
        afford(data.shape, path.name, "pixels")
        for block in data.block_shapes:
            afford(block, path.name, "pixels")
        colors = _COLORS.get(tiff.photometric)
        if colors is None or data.count < colors or "complex" in data.dtypes[0]:
            raise ArtError(f"{path.name} keeps its colors in a way not read here: save it as RGB")
        clear = [n for n, kind in enumerate(tiff.extra, colors + 1) if kind in (1, 2)]
        bands = [*range(1, colors + 1), *clear[:1]]
        white = 1.0 if tiff.kind == _FLOAT else 2.0 ** (tiff.bits - (tiff.kind == _SIGNED)) - 1
        tones = np.empty(data.shape)
        for top in range(0, len(tones), _SLAB):
            rows = (top, min(top + _SLAB, len(tones)))
            samples = data.read(bands, window=(rows, (0, data.width))).astype(float) / white
            tone = _luma(samples[:colors], tiff.photometric)
            for alpha in samples[colors:]:
                premultiplied = tiff.extra[clear[0] - colors - 1] == 1
                tone = tone + 1 - alpha if premultiplied else 1 - alpha * (1 - tone)
            tones[slice(*rows)] = tone
    return tones


def _luma(samples: np.ndarray, photometric: int) -> np.ndarray:
    if len(samples) == 1:
        return 1 - samples[0] if photometric == _WHITE_IS_ZERO else samples[0]
    if len(samples) == 4:
        samples = (1 - samples[:3]) * (1 - samples[3])  # the light that the inks leave
    return np.tensordot(LUMA, samples, 1)


def _upright(tones: np.ndarray, orientation: int) -> np.ndarray:
    """Tones turned upright, as a TIFF's orientation, 1 to 8, asks."""
    match orientation:
        case 2:
            return tones[:, ::-1]
        case 3:
            return tones[::-1, ::-1]
        case 4:
            return tones[::-1]
        case 5:
            return tones.T
        case 6:
            return tones.T[:, ::-1]
        case 7:
            return tones[::-1, ::-1].T
        case 8:
            return tones.T[::-1]
    return tones
