"""Curves by their derivatives: frames, arc length, osculating circles, evolutes, offsets."""
