"""MOV: ProRes 4444 and sound as it is, for editing; what it says of its making is the comment."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gradart.rendering.formats.mp4 import boxed
from gradart.rendering.formats.video_encoder import colors, encode, heard, is_clear
from gradart.rendering.formats.video_encoder import prepare as prepare

if TYPE_CHECKING:
    from gradart.rendering.formats.output import FilmSource, OutputSpec


def write(target: Path, film: "FilmSource", spec: "OutputSpec") -> None:
    """Write a film in 10 bits of full color, with 16 of opacity where it is transparent."""
    clear = is_clear(film, spec)
    codec = ["-c:v", "prores_ks", "-profile:v", "4444", "-alpha_bits", "16" if clear else "0"]
    shades = colors("yuva444p10le" if clear else "yuv444p10le")
    sound = heard(film.sound, "pcm_s24le")
    how = [*sound, "-vf", shades, *codec, "-movflags", "+faststart", "-f", "mov"]
    encode(target, film.frames(), film.size, film.fps, how, spec.provenance, spec.day)


def text_in(file: BinaryIO) -> bytes:
    """The text at moov / udta / (c)cmt, after its length and its language."""
    return boxed(file, [b"moov", b"udta", b"\xa9cmt"], 4)
