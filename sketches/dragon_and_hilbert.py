"""Two curves that fill the plane: J. Heighway's dragon (1966), and that of D. Hilbert (1891)."""

import numpy as np

import gradart as ga

COLORS = ["#0b3c5d", "#c8553d", "#e0a030", "#3b8076"]


@ga.sketch(page="a4")
def dragon_and_hilbert(folds=12, order=5):
    def quarters(path, middle, width):  # each is a copy of the whole
        path = (path - (path.min(0) + path.max(0)) / 2) * width / np.ptp(path[:, 0]) + middle
        a, b = path[:-1, None], path[1:, None]
        path = np.concatenate([a * 3 + b, a + b * 3], 1).reshape(-1, 2) / 4  # corners cut
        n = len(path) // 4
        return [
            ga.lines(path[i * n : i * n + n + 1], width=0.5, stroke=COLORS[i]) for i in range(4)
        ]

    return ga.scene(
        quarters(ga.space_filling("dragon", folds), (0, 0.85), 1.15),
        quarters(ga.space_filling("hilbert", order), (0, 0), 0.75),
        paper="#f7f3ea",
    )


if __name__ == "__main__":
    ga.main(dragon_and_hilbert)
