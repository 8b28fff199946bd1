"""What follows from a sketch's derivative: how its parameters move the picture, and the way back."""
