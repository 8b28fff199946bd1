"""The live page's server: a browser speaks to it, and it hands requests to worker processes."""
