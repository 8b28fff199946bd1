"""The process that runs a sketch, and paints what the browser asks for."""
