// Geometry cut to a window, as gradart/rendering/layout/clipping.py cuts it. A stroke loses what
// lies outside. A filled outline keeps its inside: what lies outside is pushed onto the window's
// border, which changes the winding number of no point within.

/** Its lowest and its highest corner. @typedef {{ x0: number, y0: number, x1: number, y1: number }} Window */

const NEAR = 1e9; // mm; from farther, a float64 cannot be placed to a micrometer
const SLACK = 0.5; // mm around the window: curves that end this near to it are left whole

/**
 * Cut a polyline: as open strokes, or as outlines of a fill. Empty where nothing is left.
 * @param {ArrayLike<number>} row points x, y, x, y, ...; NaN lifts the pen
 * @param {boolean} closed
 * @param {Window} box
 * @param {boolean} fill
 * @returns {number[]}
 */
export function cutLine(row, closed, box, fill) {
  const points = crossed(closed || fill ? ringed(row) : lifted(row), box);
  /** @type {number[]} */
  const out = [];
  let [lastX, lastY] = [NaN, NaN];
  let inside = false; // whether the point before was
  for (let i = 0; i < points.length; i += 2) {
    let x = points[i];
    let y = points[i + 1];
    if (fill) {
      x = clamp(x, box.x0, box.x1);
      y = clamp(y, box.y0, box.y1);
      if (x !== lastX || y !== lastY) out.push(x, y);
      [lastX, lastY] = [x, y];
      continue;
    }
    const seen = x >= box.x0 && x <= box.x1 && y >= box.y0 && y <= box.y1;
    if (seen) out.push(x, y);
    else if (inside) out.push(NaN, NaN);
    inside = seen;
  }
  return out;
}

/** A row in which a point with one NaN has two. @param {ArrayLike<number>} row */
function lifted(row) {
  /** @type {number[]} */
  const out = [];
  for (let i = 0; i < row.length; i += 2) {
    if (Number.isNaN(row[i] + row[i + 1]) && (Number.isNaN(row[i]) || Number.isNaN(row[i + 1]))) out.push(NaN, NaN);
    else out.push(row[i], row[i + 1]);
  }
  return out;
}

/** A row whose runs end where they begin. @param {ArrayLike<number>} row */
function ringed(row) {
  const points = lifted(row);
  /** @type {number[]} */
  const out = [];
  let first = -1;
  for (let i = 0; i <= points.length; i += 2) {
    const down = i < points.length && points[i] === points[i];
    if (!down && first >= 0) out.push(points[first], points[first + 1]);
    if (i < points.length) out.push(points[i], points[i + 1]);
    if (!down) first = -1;
    else if (first < 0) first = i;
  }
  return out;
}

/** A polyline with points where it crosses one of the window's lines. @param {number[]} points @param {Window} box */
function crossed(points, box) {
  /** @type {number[]} */
  const out = [];
  for (let i = 0; i < points.length; i += 2) {
    const [ax, ay, bx, by] = [points[i - 2], points[i - 1], points[i], points[i + 1]];
    if (i && ax === ax && bx === bx
      && (side(ax, box.x0, box.x1) !== side(bx, box.x0, box.x1) || side(ay, box.y0, box.y1) !== side(by, box.y0, box.y1))) {
      for (const { x, y } of crossings(ax, ay, bx, by, box)) out.push(x, y);
    }
    out.push(bx, by);
  }
  return out;
}

/** @param {number} value @param {number} low @param {number} high */
const side = (value, low, high) => (value > high ? 1 : value < low ? -1 : 0);

/** @param {number} value @param {number} low @param {number} high */
const clamp = (value, low, high) => (value < low ? low : value > high ? high : value); // NaN stays

/**
 * Where a segment from a to b crosses the window's lines, in order.
 *
 * The line is cross(d, p - r) = c. Where an end is near, it is r, and c is 0. Where both are far
 * away r is the origin: what goes through it from 1e300 to -1e300 still does, which a + t (b - a)
 * would have rounded away.
 * @param {number} ax
 * @param {number} ay
 * @param {number} bx
 * @param {number} by
 * @param {Window} box
 */
function crossings(ax, ay, bx, by, box) {
  const size = Math.max(Math.abs(ax), Math.abs(ay), Math.abs(bx), Math.abs(by));
  const [ux, uy, vx, vy] = [ax / size, ay / size, bx / size, by / size];
  const [dx, dy] = [vx - ux, vy - uy];
  const nearA = Math.max(Math.abs(ax), Math.abs(ay)) < NEAR;
  const nearB = Math.max(Math.abs(bx), Math.abs(by)) < NEAR;
  const [rx, ry] = nearA ? [ax, ay] : nearB ? [bx, by] : [0, 0];
  const c = nearA || nearB ? 0 : size * (vx * uy - vy * ux);
  /** @type {{ x: number, y: number, along: number }[]} */
  const found = [];
  /** @param {number} x @param {number} y */
  const add = (x, y) => {
    const [px, py] = [clamp(x, Math.min(ax, bx), Math.max(ax, bx)), clamp(y, Math.min(ay, by), Math.max(ay, by))];
    found.push({ x: px, y: py, along: (px - rx) * dx + (py - ry) * dy });
  };
  for (const upper of [false, true]) {
    const [x, y] = upper ? [box.x1, box.y1] : [box.x0, box.y0];
    if (upper ? ax > x !== bx > x : ax < x !== bx < x) add(x, ry + (c + dy * (x - rx)) / dx);
    if (upper ? ay > y !== by > y : ay < y !== by < y) add(rx + (-c + dx * (y - ry)) / dy, y);
  }
  return found.sort((p, q) => p.along - q.along);
}

/** A cubic piece. @typedef {[number, number, number, number, number, number, number, number]} Piece */

/**
 * Cut a path of cubic pieces (3 k + 1 points): as open strokes, or as outlines of a fill. Pieces
 * are halved until each lies outside the window, or within a slightly larger one, so that what is
 * drawn stays a curve. Empty where nothing is left.
 * @param {ArrayLike<number>} row
 * @param {boolean} closed
 * @param {Window} box
 * @param {boolean} fill
 * @returns {number[]}
 */
export function cutCurve(row, closed, box, fill) {
  const far = { x0: box.x0 - SLACK, y0: box.y0 - SLACK, x1: box.x1 + SLACK, y1: box.y1 + SLACK };
  /** @type {number[]} */
  const out = [];
  /** @type {Piece[]} the next one last */
  const left = [];
  for (const whole of piecesOf(row, closed || fill)) {
    left.push(whole);
    for (let piece = left.pop(); piece; piece = left.pop()) {
      const [low, high] = [lowest(piece), highest(piece)];
      const outside = high[0] < box.x0 || high[1] < box.y0 || low[0] > box.x1 || low[1] > box.y1;
      if (outside) {
        if (fill) pushed(out, piece, far);
        continue;
      }
      const within = low[0] >= far.x0 && low[1] >= far.y0 && high[0] <= far.x1 && high[1] <= far.y1;
      if (within || isWhole(low, high)) append(out, piece);
      else left.push(...halves(piece).reverse());
    }
  }
  return out;
}

/** The pieces that are drawn; of rings, with those that close them. @param {ArrayLike<number>} row @param {boolean} rings */
function piecesOf(row, rings) {
  /** @type {Piece[]} */
  const found = [];
  let start = -1; // of a run, in `found`
  for (let at = 0; at + 2 <= row.length; at += 6) {
    const piece = /** @type {Piece} */ (Array.from({ length: 8 }, (_, i) => row[at + i]));
    const drawn = at + 8 <= row.length && !piece.some(Number.isNaN);
    if (!drawn && start >= 0) {
      const [x, y] = [found[found.length - 1][6], found[found.length - 1][7]];
      const [firstX, firstY] = found[start];
      const gap = Math.abs(x - firstX) > 1e-6 || Math.abs(y - firstY) > 1e-6;
      if (rings && gap) found.push(straight(x, y, firstX, firstY));
    }
    if (!drawn) start = -1;
    else {
      if (start < 0) start = found.length;
      found.push(piece);
    }
  }
  return found;
}

/** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @returns {Piece} */
function straight(x0, y0, x1, y1) {
  const [a, b] = [1 / 3, 2 / 3];
  return [x0, y0, x0 * (1 - a) + x1 * a, y0 * (1 - a) + y1 * a, x0 * (1 - b) + x1 * b, y0 * (1 - b) + y1 * b, x1, y1];
}

/** Add what lies outside as a straight piece on the border. @param {number[]} out @param {Piece} piece @param {Window} far */
function pushed(out, piece, far) {
  const [x0, y0] = [clamp(piece[0], far.x0, far.x1), clamp(piece[1], far.y0, far.y1)];
  const [x1, y1] = [clamp(piece[6], far.x0, far.x1), clamp(piece[7], far.y0, far.y1)];
  if (x0 !== x1 || y0 !== y1) append(out, straight(x0, y0, x1, y1)); // else at one corner
}

/** Add a piece; two NaN points lift the pen where it does not go on. @param {number[]} out @param {Piece} piece */
function append(out, piece) {
  const n = out.length;
  if (n && out[n - 2] === piece[0] && out[n - 1] === piece[1]) out.push(...piece.slice(2));
  else if (n) out.push(NaN, NaN, NaN, NaN, ...piece);
  else out.push(...piece);
}

/** Where a number has no more digits, a piece has no middle. @param {number[]} low @param {number[]} high */
function isWhole(low, high) {
  return [0, 1].every((i) => high[i] - low[i] <= 1e-15 * Math.max(Math.abs(low[i]), Math.abs(high[i])));
}

/** @param {Piece} p */
const lowest = (p) => [Math.min(p[0], p[2], p[4], p[6]), Math.min(p[1], p[3], p[5], p[7])];
/** @param {Piece} p */
const highest = (p) => [Math.max(p[0], p[2], p[4], p[6]), Math.max(p[1], p[3], p[5], p[7])];

/** The two halves of a piece (de Casteljau). @param {Piece} piece @returns {Piece[]} */
function halves(piece) {
  const [x, y] = [0, 1].map((axis) => {
    const [a, b, c, d] = [piece[axis], piece[2 + axis], piece[4 + axis], piece[6 + axis]];
    const [ab, bc, cd] = [(a + b) / 2, (b + c) / 2, (c + d) / 2];
    const [abc, bcd] = [(ab + bc) / 2, (bc + cd) / 2];
    return [a, ab, abc, (abc + bcd) / 2, bcd, cd, d];
  });
  return [
    [x[0], y[0], x[1], y[1], x[2], y[2], x[3], y[3]],
    [x[3], y[3], x[4], y[4], x[5], y[5], x[6], y[6]],
  ];
}
