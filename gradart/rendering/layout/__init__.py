"""Where a drawing lies on its page, and what of it the paper shows."""
