"""Where a map folds, and where a complex function has a zero, a pole or a cut."""
