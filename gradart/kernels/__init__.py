"""Compiled functions as object code: kept in files, loaded without a compiler, and called."""
