"""EXIF: how large a picture is, and that its colors are sRGB, for formats without such fields."""

from gradart.rendering.formats.provenance import moment

# Of the standard: CIPA DC-008, "Exchangeable image file format for digital still cameras" (2023).
_ACROSS, _DOWN, _UNIT, _CAMERA = 0x011A, 0x011B, 0x0128, 0x8769
_MADE, _ZONE, _COLORS = 0x9003, 0x9011, 0xA001
_INCH, _SRGB = 2, 1


def exif(density: float, day: str) -> bytes:
    """The bytes that say that a picture has `density` pixels to the inch, sRGB, and its day."""
    from PIL import Image

    told = Image.Exif()
    told[_ACROSS] = told[_DOWN] = density
    told[_UNIT] = _INCH
    camera: dict[int, object] = {_COLORS: _SRGB}
    if made := moment(day):
        camera |= {_MADE: f"{made:%Y:%m:%d %H:%M:%S}", _ZONE: "+00:00"}
    told[_CAMERA] = camera
    return told.tobytes()
