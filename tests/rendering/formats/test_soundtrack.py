"""Films with sound, as ffmpeg decodes them."""

import os
import subprocess

import numpy as np
import pytest
from scipy.io import wavfile

import gradart as ga
from gradart.errors import ArtError, ArtWarning
from gradart.ffmpeg import ffmpeg
from gradart.rendering.formats.provenance import read

RATE = 48_000
LEFT, RIGHT = 440.0, 1000.0  # Hz
CODECS = {"mp4": "aac", "webm": "opus", "mov": "pcm_s24le"}


def film(u):
    return ga.scene(ga.dots((u, 0), 9), box=((0, 0), (1, 1)))


def tones(path, seconds, rate=44_100, pitches=(LEFT, RIGHT)):
    """A file with a sine in each channel, of half the greatest amplitude."""
    t = np.arange(round(seconds * rate)) / rate
    waves = 0.5 * np.sin(2 * np.pi * np.multiply.outer(t, pitches))
    wavfile.write(path, rate, np.squeeze(waves).astype(np.float32))
    return path


def write(path, **options):
    return ga.render(film, path, **{"page": "20x20mm", "px": 20, "fps": 5, "seconds": 1, **options})


def heard(path):
    """The samples of a film (n, 2), and what ffmpeg says of it."""
    command = [ffmpeg(), "-hide_banner", "-i", path, "-vn", "-f", "f32le", "-ar", str(RATE), "-"]
    done = subprocess.run(command, check=True, capture_output=True)
    return np.frombuffer(done.stdout, np.float32).reshape(-1, 2), done.stderr.decode()


def pitch(samples):
    return np.abs(np.fft.rfft(samples)).argmax() * RATE / len(samples)


@pytest.mark.parametrize("ending", CODECS)
def test_a_film_is_heard_as_its_sound_from_its_beginning_to_its_end(ending, tmp_path):
    track = tones(tmp_path / "tones.wav", 1)
    path = write(tmp_path / f"a.{ending}", audio=track, provenance={"made": "so"})
    samples, said = heard(path)
    assert f"Audio: {CODECS[ending]}" in said
    assert "Duration: 00:00:01.0" in said
    assert len(samples) == RATE
    inner = samples[RATE // 10 : -RATE // 10]
    for channel, wanted in zip(inner.T, (LEFT, RIGHT), strict=True):
        assert abs(pitch(channel) - wanted) < 2
        assert abs(np.sqrt(2 * np.mean(channel**2)) - 0.5) < 0.02
    assert read(path) == {"made": "so"}
    again = write(tmp_path / f"b.{ending}", audio=str(track), provenance={"made": "so"})
    assert path.read_bytes() == again.read_bytes()


@pytest.mark.parametrize("lasts", [0.4, 2.0])
def test_a_shorter_sound_is_followed_by_silence_and_a_longer_one_is_cut(lasts, tmp_path):
    track = tones(tmp_path / "tone.wav", lasts, 8000, (LEFT,))
    with pytest.warns(ArtWarning, match=rf"for {lasts:g} s, .* lasts 1 s: .*seconds={lasts:g}$"):
        path = write(tmp_path / "a.mov", audio=track)
    samples, _ = heard(path)
    assert len(samples) == RATE
    end = min(round(lasts * RATE), RATE)
    assert np.array_equal(samples[:, 0], samples[:, 1])  # one channel is heard by both ears
    assert abs(np.sqrt(2 * np.mean(samples[:end] ** 2)) - 0.5) < 0.01
    assert np.abs(samples[end + 100 :]).max(initial=0) == 0


def test_the_sound_of_another_film_is_taken(tmp_path):
    first = write(tmp_path / "a.mp4", audio=tones(tmp_path / "tones.wav", 1))
    samples, _ = heard(write(tmp_path / "b.webm", audio=first))
    assert abs(pitch(samples[:, 1]) - RIGHT) < 2


def test_what_is_no_file_with_sound_is_refused_before_the_sketch_runs(tmp_path):
    ran = []

    @ga.sketch
    def piece():
        ran.append(1)
        return film

    (tmp_path / "words.wav").write_text("no sound")
    # A playlist names other files, and addresses.
    tones(tmp_path / "tone.wav", 0.1)
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXTINF:1,\ntone.wav\n#EXT-X-ENDLIST\n")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    ga.render(film(0), tmp_path / "picture.png", px=20)
    for name, said in {
        "none.wav": "none.wav cannot be read: No such file or directory",
        "folder": "folder is not a file but a folder",
        "pipe": "pipe is not a file but a pipe or a socket",
        "words.wav": "words.wav holds no sound that can be read",
        "list.m3u8": "list.m3u8 holds no sound that can be read",
        "picture.png": "picture.png holds no sound that can be read",
    }.items():
        with pytest.raises(ArtError, match=said):
            ga.render(piece, tmp_path / "a.mp4", audio=tmp_path / name)
    with pytest.raises(ArtError, match=r"audio is for .mp4, .webm and .mov, not for .gif"):
        ga.render(piece, tmp_path / "a.gif", audio=tmp_path / "tone.wav")
    assert not ran
    wavfile.write(tmp_path / "empty.wav", 8000, np.zeros(0, np.float32))
    with pytest.raises(ArtError, match=r"empty.wav is broken, or there is no sound in it"):
        write(tmp_path / "a.mp4", audio=tmp_path / "empty.wav")
    assert not (tmp_path / "a.mp4").exists()


def test_the_command_takes_a_sound_and_makes_a_film_anew_when_it_has_changed(
    studio, gradart, tmp_path, monkeypatch
):
    monkeypatch.setattr("gradart.files.kept.cache_folder", lambda: str(tmp_path / "cache"))
    studio(
        "piece.py",
        "@ga.sketch(seconds=1)\ndef piece():\n    return lambda u: ga.scene(ga.dots((u, 0), 9))\n",
    )
    words = ["run", "piece.py", "--audio", "t.wav", "--fps", 5, "--px", 20, "--if-changed"]
    said = (2, [], ["gradart: --audio is for .mp4, .webm and .mov; write -o NAME.mp4"])
    assert gradart(*words) == said
    assert gradart(*words, "-o", "a.svg") == said
    tones(tmp_path / "t.wav", 1)
    assert gradart(*words, "-o", "a.mp4", "-o", "a.gif")[0] == 0
    first = heard(tmp_path / "a.mp4")[0]
    assert "up to date" in " ".join(gradart(*words, "-o", "a.mp4")[1])
    tones(tmp_path / "t.wav", 1, pitches=(LEFT, LEFT))
    assert gradart("rerun", "a.mp4")[1] == ["  the file of --audio has changed"]
    assert gradart(*words, "-o", "a.mp4")[0] == 0
    assert abs(pitch(heard(tmp_path / "a.mp4")[0][:, 1]) - LEFT) < abs(pitch(first[:, 1]) - LEFT)
