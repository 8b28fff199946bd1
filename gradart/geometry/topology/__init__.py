"""What parts the plane under a field or a map: separatrices, cells, basins."""
