// What the derivatives of a field say of a point: its level line, its principal axes, the way down.

/**
 * A field's value and gradient at a point.
 * @typedef {(x: number, y: number) => { value: number, gradient: number[] }} Slope
 */

/**
 * The curvatures of the land, the larger first, and the directions that have them.
 * @param {number[]} hessian xx, xy, yy
 */
export function principal([xx, xy, yy]) {
  const [middle, half] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)];
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const way = [Math.cos(angle), Math.sin(angle)];
  return { curvatures: [middle + half, middle - half], ways: [way, [-way[1], way[0]]] };
}

/**
 * The level line through a point, as one row or, where it leaves the box, from edge to edge. Steps
 * of Runge and Kutta across the gradient, each brought back to the level by Newton's method.
 * @param {Slope} slope
 * @param {number[]} start
 * @param {number[]} box
 * @param {number} step
 * @param {number} most steps to each side
 */
export function levelLine(slope, start, box, step, most) {
  const { value: level } = slope(start[0], start[1]);
  const inside = (/** @type {number[]} */ [x, y]) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3];

  /** @param {number[]} at @param {number} sign */
  const across = ([x, y], sign) => {
    const [gx, gy] = slope(x, y).gradient;
    const size = Math.hypot(gx, gy);
    return size > 0 ? [(-sign * gy) / size, (sign * gx) / size] : null;
  };

  /** @param {number[]} at @param {number} sign */
  const next = ([x, y], sign) => {
    const first = across([x, y], sign);
    const way = first && across([x + (step / 2) * first[0], y + (step / 2) * first[1]], sign);
    if (!way) return null;
    const [px, py] = [x + step * way[0], y + step * way[1]];
    const { value, gradient } = slope(px, py);
    const back = (value - level) / (gradient[0] ** 2 + gradient[1] ** 2);
    const moved = [px - back * gradient[0], py - back * gradient[1]];
    return Math.hypot(moved[0] - px, moved[1] - py) < step ? moved : null;
  };

  const sides = [1, -1].map((sign) => {
    const row = [start];
    for (let i = 0; i < most; i++) {
      const point = next(row[i], sign);
      if (!point || !inside(point)) return { row, closed: false };
      row.push(point);
      if (i > 4 && Math.hypot(point[0] - start[0], point[1] - start[1]) < 0.7 * step) {
        return { row: [...row, start], closed: true };
      }
      if (sign < 0 && i > most) break;
    }
    return { row, closed: false };
  });
  const [on, back] = sides;
  return on.closed ? on.row : [...back.row.slice(1).reverse(), ...on.row];
}

/**
 * Steps against the gradient, each as long as it is steep, until they leave the finite numbers.
 * @param {Slope} slope
 * @param {number[]} start
 * @param {number} rate
 * @param {number} steps
 */
export function descent(slope, start, rate, steps) {
  const path = [start];
  for (let i = 0; i < steps; i++) {
    const [x, y] = path[i];
    const [gx, gy] = slope(x, y).gradient;
    const next = [x - rate * gx, y - rate * gy];
    if (!next.every(Number.isFinite)) break;
    path.push(next);
  }
  return path;
}
