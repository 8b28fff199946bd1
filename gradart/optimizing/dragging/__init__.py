"""A drawing pulled by hand: the numbers of its sketch follow."""
