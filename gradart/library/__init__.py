"""Ready material: curves, fields, noise, photographs, elevation, functions of other frameworks."""

from gradart.library import curves as curves
from gradart.library import fields as fields
