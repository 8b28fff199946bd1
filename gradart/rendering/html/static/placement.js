// How a drawing is fitted to its page, as gradart/rendering/layout/page.py does it.

/** @import { Corner, Mark, Numbers, Placement, Scene, Shape, Sheet } from "./scene.js" */

/**
 * Where the page's corner lies on a canvas that shows all of it. Its short side is rounded to whole
 * pixels: what is centered in mm stays centered.
 * @param {{ width: number, height: number }} canvas
 * @param {Sheet} sheet
 * @param {number} pixelsPerMm
 * @returns {Corner}
 */
export function cornerOf(canvas, sheet, pixelsPerMm) {
  const { width, height } = canvas;
  return { x: (width - sheet.width * pixelsPerMm) / 2, y: (height - sheet.height * pixelsPerMm) / 2 };
}

/**
 * The placement that centers all scenes, one or a film's, within the page's margin. A scene's box
 * counts where it has one; else all its ink does: points, and the mm around them of strokes, dots
 * and type. The scenes are taken one by one, and none is held.
 * @param {Iterable<Scene>} scenes
 * @param {Sheet} sheet
 * @returns {Placement}
 */
export function fit(scenes, sheet) {
  /** @type {number[][]} x, and the mm of ink below and above it; the same of y */
  const ends = [[], []];
  for (const scene of scenes) {
    if (scene.box) ofBox(scene.box, ends);
    else scene.marks.forEach((mark, index) => extent(mark, nameOf(index, mark), ends));
  }
  if (!ends[0].length) return { scale: 1, dx: sheet.width / 2, dy: sheet.height / 2 };
  const room = [sheet.width - 2 * sheet.margin, sheet.height - 2 * sheet.margin];
  // Where the ink alone fills the page, the points are fitted, and it overlaps.
  let scale = scaleOf(ends, room) ?? scaleOf(ends.map(withoutInk), room) ?? 1;
  scale = Math.min(scale, 1e300 / Math.max(1, ...ends.map(farthest))); // no point at infinity
  const [x, y] = ends.map((end) => middle(end, scale));
  return { scale, dx: sheet.width / 2 - x, dy: sheet.height / 2 + y };
}

/** What messages call the mark that stands at an index among others. @param {number} index @param {Mark} mark */
export function nameOf(index, mark) {
  return `mark ${index} (${mark.kind === "beziers" && mark.anchor ? "text" : mark.kind})`;
}

/**
 * The largest of numbers of mm, 0 of none; an error where one is NaN, infinite or negative.
 * @param {Numbers} values
 * @param {string} what
 */
export function largest({ data }, what) {
  let top = 0;
  for (let i = 0; i < data.length; i += 1) {
    const value = data[i];
    if (!(value >= 0 && value < Infinity)) throw new Error(`${what} must be 0 mm or more and finite, not ${value}`);
    if (value > top) top = value;
  }
  return top;
}

/**
 * The lowest and the highest coordinates [x0, y0, x1, y1] of points (..., 2), NaN left out; null
 * where there is none, an error where one is infinite.
 * @param {Numbers} points
 * @param {string} what
 * @returns {number[] | null}
 */
export function bounds({ data }, what) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < data.length; i += 2) {
    const x = data[i];
    const y = data[i + 1];
    if (Math.abs(x) === Infinity || Math.abs(y) === Infinity) {
      throw new Error(`${what}: a point is infinite; write NaN where the pen lifts`);
    }
    if (x !== x || y !== y) continue; // of a point with one NaN, the other number does not count
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
  }
  return x0 <= x1 ? [x0, y0, x1, y1] : null;
}

/**
 * The same of paths of cubic pieces (n, 3k + 1, 2): where they run, not their controls.
 * @param {Numbers} points
 * @param {string} what
 * @returns {number[] | null}
 */
function curveBounds(points, what) {
  if (!bounds(points, what)) return null;
  const [rows, length] = points.shape;
  const found = [Infinity, Infinity, -Infinity, -Infinity];
  for (let row = 0; row < rows; row += 1) {
    for (let piece = 0; 3 * piece + 3 < length; piece += 1) {
      const at = 2 * (row * length + 3 * piece);
      const numbers = Array.from(points.data.slice(at, at + 8));
      if (numbers.some(Number.isNaN)) continue; // it is not drawn
      for (const axis of [0, 1]) {
        const reach = extremes(numbers[axis], numbers[axis + 2], numbers[axis + 4], numbers[axis + 6]);
        found[axis] = Math.min(found[axis], ...reach);
        found[axis + 2] = Math.max(found[axis + 2], ...reach);
      }
    }
  }
  return found[0] <= found[2] ? found : null;
}

/**
 * What a coordinate of a cubic piece may be at its farthest: at its ends, and where its derivative,
 * a quadratic, is 0.
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 */
function extremes(a, b, c, d) {
  const ends = [a, d];
  if (Math.min(b, c) >= Math.min(a, d) && Math.max(b, c) <= Math.max(a, d)) return ends;
  const size = Math.max(Math.abs(b - a), Math.abs(c - b), Math.abs(d - c));
  const [first, inner, last] = [(b - a) / size, (c - b) / size, (d - c) / size];
  const half = inner - first; // the derivative is first + 2 half t + bend t^2
  const bend = last - inner - half;
  const root = Math.sqrt(Math.max(half * half - bend * first, 0));
  const larger = -half - (half < 0 ? -root : root); // without a difference of what is alike
  for (const t of [larger / bend, first / larger]) {
    const s = 1 - t;
    if (t > 0 && t < 1) ends.push(s ** 3 * a + 3 * s ** 2 * t * b + 3 * s * t ** 2 * c + t ** 3 * d);
  }
  return ends;
}

/** @param {Numbers} box @param {number[][]} ends */
function ofBox({ data }, ends) {
  if (!data.every(Number.isFinite)) throw new Error(`the scene's box must be finite, not ${data.join(", ")}`);
  for (let i = 0; i < 4; i += 1) ends[i % 2].push(data[i], 0, 0);
}

/**
 * Add to `ends` the points of a mark that count, with the ink around them.
 * @param {Mark} mark
 * @param {string} what
 * @param {number[][]} ends
 */
function extent(mark, what, ends) {
  if (mark.kind === "group") {
    const shown = mark.mask ?? mark.marks; // it reaches as far as its mask
    shown.forEach((part, index) => extent(part, `${what}, ${nameOf(index, part)}`, ends));
    return;
  }
  let pen = mark.stroke ? largest(mark.width, `${what}: width`) / 2 : 0;
  if (mark.kind === "dots" && mark.radius?.shape.length) {
    ofDisks(mark, mark.radius, pen, what, ends);
    return;
  }
  if (mark.kind === "dots" && mark.radius) pen += largest(mark.radius, `${what}: radius`);
  const points = mark.kind === "raster" ? mark.corners : mark.points;
  const of = mark.kind === "beziers" ? curveBounds : bounds;
  const found = points ? of(points, what) : null;
  if (!found) return;
  const [x0, y0, x1, y1] = found;
  if (mark.kind === "beziers" && mark.anchor) {
    const foot = bounds(mark.anchor, what);
    if (!foot) return;
    ends[0].push(foot[0], x0 - pen, x1 + pen);
    ends[1].push(foot[1], y0 - pen, y1 + pen);
  } else {
    ends[0].push(x0, -pen, pen, x1, -pen, pen);
    ends[1].push(y0, -pen, pen, y1, -pen, pen);
  }
}

/**
 * @param {Shape} mark
 * @param {Numbers} radius
 * @param {number} pen
 * @param {string} what
 * @param {number[][]} ends
 */
function ofDisks(mark, radius, pen, what, ends) {
  largest(radius, `${what}: radius`);
  if (!bounds(mark.points, what)) return;
  const { data } = mark.points;
  for (let i = 0; i < radius.data.length; i += 1) {
    const reach = radius.data[i] + pen;
    const x = data[2 * i];
    const y = data[2 * i + 1];
    if (x !== x || y !== y) continue;
    ends[0].push(x, -reach, reach);
    ends[1].push(y, -reach, reach);
  }
}

/**
 * The largest scale at which all ink fits into the room; null if it never does. The ink's extent is
 * convex and piecewise linear in the scale, so Newton's steps from above reach the solution after
 * finitely many.
 * @param {number[][]} ends
 * @param {number[]} room
 */
function scaleOf(ends, room) {
  let best = Infinity;
  for (const axis of [0, 1]) {
    const places = ends[axis];
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < places.length; i += 3) {
      if (places[i] < low) low = places[i];
      if (places[i] > high) high = places[i];
    }
    const half = high / 2 - low / 2; // because the whole may be more than a number holds
    // A straight line along the other axis, or a point: any scale does.
    if (half <= 1e-12 * farthest(places) || half < 1e-290) continue;
    let scale = room[axis] / 2 / half;
    for (let step = 0; step < 100; step += 1) {
      const { first, last, start, end } = outermost(places, scale);
      const excess = end - start - room[axis];
      if (excess <= 1e-9 * room[axis]) break;
      const slope = places[last] / 2 - places[first] / 2;
      if (slope <= 0) return null;
      scale -= excess / 2 / slope;
      if (scale <= 0) return null;
    }
    best = Math.min(best, scale);
  }
  if (best < Infinity) return best;
  // A point: a unit is a millimeter, unless it lies too far out to be placed to a micrometer.
  return 1 / Math.max(1, 1e-6 * Math.max(...ends.map(farthest)));
}

/** Which ink begins first at a scale and which ends last, and where. @param {number[]} places @param {number} scale */
function outermost(places, scale) {
  let [first, last, start, end] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < places.length; i += 3) {
    const at = scale * places[i];
    if (at + places[i + 1] < start) {
      start = at + places[i + 1];
      first = i;
    }
    if (at + places[i + 2] > end) {
      end = at + places[i + 2];
      last = i;
    }
  }
  return { first, last, start, end };
}

/** @param {number[]} places @param {number} scale */
function middle(places, scale) {
  const { start, end } = outermost(places, scale);
  return start / 2 + end / 2;
}

/** @param {number[]} places */
const withoutInk = (places) => places.map((value, i) => (i % 3 ? 0 : value));

/** @param {number[]} places */
function farthest(places) {
  let most = 0;
  for (let i = 0; i < places.length; i += 3) most = Math.max(most, Math.abs(places[i]));
  return most;
}
