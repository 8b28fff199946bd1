"""From scenes and films to pixels and files. Nothing here knows of sketches."""
