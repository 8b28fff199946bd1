"""What an artist reaches for: curves, fields, photographs, elevation, other frameworks."""

from gradart.library import curves as curves
from gradart.library import fields as fields
