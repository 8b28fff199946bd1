"""Two curves that fill the plane: J. Heighway's dragon (1966), on that of D. Hilbert (1891)."""

import numpy as np

import gradart as ga

COLORS = ["#0b3c5d", "#c8553d", "#e0a030", "#3b8076"]
PAPER = "#f7f3ea"


@ga.sketch(page="square")
def dragon_and_hilbert(folds=12, order=6):
    def quarters(path, size, width):  # each is a copy of the whole
        path = (path - (path.min(0) + path.max(0)) / 2) * size / np.ptp(path[:, 0])
        a, b = path[:-1, None], path[1:, None]
        path = np.concatenate([a * 3 + b, a + b * 3], 1).reshape(-1, 2) / 4  # corners cut
        n = len(path) // 4
        parts = [path[i * n : i * n + n + 1] for i in range(4)]
        return path, [ga.lines(parts[i], width=width, stroke=COLORS[i]) for i in range(4)]

    _, ground = quarters(ga.space_filling("hilbert", order), 1.0, 0.28)
    dragon, figure = quarters(ga.space_filling("dragon", folds), 0.82, 0.85)
    return ga.scene(ground, ga.lines(dragon, width=3.4, stroke=PAPER), figure, paper=PAPER)


if __name__ == "__main__":
    ga.main(dragon_and_hilbert)
