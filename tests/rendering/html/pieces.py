"""Pieces for the tests of the page: programs written by hand, and scenes recorded as they are."""

import gzip
import re

import numpy as np

from gradart.rendering.html.byte_text import LETTERS

# A closed curve in a box, over a ring that stands still. It turns with the playhead, and with 13
# petals it is at infinity.
ROSE = """(constants) => {
  const COUNT = 900;
  const numbers = (...shape) => ({
    data: new Float64Array(shape.reduce((a, b) => a * b, 1)), shape,
  });
  const [points, stroke, paper, box, width, ring] = [
    numbers(1, COUNT, 2), numbers(4), numbers(4), numbers(2, 2), numbers(), numbers(1, COUNT, 2),
  ];
  box.data.set([-1.2, -1.2, 1.2, 1.2]);
  let now = {};
  const draw = (u) => {
    const { petals, reach, center, seed } = now;
    for (let i = 0; i < COUNT; i++) {
      const t = (2 * Math.PI * i) / (COUNT - 1);
      const wild = 0.08 * Math.sin((seed % 17) * t);
      const r = petals === 13 ? Infinity : Math.cos(petals * t + 2 * Math.PI * u) + wild;
      points.data[2 * i] = center[0] + reach * r * Math.cos(t);
      points.data[2 * i + 1] = center[1] + reach * r * Math.sin(t);
    }
  };
  return {
    outputs: [points, stroke, paper, box, width, ring],
    stages: [
      (petals = 5, reach = 1, color = [0, 0, 0, 1], dark = 0, center = [0, 0], key = [0, 7]) => {
        now = { petals, reach, center, seed: key[1] };
        stroke.data.set(color);
        paper.data.set(dark ? constants[1] : constants[0]);
        width.data[0] = 0.5;
        for (let i = 0; i < COUNT; i++) {
          const t = (2 * Math.PI * i) / (COUNT - 1);
          ring.data[2 * i] = center[0] + 0.1 * reach * Math.cos(t);
          ring.data[2 * i + 1] = center[1] + 0.1 * reach * Math.sin(t);
        }
        draw(0);
      },
      draw,
    ],
  };
}"""
INPUTS = [
    {"name": "petals", "kind": "int", "default": 5, "low": 1, "high": 13, "words": "in all"},
    {"name": "reach", "kind": "float", "default": 1.0, "low": 0.1, "high": 10, "log": True},
    {"name": "line_color", "kind": "color", "default": "#c2410c"},
    {"name": "dark", "kind": "bool", "default": False},
    {"name": "center", "kind": "list", "default": [0.0, 0.0], "low": -1, "high": 1},
    {"name": "key", "kind": "key", "default": 7},
]
MARK = {
    "kind": "lines",
    "closed": True,
    "moves": True,
    "points": 0,
    "radius": None,
    "corners": None,
    "anchor": None,
    "stroke": 1,
    "fill": None,
    "width": 4,
    "blend": {"kind": "over", "exposure": None, "embed": False},
    "gradient": None,
    "layer": None,
}


def rose(*, film=True, page=(200, 200), **told):
    """Art, code and constants of a curve with a parameter of each kind."""
    art = {
        "title": "Rose",
        "description": "A closed curve that turns.",
        "alt": "A rose with five petals in one line.",
        "film": film,
        "seconds": 4.0,
        "fps": 25.0,
        "at": 0.0,
        "page": {"width": page[0], "height": page[1], "margin": 15.0},
        "paper": 2,
        "box": 3,
        "paperMoves": False,
        "boxMoves": False,
        "marks": [MARK | {"moves": False, "points": 5}, MARK | {"moves": film}],
        "inputs": INPUTS,
        "fixed": [
            {"name": "points_of_it", "value": 900, "why": "it says how many numbers there are"}
        ],
    }
    papers = np.array([0xF7, 0xF4, 0xED, 255]) / 255, np.array([17, 17, 20, 255]) / 255
    return art | told, ROSE, papers


def script_of(html):
    """The script of a page, unpacked."""
    packed = re.search(r'id="code">([^<]*)<', html)[1]
    return gzip.decompress(bytes_of(packed)).decode()


def bytes_of(text):
    """The bytes that a text of letters stands for, as one large number."""
    number = bits = 0
    for k in range(0, len(text), 2):
        places = [LETTERS.index(letter) for letter in text[k : k + 2]]
        number |= sum(91**j * place for j, place in enumerate(places)) << bits
        bits += 13 if len(places) == 2 else 6
    return number.to_bytes((bits + 7) // 8, "little")[: bits // 8]
