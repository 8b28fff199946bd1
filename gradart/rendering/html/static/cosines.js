// Tables that are sums of cosines, as cosines.py makes them.

/**
 * The sum of cosines with heights (m, n): a table (height, width), at whose edges, without the
 * spare samples, they have their peaks.
 * @param {ArrayLike<number>} heights
 * @param {number} columns of heights
 * @param {number[]} shape
 * @param {number} spare
 */
export function sumOfCosines(heights, columns, [height, width], spare) {
  const rows = heights.length / columns;
  const across = waves(columns, width, spare);
  const down = waves(rows, height, spare);
  const table = new Float64Array(height * width);
  for (let k = 0; k < rows; k++) {
    const line = new Float64Array(width);
    let last = -1; // of its heights that are not 0
    for (let l = 0; l < columns; l++) {
      const tall = heights[k * columns + l];
      if (!tall) continue;
      const wave = across[l];
      for (let x = 0; x < width; x++) line[x] += tall * wave[x];
      last = l;
    }
    for (let y = 0; y < height && last >= 0; y++) {
      const share = down[k][y];
      for (let x = 0, at = y * width; x < width; x++, at++) table[at] += share * line[x];
    }
  }
  return table;
}

/** So many cosines of 0, 1, 2, ... halves of a wave. @param {number} count @param {number} length @param {number} spare */
function waves(count, length, spare) {
  const half = length - 2 * spare - 1; // samples
  const cosines = Float64Array.from({ length: 2 * half }, (_, k) => Math.cos((Math.PI * k) / half));
  const places = Array.from({ length }, (_, x) => Math.abs(x - spare));
  return Array.from({ length: count }, (_, k) => Float64Array.from(places, (x) => cosines[(k * x) % (2 * half)]));
}
