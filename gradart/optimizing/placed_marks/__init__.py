"""Marks on their page, in mm, as functions of the numbers of a sketch."""
