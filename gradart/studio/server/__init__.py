"""What serves the page, and hands its requests to workers."""
