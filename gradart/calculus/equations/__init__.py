"""Differential equations and iterated maps: paths, flows, sections, bifurcations, heat, waves."""
