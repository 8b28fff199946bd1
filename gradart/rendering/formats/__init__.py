"""The files that pictures and films become, format by format."""
