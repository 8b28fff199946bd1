"""The last picture of a sketch that is pulled, and how it changes with each number."""

import time
from collections.abc import Sequence
from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from gradart.drawing.shapes import Mark
from gradart.optimizing.placed_marks.page_points import Drawn, PagePoints
from gradart.optimizing.placed_marks.tangents import Tangent, tangents

_Key = tuple[tuple[float, ...], float, tuple[float, ...]]


class Pictures:
    """Pictures of a sketch with numbers (k,), at a playhead, as they lie on a page, one at a time.

    `seconds` is what one takes, as far as that is known.
    """

    def __init__(self, drawing: PagePoints) -> None:
        self._drawing = drawing
        self._drawn: dict[_Key, tuple[Sequence[Mark], Drawn]] = {}
        self._tangents: dict[_Key, tuple[Drawn, list[Tangent]]] = {}
        self._takes_arrays: bool | None = None  # whether it takes JAX's numbers for Python's
        self.seconds = 0.0

    def drawn(
        self, vector: np.ndarray, u: float, placement: np.ndarray
    ) -> tuple[Sequence[Mark], Drawn]:
        """What is drawn, by its marks in the artist's coordinates and in mm."""
        key = _key(vector, u, placement)
        if key not in self._drawn:
            self._drawn.clear()
            began = time.perf_counter()
            self._drawn[key] = self._with_marks(vector, u, placement)
            if not self._drawing.is_made(vector):  # what is made already takes no time
                took = time.perf_counter() - began
                self.seconds = min(self.seconds or took, took)
        return self._drawn[key]

    def marks(self, vector: np.ndarray, u: float) -> Sequence[Mark]:
        """The marks alone, in the artist's coordinates."""
        return self._drawing.marks(vector, u)

    def _with_marks(
        self, vector: np.ndarray, u: float, placement: np.ndarray
    ) -> tuple[Sequence[Mark], Drawn]:
        """What is drawn, by programs that serve all numbers if the sketch can take JAX's.

        A number of Python's is written into what is compiled, which is then compiled at each value.
        """
        if self._takes_arrays:
            try:
                return self._drawing.with_marks(jnp.asarray(vector), u, placement)
            except Exception:  # whatever a sketch raises that is called with what it cannot take
                self._takes_arrays = False
        return self._drawing.with_marks(vector, u, placement)

    def tangents(
        self, vector: np.ndarray, u: float, placement: np.ndarray
    ) -> tuple[Drawn, list[Tangent]]:
        """What is drawn, and its change by each number, without tracing."""
        key = _key(vector, u, placement)
        if key not in self._tangents:
            self._tangents.clear()
            drawing = replace(self._drawing, placement=placement)
            self._tangents[key] = _, columns = tangents(drawing, vector, u, traceable=False)
            if self._takes_arrays is None:
                self._takes_arrays = all(column.how == "exact" for column in columns)
        return self._tangents[key]


def _key(vector: np.ndarray, u: float, placement: np.ndarray) -> _Key:
    return tuple(vector.tolist()), u, tuple(placement.tolist())
