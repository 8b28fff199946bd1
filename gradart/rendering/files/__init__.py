"""Where pictures go: to files that are there whole or not at all, or to a stream."""
