"""The keywords of `fit`, checked: rate, loss, scales, penalty, page, pixels, pruning, key."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import jax
import numpy as np

from gradart.calculus.checks.arguments import as_key, short
from gradart.calculus.checks.artist_functions import as_count
from gradart.calculus.equations.flow import Rate, checked_rate
from gradart.drawing.scene import Scene
from gradart.errors import ArtError
from gradart.optimizing.fitting import losses
from gradart.rendering.layout.page import Page
from gradart.rendering.layout.page import page as named_page
from gradart.types import Key

Parameters = Any  # a pytree of float arrays, as JAX takes any
Drawing = Callable[[Parameters], Scene]
Loss = Callable[..., jax.Array]  # of what is seen and what is wanted, or of what is seen alone


class FitKeywords(TypedDict, total=False):
    """Keywords of `fit`, which says what they mean."""

    rate: Rate
    loss: Loss
    scales: Sequence[float]
    penalty: Callable[[Parameters], jax.Array]
    page: str | Page
    px: int
    keep: int
    prune: int
    key: Key


@dataclass(frozen=True)
class Settings:
    """The keywords of `fit`, with their defaults; ArtError for what is none of them."""

    rate: Rate = 0.4
    loss: Loss = losses.density
    scales: Sequence[float] = (0.6, 2.0, 6.0)
    penalty: Callable[[Parameters], jax.Array] | None = None
    page: str | Page = "a4"
    px: int = 512
    keep: int = 24
    prune: int = 0
    key: Key | None = None

    def __post_init__(self) -> None:
        checked_rate(self.rate)
        for name, least in (("px", 16), ("keep", 0), ("prune", 0)):
            as_count(getattr(self, name), name, least)
        for name in ("loss", "penalty"):
            given = getattr(self, name)
            if not callable(given) and (name == "loss" or given is not None):
                raise ArtError(f"{name} is {short(given)}: give a function that makes one number")
        if self.prune and self.key is None:
            raise ArtError("a fit with prune= draws at random: give it key=key")
        if self.key is not None:
            as_key(self.key)
        if not self.radii:
            raise ArtError(
                f"scales is {short(self.scales)}: give radii of blur in mm, like (0.6, 2, 6)"
            )

    @property
    def sheet(self) -> Page:
        return self.page if isinstance(self.page, Page) else named_page(self.page)

    @property
    def radii(self) -> tuple[float, ...]:
        """The scales in mm, rising; none if there is a wrong one among them."""
        try:
            radii = sorted(float(radius) for radius in self.scales)
        except (TypeError, ValueError, OverflowError):
            return ()
        return tuple(radii) if all(0 <= radius < np.inf for radius in radii) else ()
