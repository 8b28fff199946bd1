"""Patterns that fill a region: packings, partitions, tilings, hatching, growth."""
