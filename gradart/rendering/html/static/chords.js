// Curves as the chords that stand for them where only cells are counted.

const FLAT = 0.05; // mm that the chords of a curve stay within

/**
 * A path of cubic pieces as a polyline; NaN where a piece is not drawn. A cubic with second
 * differences of at most d is within 3/4 d / s^2 of s chords.
 * @param {ArrayLike<number>} row
 * @returns {number[]}
 */
export function chords(row) {
  const count = chordCount(row);
  /** @type {number[]} */
  const out = [];
  for (let at = 0; at + 8 <= row.length; at += 6) {
    for (let step = 0; step < count; step += 1) {
      const t = step / count;
      const s = 1 - t;
      const weights = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
      for (const axis of [0, 1]) {
        out.push(weights.reduce((sum, weight, i) => sum + weight * row[at + 2 * i + axis], 0));
      }
    }
  }
  out.push(row[row.length - 2], row[row.length - 1]);
  return out;
}

/** How many chords each piece takes. @param {ArrayLike<number>} row */
function chordCount(row) {
  let bends = 0;
  for (let at = 0; at + 8 <= row.length; at += 6) {
    for (let i = at; i < at + 4; i += 1) {
      const bend = Math.abs(row[i] - 2 * row[i + 2] + row[i + 4]);
      if (bend > bends) bends = bend;
    }
  }
  return Math.min(Math.max(Math.ceil(Math.sqrt((0.75 * bends * Math.SQRT2) / FLAT)), 1), 1000);
}
