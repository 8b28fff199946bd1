"""Where ffmpeg is, which encodes films and reads sounds."""

import shutil

from gradart.errors import RenderFault


def ffmpeg() -> str:
    """The path of ffmpeg, which travels with imageio-ffmpeg."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        found = shutil.which(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        found = None
    if found is None:
        raise RenderFault(
            "ffmpeg is missing, which .mp4, .webm, .mov and sounds need: pip install"
            " imageio-ffmpeg, or name it in the environment variable IMAGEIO_FFMPEG_EXE"
        )
    return found
