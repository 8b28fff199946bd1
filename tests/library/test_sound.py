"""Sound: as loud as it is, when it is, and at the pitch that it has, in every kind of WAV."""

import struct
import subprocess
import wave

import jax
import numpy as np
import pytest
from scipy.io import wavfile

import gradart as ga
from gradart.ffmpeg import ffmpeg

RATE = 8000
T = np.arange(2 * RATE) / RATE
RISING = T / 2 * np.sin(2 * np.pi * 440 * T)


def saved(path, samples, kind=np.float32, rate=RATE):
    wavfile.write(path, rate, samples.astype(kind))
    return path


def test_the_level_follows_the_amplitude(tmp_path):
    found = ga.sound(saved(tmp_path / "a.wav", RISING))
    assert found.seconds == 2
    u = np.linspace(0.1, 0.9, 9)
    levels = np.array([found.level(v) for v in u])
    np.testing.assert_allclose(levels / levels[-1], u / u[-1], atol=0.005)
    assert float(np.max(found.levels)) == pytest.approx(1)


@pytest.mark.parametrize("kind", ["8", "16", "24", "32", "float", "double", "stereo"])
def test_all_kinds_of_samples_say_the_same(kind, tmp_path):
    wanted = ga.sound(saved(tmp_path / "a.wav", RISING))
    file = tmp_path / "b.wav"
    match kind:
        case "8":
            saved(file, RISING * 127 + 128, np.uint8)
        case "16" | "32":
            saved(file, RISING * (2 ** (int(kind) - 1) - 1), f"int{kind}")
        case "24":
            with wave.open(str(file), "wb") as out:
                out.setparams((1, 3, RATE, 0, "NONE", ""))
                numbers = (RISING * (2**23 - 1)).astype("<i4")
                out.writeframes(numbers.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
        case "stereo":
            saved(file, np.stack([RISING * 0.5, RISING * 1.5], -1))
        case _:
            saved(file, RISING, np.float32 if kind == "float" else np.float64)
    step = 0.01 if kind == "8" else 1e-3
    np.testing.assert_allclose(ga.sound(file).levels, wanted.levels, atol=step)


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "webm"])
def test_other_files_sound_as_the_wav_that_they_are_made_of(suffix, tmp_path):
    first = saved(tmp_path / "a.wav", RISING)
    subprocess.run([ffmpeg(), "-v", "error", "-i", first, tmp_path / f"b.{suffix}"], check=True)
    wanted, found = ga.sound(first), ga.sound(tmp_path / f"b.{suffix}")
    assert found.seconds == pytest.approx(wanted.seconds, abs=0.1)
    for u in (0.2, 0.5, 0.8):
        assert float(found.level(u)) == pytest.approx(float(wanted.level(u)), abs=0.06)
        # Opus has 48,000 samples a second, and so other bands.
        assert int(found.bands(u).argmax()) == np.searchsorted(found.edges, 440) - 1


def test_each_tone_is_in_its_band_while_it_sounds(tmp_path):
    tones = np.where(T < 1, np.sin(2 * np.pi * 150 * T), 0.1 * np.sin(2 * np.pi * 2500 * T))
    found = ga.sound(saved(tmp_path / "a.wav", tones), bands=6)
    low, high = (np.searchsorted(found.edges, hertz) - 1 for hertz in (150, 2500))
    early, late = np.asarray(found.bands(0.25)), np.asarray(found.bands(0.75))
    assert int(early.argmax()) == low != high == int(late.argmax())
    assert early[high] < 0.05
    assert late[low] < 0.05
    assert late[high] == pytest.approx(1, abs=0.05)


def test_a_frame_of_it_is_traced(tmp_path):
    found = ga.sound(saved(tmp_path / "a.wav", RISING))
    for u in (0.0, 0.3, 1.0):
        np.testing.assert_allclose(jax.jit(found.level)(u), found.level(u), rtol=1e-6)
    assert float(jax.grad(found.level)(0.501)) == pytest.approx(1, abs=0.1)
    np.testing.assert_allclose(jax.jit(lambda s, u: s.bands(u))(found, 0.3), found.bands(0.3))
    assert float(found.level(7)) == float(found.level(1.0))


def test_silence_is_silent(tmp_path):
    found = ga.sound(saved(tmp_path / "a.wav", np.zeros(900)))
    assert float(found.level(0.5)) == 0
    assert not np.asarray(found.bands(0.5)).any()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds no sound"),
        (b"ID3" + bytes(60), "a.wav holds no sound that can be read"),
        (b"RIFF" + struct.pack("<I", 36) + b"WAVE", "broken|no sound"),
        (b"RIFF" + b"\xff" * 100, "broken|no sound"),
    ],
)
def test_broken_files_are_refused_in_a_line(data, said, tmp_path):
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(ga.ArtError, match=said):
        ga.sound(tmp_path / "a.wav")


def test_samples_and_arguments_that_are_none_are_told(tmp_path):
    file = saved(tmp_path / "a.wav", RISING)
    with pytest.raises(ga.ArtError, match="NaN or infinite"):
        ga.sound(saved(tmp_path / "b.wav", np.array([0, np.nan, 1.0])))
    with pytest.raises(ga.ArtError, match="holds no sound"):
        ga.sound(saved(tmp_path / "c.wav", np.zeros(0)))
    with pytest.raises(ga.ArtError, match="bands is a whole number"):
        ga.sound(file, bands=0)
    with pytest.raises(ga.ArtError, match="smooth is a number of seconds"):
        ga.sound(file, smooth=float("nan"))
