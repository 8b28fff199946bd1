"""The colors of a picture, made small: upright, on white."""

import os
import warnings

import numpy as np

from gradart.errors import ArtError
from gradart.library.file_checks import afford, opened
from gradart.library.photographs import PICTURES


def read_colors(file: str | os.PathLike[str], side: int) -> np.ndarray:
    """The sRGB of a picture, (rows, columns, 3) in [0, 1], of at most `side` pixels a side.

    The mean of the pixels that fall into one. Pillow reads it, for these files: PICTURES.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    with opened(file) as (path, stream), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own; the budget is ours
        try:
            with Image.open(stream, formats=PICTURES) as picture:
                afford(picture.size, path.name, "pixels")
                upright = ImageOps.exif_transpose(picture).convert("RGBA")
        except (UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise ArtError(
                f"{path.name} is not a picture of colors: give {', '.join(PICTURES)}"
            ) from error
        white = Image.new("RGBA", upright.size, "white")
        whole = Image.alpha_composite(white, upright).convert("RGB")
        whole.thumbnail((side, side), Image.Resampling.BOX)
        return np.asarray(whole) / 255
