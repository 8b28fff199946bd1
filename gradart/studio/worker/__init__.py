"""The live page's worker: a process that runs a sketch and paints what the browser asks for."""
