"""The server that a browser speaks to; it hands requests to worker processes."""
