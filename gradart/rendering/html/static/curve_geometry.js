// What its derivatives say of a plane curve at one of its numbers.

/** The derivatives of a plane curve, from order 0 on. @typedef {number[][]} Jet */

/**
 * Speed, tangent and normal, curvature with its sign, and the center of the circle that fits best:
 * as gradart/calculus/curves/frames.py and osculating.py have them. NaN where there is none.
 * @param {Jet} jet of order 2 at least
 */
export function frame([[x, y], [vx, vy], [ax, ay]]) {
  const speed = Math.hypot(vx, vy);
  const tangent = [vx / speed, vy / speed];
  const normal = [-tangent[1], tangent[0]];
  const curvature = (vx * ay - vy * ax) / speed ** 3;
  const center = [x + normal[0] / curvature, y + normal[1] / curvature];
  return { speed, tangent, normal, curvature, center };
}

/**
 * The Taylor polynomial of an order, at a distance s from where it is taken.
 * @param {Jet} jet
 * @param {number} order
 * @param {number} s
 */
export function polynomial(jet, order, s) {
  let [x, y] = [0, 0];
  for (let k = Math.min(order, jet.length - 1); k >= 0; k--) {
    x = (x * s) / (k + 1) + jet[k][0];
    y = (y * s) / (k + 1) + jet[k][1];
  }
  return [x, y];
}
