"""How far a picture moves along each number of its sketch."""
