"""The process that runs a sketch, and paints what the page asks for."""
