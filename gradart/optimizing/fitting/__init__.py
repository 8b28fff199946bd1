"""A drawing fitted to a picture: targets, losses, steps, what is kept."""

from gradart.optimizing.fitting import losses as losses
