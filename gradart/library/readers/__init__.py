"""Files of others, checked and read: elevation, maps, meshes, tables, sound, SVG."""
