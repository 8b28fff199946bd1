"""The live page of `gradart watch`: a browser shows a sketch while it is written."""
