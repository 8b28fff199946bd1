"""`gradart watch`: a page in the browser that draws a sketch while it is written."""
