"""What is asked of the functions and numbers that an artist hands over, and how it is said."""
