"""How a picture moves with the numbers that it is made of, and what that serves: fits, dragging."""
