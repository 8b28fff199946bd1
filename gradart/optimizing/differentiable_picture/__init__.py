"""Pixels as a function of marks, with exact derivatives both ways."""
