// Fourier's transform of complex numbers along one axis of an array, for lines of any length.
//
// Some lines are transformed together, by passes of small transforms whose results lie in order
// (T. Stockham, "High-speed convolution and correlation", 1966). A length with a large prime factor
// is a convolution of another length (L. Bluestein, "A linear filtering approach to the computation
// of discrete Fourier transform", 1970).

/** @typedef {Float64Array | Float32Array} Floats */

/**
 * Complex numbers: the first elements of some lines, then their second ones, and so on.
 * @typedef {{ re: Float64Array, im: Float64Array }} Block
 */

/**
 * How lines of n numbers are transformed: so many of those that `given` holds, into a block that
 * stays until the next ones are.
 * @typedef {{ n: number, given: Block, run: (lines: number) => Block }} Plan
 */

/**
 * Transforms of `radix` numbers each, `parts` apart; `turn` are the numbers of size 1 by which
 * their results are turned.
 * @typedef {{ radix: number, parts: number, turn: Block }} Pass
 */

const LINES = 8; // that are transformed together
const LARGEST = 13; // prime factor of a length that has a pass of its own
const places = new Int32Array(LINES);

/** @param {number} n @returns {Plan} */
export function fft_plan(n) {
  const radices = radicesOf(n);
  return radices.every((radix) => radix <= LARGEST) ? inPasses(n, radices) : asConvolution(n);
}

/**
 * Transforms all lines of an array, whose elements lie `step` apart, or transforms them back; they
 * may stay where they are. @param {Floats} out_re @param {Floats} out_im @param {Floats} re
 * @param {Floats} im @param {Plan} plan @param {number} step @param {number} back
 */
export function fft(out_re, out_im, re, im, plan, step, back) {
  const { n, given } = plan;
  const count = re.length / n;
  const scale = back ? 1 / n : 1;
  for (let first = 0; first < count; first += LINES) {
    const lines = Math.min(LINES, count - first);
    for (let l = 0; l < lines; l++) places[l] = Math.floor((first + l) / step) * n * step + ((first + l) % step);
    // Back it is the same of what has its two parts exchanged, before and afterward.
    copyIn(back ? given.im : given.re, re, lines, n, step);
    copyIn(back ? given.re : given.im, im, lines, n, step);
    const made = plan.run(lines);
    copyOut(out_re, back ? made.im : made.re, lines, n, step, scale);
    copyOut(out_im, back ? made.re : made.im, lines, n, step, scale);
  }
}

/** @param {Float64Array} block @param {Floats} from @param {number} lines @param {number} n @param {number} step */
function copyIn(block, from, lines, n, step) {
  for (let k = 0, to = 0; k < n; k++) for (let l = 0; l < lines; l++) block[to++] = from[places[l] + k * step];
}

/** @param {Floats} to @param {Float64Array} block @param {number} lines @param {number} n @param {number} step @param {number} scale */
function copyOut(to, block, lines, n, step, scale) {
  for (let k = 0, from = 0; k < n; k++) for (let l = 0; l < lines; l++) to[places[l] + k * step] = scale * block[from++];
}

/** Factors of a length: as many fours as there are, and primes. @param {number} n */
function radicesOf(n) {
  const radices = [];
  for (let radix = 4; n > 1; radix = radix === 4 ? 2 : radix === 2 ? 3 : radix + 2) {
    if (radix * radix > n && radix > 4) radix = n; // what is left is prime
    for (; n % radix === 0; n /= radix) radices.push(radix);
  }
  return radices;
}

/** @param {number} n */
const block = (n) => ({ re: new Float64Array(n * LINES), im: new Float64Array(n * LINES) });

/** Turns by shares of the circle, clockwise. @param {number} count @param {(k: number) => number} share @returns {Block} */
function turns(count, share) {
  const re = new Float64Array(count);
  const im = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    re[k] = Math.cos(2 * Math.PI * share(k));
    im[k] = -Math.sin(2 * Math.PI * share(k));
  }
  return { re, im };
}

/** @param {number} n @param {number[]} radices @returns {Plan} */
function inPasses(n, radices) {
  let left = n;
  /** @type {Pass[]} */
  const passes = radices.map((radix) => {
    const whole = left;
    const parts = (left /= radix);
    const turn = turns(parts * radix, (k) => ((Math.floor(k / radix) * (k % radix)) % whole) / whole);
    return { radix, parts, turn };
  });
  const [given, other] = [block(n), block(n)];
  /** @param {number} lines */
  const run = (lines) => {
    let [from, to] = [given, other];
    let size = lines;
    for (const pass of passes) {
      if (pass.radix === 4) four(from, to, pass, size);
      else if (pass.radix === 2) two(from, to, pass, size);
      else odd(from, to, pass, size);
      size *= pass.radix;
      [from, to] = [to, from];
    }
    return from;
  };
  return { n, given, run };
}

/** @param {Block} from @param {Block} to @param {Pass} pass @param {number} size */
function two({ re: a, im: b }, { re: x, im: y }, { parts, turn }, size) {
  const half = size * parts;
  for (let p = 0; p < parts; p++) {
    const c = turn.re[2 * p + 1];
    const s = turn.im[2 * p + 1];
    for (let i = p * size, o = 2 * i; i < (p + 1) * size; i++, o++) {
      const u = a[i] - a[i + half];
      const v = b[i] - b[i + half];
      x[o] = a[i] + a[i + half];
      y[o] = b[i] + b[i + half];
      x[o + size] = u * c - v * s;
      y[o + size] = u * s + v * c;
    }
  }
}

/** @param {Block} from @param {Block} to @param {Pass} pass @param {number} size */
function four({ re: a, im: b }, { re: x, im: y }, { parts, turn }, size) {
  const part = size * parts;
  for (let p = 0; p < parts; p++) {
    const c1 = turn.re[4 * p + 1];
    const s1 = turn.im[4 * p + 1];
    const c2 = turn.re[4 * p + 2];
    const s2 = turn.im[4 * p + 2];
    const c3 = turn.re[4 * p + 3];
    const s3 = turn.im[4 * p + 3];
    for (let i = p * size, o = 4 * i; i < (p + 1) * size; i++, o++) {
      const even = a[i] + a[i + 2 * part];
      const evenIm = b[i] + b[i + 2 * part];
      const cross = a[i] - a[i + 2 * part];
      const crossIm = b[i] - b[i + 2 * part];
      const odd = a[i + part] + a[i + 3 * part];
      const oddIm = b[i + part] + b[i + 3 * part];
      const across = a[i + part] - a[i + 3 * part];
      const acrossIm = b[i + part] - b[i + 3 * part];
      x[o] = even + odd;
      y[o] = evenIm + oddIm;
      const u = cross + acrossIm;
      const v = crossIm - across;
      x[o + size] = u * c1 - v * s1;
      y[o + size] = u * s1 + v * c1;
      const u2 = even - odd;
      const v2 = evenIm - oddIm;
      x[o + 2 * size] = u2 * c2 - v2 * s2;
      y[o + 2 * size] = u2 * s2 + v2 * c2;
      const u3 = cross - acrossIm;
      const v3 = crossIm + across;
      x[o + 3 * size] = u3 * c3 - v3 * s3;
      y[o + 3 * size] = u3 * s3 + v3 * c3;
    }
  }
}

const sums = turns((LARGEST + 1) / 2, () => 0); // of an element and the one as far from the end
const differences = turns((LARGEST + 1) / 2, () => 0);
const circles = new Map([3, 5, 7, 11, LARGEST].map((radix) => [radix, turns(radix, (k) => k / radix)]));

/** @param {Block} from @param {Block} to @param {Pass} pass @param {number} size */
function odd({ re: a, im: b }, { re: x, im: y }, { radix, parts, turn }, size) {
  const part = size * parts;
  const { re: cos, im: sin } = circles.get(radix) ?? turn;
  const { re: sum, im: sumIm } = sums;
  const { re: difference, im: differenceIm } = differences;
  for (let p = 0; p < parts; p++)
    for (let i = p * size, o = radix * i; i < (p + 1) * size; i++, o++) {
      let first = a[i];
      let firstIm = b[i];
      for (let k = 1, at = i + part, end = i + (radix - 1) * part; at < end; k++, at += part, end -= part) {
        first += sum[k] = a[at] + a[end];
        firstIm += sumIm[k] = b[at] + b[end];
        difference[k] = a[at] - a[end];
        differenceIm[k] = b[at] - b[end];
      }
      x[o] = first;
      y[o] = firstIm;
      for (let j = 1; 2 * j < radix; j++) {
        let u = a[i];
        let v = b[i];
        let across = 0;
        let acrossIm = 0;
        for (let k = 1, at = j; 2 * k < radix; k++) {
          u += sum[k] * cos[at];
          v += sumIm[k] * cos[at];
          across += difference[k] * sin[at];
          acrossIm += differenceIm[k] * sin[at];
          at += j;
          if (at >= radix) at -= radix;
        }
        turned(x, y, o + j * size, u - acrossIm, v + across, turn, radix * p + j);
        turned(x, y, o + (radix - j) * size, u + acrossIm, v - across, turn, radix * p + radix - j);
      }
    }
}

/** @param {Float64Array} x @param {Float64Array} y @param {number} at @param {number} u @param {number} v @param {Block} turn @param {number} k */
function turned(x, y, at, u, v, turn, k) {
  x[at] = u * turn.re[k] - v * turn.im[k];
  y[at] = u * turn.im[k] + v * turn.re[k];
}

/** @param {number} n @returns {Plan} */
function asConvolution(n) {
  const least = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const length = 0.75 * least >= 2 * n - 1 ? 0.75 * least : least; // of fours, and at most a three
  const inner = inPasses(length, radicesOf(length));
  const chirp = turns(n, (k) => ((k * k) % (2 * n)) / (2 * n));
  const { re, im } = inner.given;
  for (let k = 0; k < n; k++) {
    re[k] = re[(length - k) % length] = chirp.re[k] / length;
    im[k] = im[(length - k) % length] = -chirp.im[k] / length;
  }
  const made = inner.run(1);
  const kernel = { re: made.re.slice(0, length), im: made.im.slice(0, length) };
  const [given, found] = [block(n), block(n)];
  /** @param {number} lines */
  const run = (lines) => {
    multiplied(inner.given, given, chirp, lines, n);
    inner.given.re.fill(0, n * lines, length * lines);
    inner.given.im.fill(0, n * lines, length * lines);
    const spectrum = inner.run(lines);
    const { re: x, im: y } = inner.given; // exchanged, since it goes back
    multiplied({ re: y, im: x }, spectrum, kernel, lines, length);
    const { re: u, im: v } = inner.run(lines);
    multiplied(found, { re: v, im: u }, chirp, lines, n);
    return found;
  };
  return { n, given, run };
}

/** Lines times one. They may stay where they are. @param {Block} to @param {Block} from @param {Block} by @param {number} lines @param {number} n */
function multiplied(to, from, by, lines, n) {
  for (let k = 0; k < n; k++) {
    const c = by.re[k];
    const s = by.im[k];
    for (let i = k * lines; i < (k + 1) * lines; i++) {
      const u = from.re[i];
      const v = from.im[i];
      to.re[i] = u * c - v * s;
      to.im[i] = u * s + v * c;
    }
  }
}
