// Rows of points as the commands of a path, for a canvas and for SVG alike.

/**
 * What a path is told to: a canvas's context, or what writes path data.
 * @typedef {{
 *   moveTo(x: number, y: number): void,
 *   lineTo(x: number, y: number): void,
 *   bezierCurveTo(x1: number, y1: number, x2: number, y2: number, x: number, y: number): void,
 *   closePath(): void,
 * }} Sink
 */

/**
 * How points become places: (x * kx + x0, y * ky + y0).
 * @typedef {{ kx: number, ky: number, x0: number, y0: number }} Axes
 */

/**
 * How exactly a path is told. A point alone is a line to itself, or one that is `dot` long: of none,
 * a canvas draws nothing, where cairo draws a round dot. Points of lines nearer than `near` to the
 * one before, which no eye tells from it, are left out, and so are those that the line passes at a
 * fifth of that; the last of a run is not.
 * @typedef {{ dot: number, near: number }} Exactness
 */

/**
 * Tell the path of points from `start` to `stop`, in numbers. NaN lifts the pen; what is closed is
 * closed run by run.
 *
 * A point waits, while the line on to the next one passes by it and all that wait with it: while
 * that lies in the wedge of directions that do (Z. Zhao and A. Saalfeld, Linear-time sleeve-fitting
 * polyline simplification algorithms, AutoCarto 13, 1997), and no nearer than they do.
 * @param {Sink} sink
 * @param {ArrayLike<number>} data
 * @param {number} start
 * @param {number} stop
 * @param {boolean} closed
 * @param {Axes} axes
 * @param {Exactness} exactness
 */
export function traceLines(sink, data, start, stop, closed, axes, { dot, near }) {
  const { kx, ky, x0, y0 } = axes;
  const least = near * near;
  const aside = near / 5;
  let count = 0; // of the points in this run
  let firstX = 0;
  let firstY = 0;
  let moved = false;
  let lastX = 0; // that has been told
  let lastY = 0;
  let waitingX = 0;
  let waitingY = 0;
  let waiting = 0; // how far it is from the last one, squared
  let skipped = false; // a point that was near the last one
  let leftX = 0; // the wedge
  let leftY = 0;
  let rightX = 0;
  let rightY = 0;
  for (let at = start; at <= stop; at += 2) {
    const x = at < stop ? data[at] * kx + x0 : NaN;
    const y = at < stop ? data[at + 1] * ky + y0 : NaN;
    if (x !== x || y !== y) {
      if (waiting || skipped) sink.lineTo(data[at - 2] * kx + x0, data[at - 1] * ky + y0);
      if (count === 1 || (dot && count && !moved)) sink.lineTo(firstX + dot, firstY);
      if (closed && count > 1) sink.closePath();
      count = waiting = 0;
      skipped = false;
      continue;
    }
    if (!count) {
      sink.moveTo(x, y);
      firstX = lastX = x;
      firstY = lastY = y;
      moved = false;
      count = 1;
      continue;
    }
    count += 1;
    if (x !== firstX || y !== firstY) moved = true;
    let dx = x - lastX;
    let dy = y - lastY;
    let far = dx * dx + dy * dy;
    if (waiting && (far < waiting || dx * leftY < dy * leftX || dx * rightY > dy * rightX)) {
      sink.lineTo(waitingX, waitingY);
      lastX = waitingX;
      lastY = waitingY;
      waiting = 0;
      dx = x - lastX;
      dy = y - lastY;
      far = dx * dx + dy * dy;
    }
    skipped = far < least;
    if (skipped) continue;
    if (!near) {
      sink.lineTo(x, y);
      continue;
    }
    const along = Math.sqrt(far - aside * aside);
    const ax = dx * along - dy * aside;
    const ay = dy * along + dx * aside;
    const bx = dx * along + dy * aside;
    const by = dy * along - dx * aside;
    if (!waiting || ax * leftY > ay * leftX) {
      leftX = ax;
      leftY = ay;
    }
    if (!waiting || bx * rightY < by * rightX) {
      rightX = bx;
      rightY = by;
    }
    waitingX = x;
    waitingY = y;
    waiting = far;
  }
}

/**
 * Tell the path of cubic pieces that share their ends, as `traceLines` does. A piece with a NaN
 * among its four points is not drawn.
 * @param {Sink} sink
 * @param {ArrayLike<number>} data
 * @param {number} start
 * @param {number} stop
 * @param {boolean} closed
 * @param {Axes} axes
 * @param {Exactness} exactness
 */
export function traceCurves(sink, data, start, stop, closed, axes, { dot }) {
  const { kx, ky, x0, y0 } = axes;
  let down = false;
  let moved = false;
  let firstX = 0;
  let firstY = 0;
  for (let at = start; at + 2 <= stop; at += 6) {
    const x = data[at] * kx + x0;
    const y = data[at + 1] * ky + y0;
    const x1 = data[at + 2] * kx + x0;
    const y1 = data[at + 3] * ky + y0;
    const x2 = data[at + 4] * kx + x0;
    const y2 = data[at + 5] * ky + y0;
    const x3 = data[at + 6] * kx + x0;
    const y3 = data[at + 7] * ky + y0;
    const whole = at + 8 <= stop;
    const sum = whole ? x + y + x1 + y1 + x2 + y2 + x3 + y3 : NaN;
    if (sum !== sum && (!whole || [x, y, x1, y1, x2, y2, x3, y3].some(Number.isNaN))) {
      if (down && dot && !moved) sink.lineTo(firstX + dot, firstY);
      if (down && closed) sink.closePath();
      down = false;
      continue;
    }
    if (!down) {
      sink.moveTo(x, y);
      firstX = x;
      firstY = y;
      moved = false;
      down = true;
    }
    sink.bezierCurveTo(x1, y1, x2, y2, x3, y3);
    if (x1 !== x || y1 !== y || x2 !== x || y2 !== y || x3 !== x || y3 !== y) moved = true;
  }
}
