"""Sound from files, as how loud it is at a film's playhead, as a whole and band by band."""

import dataclasses
import functools
import os
import warnings
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax.typing import ArrayLike

from gradart.calculus.checks.arguments import short
from gradart.calculus.programs.precision import constant
from gradart.errors import ArtError
from gradart.files.temporary import scratch
from gradart.library.readers.file_checks import opened
from gradart.library.readers.sound_files import checked, decode
from gradart.types import Number

_BYTES = 500_000_000
_RATE = 100  # measurements a second
_WINDOW = 0.05  # seconds that a measurement looks at: two periods of the lowest band
_LOWEST, _HIGHEST = 40.0, 16_000.0  # Hz
_FAINT = 1e-3  # of the loudest band: bands that are fainter throughout are not raised further
_BLOCK = 512  # measurements at a time


@functools.partial(
    jax.tree_util.register_dataclass,
    data_fields=["levels", "band_levels"],
    meta_fields=["seconds", "edges"],
)
@dataclasses.dataclass(frozen=True, eq=False)
class Sound:
    """How loud a sound is: `level(u)` as a whole and `bands(u)` by pitch, at a playhead u.

    Made by `sound`. It lasts `seconds`, so that a film of that length hears all of it; `edges` are
    the frequencies in Hz that part the bands, low ones first. `levels` (n,) and `band_levels` (n,
    bands) are what is measured, evenly from the beginning to the end. A pytree, whose functions can
    be traced, compiled and differentiated.

    >>> import scipy.io.wavfile
    >>> scipy.io.wavfile.write("tone.wav", 8000, np.sin(np.arange(8000) / 3))
    >>> ga.sound("tone.wav").seconds
    1.0
    """

    levels: ArrayLike
    band_levels: ArrayLike
    seconds: float
    edges: tuple[float, ...]

    def level(self, u: Number) -> jax.Array:
        """How loud it is at playhead `u` in [0, 1]: from 0, silence, to 1, where it is loudest.

        >>> import scipy.io.wavfile
        >>> scipy.io.wavfile.write("tone.wav", 8000, np.sin(np.arange(8000) / 3))
        >>> bool(ga.sound("tone.wav").level(0.5) > 0.9)
        True
        """
        return self._at(u, jnp.asarray(constant(self.levels)))

    def bands(self, u: Number) -> jax.Array:
        """How loud each band is at playhead `u` in [0, 1]: (bands,), low ones first.

        Each is 1 where it is loudest, but for bands in which there is next to nothing.

        >>> import scipy.io.wavfile
        >>> scipy.io.wavfile.write("tone.wav", 8000, np.sin(np.arange(8000) / 3))
        >>> ga.sound("tone.wav", bands=4).bands(0.5).shape
        (4,)
        """
        return self._at(u, jnp.asarray(constant(self.band_levels)))

    def _at(self, u: Number, table: jax.Array) -> jax.Array:
        """Linear between the measurements."""
        place = jnp.clip(jnp.asarray(u, float), 0, 1) * (len(table) - 1)
        before = jnp.clip(jnp.floor(place).astype(int), 0, len(table) - 2)
        part = place - before
        return (1 - part) * table[before] + part * table[before + 1]


def sound(file: str | os.PathLike[str], *, bands: int = 8, smooth: float = 0.05) -> Sound:
    """How loud a sound is at each playhead of a film: `sound.level(u)`, `sound.bands(u)`.

    `file` is a WAV, MP3, FLAC or Ogg, or a film with sound; several channels are averaged. The
    level is the root of the mean square; `bands` are as many ranges of frequency, each the same
    interval, from 40 Hz up to 16 kHz, or to what the file holds. `smooth` is the width of a
    Gaussian, in seconds, by which both are smoothed. Give the film the length of the sound,
    `seconds`, and the sound to the film: `render(..., audio=file)`.

    ArtError for a file that is broken, empty or of another kind.

    >>> import scipy.io.wavfile
    >>> scipy.io.wavfile.write("tone.wav", 8000, np.sin(np.arange(8000) / 3))
    >>> tone = ga.sound("tone.wav")
    >>> film = lambda u: ga.scene(ga.circles((0, 0), tone.level(u)), box=((-1, -1), (1, 1)))
    >>> film(0.5)
    """
    if isinstance(bands, bool) or not isinstance(bands, int) or not 1 <= bands <= 100:
        raise ArtError(f"bands is a whole number from 1 to 100, not {short(bands)}")
    if not (isinstance(smooth, int | float) and 0 <= smooth < 60):
        raise ArtError(f"smooth is a number of seconds from 0 to 60, not {short(smooth)}")
    rate, samples = _read(file)
    edges = np.geomspace(_LOWEST, min(_HIGHEST, rate / 2), bands + 1)
    levels, power = _measured(rate, samples, edges)
    levels, found = _smoothed(levels, smooth), _smoothed(power, smooth)
    loudest = found.max(0)
    found = found / (np.maximum(loudest, _FAINT * loudest.max()) + (loudest.max() == 0))
    levels = levels / (levels.max() or 1.0)
    return Sound(levels, found, len(samples) / rate, tuple(edges.tolist()))


def _read(file: str | os.PathLike[str]) -> tuple[int, np.ndarray]:
    """The samples a second and the samples (n,) of a file, in [-1, 1]."""
    with opened(file) as (path, stream):
        is_wave = stream.read(4) in (b"RIFF", b"RIFX", b"RF64")
    if is_wave:
        return _waves(path, path.name)
    checked(path)
    with scratch() as folder:
        samples = folder / "samples.wav"
        decode(path, samples, "-c:a", "pcm_f32le", "-fs", str(_BYTES + 1))
        return _waves(samples, path.name)


def _waves(file: Path, name: str) -> tuple[int, np.ndarray]:
    """The samples of a WAV file, which is called by a name."""
    from scipy.io import wavfile

    with opened(file) as (_, stream):
        if os.fstat(stream.fileno()).st_size > _BYTES:
            raise ArtError(f"{name} has more than {_BYTES:,} bytes of sound: cut out a part of it")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of chunks that are none of sound
            rate, data = wavfile.read(stream)
        if not 100 <= rate <= 1_000_000 or len(data) < 2:
            raise ArtError(f"{name} holds no sound")
        data = data[:, None] if data.ndim == 1 else data
        kind = data.dtype
        samples = data.astype(np.float32).mean(-1)
        if kind == np.uint8:
            samples = (samples - 128) / 128
        elif kind.kind == "i":
            samples /= -float(np.iinfo(kind).min)
        if not np.isfinite(samples).all():
            raise ArtError(f"{name} holds samples that are NaN or infinite")
        return int(rate), samples


def _measured(rate: int, samples: np.ndarray, edges: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The levels (n,) of a sound, and those (n, bands) between frequencies, by windows of Hann."""
    size = max(16, 2 * round(_WINDOW * rate / 2))
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    count = max(2, round(len(samples) / rate * _RATE) + 1)
    padded = np.pad(samples, size // 2)
    starts = np.round(np.linspace(0, len(samples), count)).astype(int)
    cells = np.searchsorted(edges, np.fft.rfftfreq(size, 1 / rate), "right") - 1
    inside = (cells >= 0) & (cells < len(edges) - 1)
    levels, power = np.empty(count), np.zeros((count, len(edges) - 1))
    for i in range(0, count, _BLOCK):
        part = padded[starts[i : i + _BLOCK, None] + np.arange(size)]
        levels[i : i + _BLOCK] = np.sqrt((part**2 * window).sum(-1) / window.sum())
        spectrum = np.abs(np.fft.rfft(part * window)) ** 2 / window.sum() ** 2
        np.add.at(power[i : i + _BLOCK].T, cells[inside], spectrum[:, inside].T)
    return levels, np.sqrt(2 * power)


def _smoothed(table: np.ndarray, seconds: float) -> np.ndarray:
    from scipy.ndimage import gaussian_filter1d

    return gaussian_filter1d(table, seconds * _RATE, axis=0, mode="nearest") if seconds else table
