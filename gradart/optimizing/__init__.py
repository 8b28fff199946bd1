"""What follows from a picture's derivative by the numbers that it is made of."""
