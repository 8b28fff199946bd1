// The outlines of ends, corners and disks of ink, as gradart/rendering/ink/outlines.py has them.

/** Up to this half width, in px, a round end looks like a square one of the same ink. */
export const THIN = 0.5;

const ROOM = 1100; // vertices: more than any outline has

/** The outline that was made last: counterclockwise around what it adds. */
export const xs = new Float64Array(ROOM);
export const ys = new Float64Array(ROOM);

/** How many chords of a half circle stay within 0.04 px of it, half of that on a side.
 * @param {number} radius */
function steps(radius) {
  return Math.max(4, Math.min(Math.ceil(5.55 * Math.sqrt(radius)), 256));
}

/** Append the arc around p from p + d through `turn` radians; a chain of the same area.
 * @param {number} n vertices so far
 * @param {number} px
 * @param {number} py
 * @param {number} dx
 * @param {number} dy
 * @param {number} turn
 * @param {number} half
 * @returns {number} vertices now */
function arc(n, px, py, dx, dy, turn, half) {
  const chords = Math.max(1, Math.ceil((steps(half) * Math.abs(turn)) / Math.PI));
  const angle = turn / chords;
  const sine = Math.sin(angle);
  const cosine = Math.cos(angle);
  let swell = 1; // of the vertices between the ends: (chords - 2) swell^2 + 2 swell = chords bend
  if (chords > 1) {
    const bend = angle / sine;
    swell = bend;
    if (chords > 2) swell = (Math.sqrt(1 + (chords - 2) * chords * bend) - 1) / (chords - 2);
  }
  for (let k = 0; k <= chords; k += 1) {
    const scale = k > 0 && k < chords ? swell : 1;
    xs[n] = px + scale * dx;
    ys[n] = py + scale * dy;
    n += 1;
    const turned = cosine * dx - sine * dy;
    dy = sine * dx + cosine * dy;
    dx = turned;
  }
  return n;
}

/** Append where a body around p along u is cut, `side` to its left: minus, to its right.
 * @param {number} n
 * @param {number} px
 * @param {number} py
 * @param {number} ux
 * @param {number} uy
 * @param {number} side */
function cut(n, px, py, ux, uy, side) {
  const steep = Math.abs(uy) > Math.abs(ux);
  xs[n] = steep ? px - side / uy : px;
  ys[n] = steep ? py : py + side / ux;
  return n + 1;
}

/** From the cut at p to the half circle across the way u, a direction of length 1.
 * @param {number} px
 * @param {number} py
 * @param {number} ux
 * @param {number} uy
 * @param {number} half */
export function cap(px, py, ux, uy, half) {
  let n = cut(0, px, py, ux, uy, -half);
  n = arc(n, px, py, half * uy, -half * ux, Math.PI, half);
  return cut(n, px, py, ux, uy, half);
}

/** Between the cuts of the body that comes along u and the body that leaves along v: on the outer
 * side a round join; on the inner side, clockwise, what both bodies cover.
 * @param {number} px
 * @param {number} py
 * @param {number} ux
 * @param {number} uy
 * @param {number} vx
 * @param {number} vy
 * @param {number} half */
export function corner(px, py, ux, uy, vx, vy, half) {
  const turn = Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy);
  xs[0] = px;
  ys[0] = py;
  let n = cut(1, px, py, vx, vy, half);
  n = arc(n, px, py, -half * vy, half * vx, -turn, half);
  n = cut(n, px, py, ux, uy, half);
  xs[n] = px;
  ys[n] = py;
  n = cut(n + 1, px, py, ux, uy, -half);
  n = arc(n, px, py, half * uy, -half * ux, turn, half);
  return cut(n, px, py, vx, vy, -half);
}

let sides = 0; // of the polygon below, whose area is that of the unit disk
const unitX = new Float64Array(ROOM);
const unitY = new Float64Array(ROOM);

/** A regular polygon of the area of the disk around p, alike in all axes.
 * @param {number} px
 * @param {number} py
 * @param {number} radius */
export function circle(px, py, radius) {
  const n = 8 * Math.ceil(steps(radius) / 4);
  if (n !== sides) {
    const angle = (2 * Math.PI) / n;
    const reach = Math.sqrt(angle / Math.sin(angle));
    for (let k = 0; k < n; k += 1) {
      unitX[k] = reach * Math.cos(k * angle);
      unitY[k] = reach * Math.sin(k * angle);
    }
    sides = n;
  }
  for (let k = 0; k < n; k += 1) {
    xs[k] = px + radius * unitX[k];
    ys[k] = py + radius * unitY[k];
  }
  return n;
}
