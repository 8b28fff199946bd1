"""Truchet tiles: quarter circles, each pair turned by a coin, join to loops. C. S. Smith, 1987."""

import gradart as ga


@ga.sketch(page="square", seed=4)
def truchet(key, n=12):
    arcs = ga.truchet(key, n, n)
    side = 170 / n  # mm of a tile
    return ga.scene(
        ga.beziers(arcs, width=0.56 * side, stroke="#1f3a4d"),
        ga.beziers(arcs, width=0.40 * side, stroke="#f4efe4"),
        ga.beziers(arcs, width=0.20 * side, stroke="#d1495b"),
        paper="#f4efe4",
    )


if __name__ == "__main__":
    ga.main(truchet)
