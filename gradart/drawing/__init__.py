"""What is drawn, as frozen values: marks, their style, and scenes."""
