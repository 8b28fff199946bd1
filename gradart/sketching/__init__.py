"""Sketches: functions of parameters that return a scene or a film."""
