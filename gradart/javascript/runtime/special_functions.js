// Special functions that JavaScript has not: the error function, gamma's logarithm, Bessel's.

/**
 * The error function: its power series near 0, and Lentz's continued fraction of erfc elsewhere.
 * Abramowitz and Stegun, 7.1.6 and 7.1.14.
 * @param {number} x
 */
export function erf(x) {
  if (x !== x) return NaN;
  if (Math.abs(x) > 2.5) return Math.sign(x) * (1 - tail(Math.abs(x)));
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** @param {number} x */
export function erfc(x) {
  if (x > 2.5) return tail(x);
  return 1 - erf(x);
}

/** erfc of x above 2.5, by its continued fraction from behind. @param {number} x */
function tail(x) {
  if (x > 30) return 0;
  let fraction = 0;
  for (let k = 80; k >= 1; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/**
 * The inverse of erf: M. Giles, Approximating the erfinv function (2010), in single precision, then
 * Halley's method on erf or erfc until nothing changes.
 * @param {number} y
 */
export function erf_inv(y) {
  if (!(Math.abs(y) < 1)) return Math.abs(y) === 1 ? y * Infinity : NaN;
  if (y === 0) return y;
  const w = -Math.log1p(-y * y);
  let x =
    w < 5
      ? y * (1.50140941 + (w - 2.5) * (0.246640727 + (w - 2.5) * (-0.00417768164 + (w - 2.5) * -0.00125372503)))
      : y * (2.83297682 + (Math.sqrt(w) - 3) * (1.00167406 + (Math.sqrt(w) - 3) * 0.00943887047));
  const rest = 1 - Math.abs(y); // exact, where y is near 1
  for (let n = 0; n < 4; n++) {
    const gap = Math.abs(y) > 0.7 ? Math.sign(y) * (rest - erfc(Math.abs(x))) : erf(x) - y;
    const step = (gap * Math.sqrt(Math.PI) * Math.exp(x * x)) / 2;
    x -= step / (1 + x * step);
  }
  return x;
}

/** Stirling's series for log gamma, and what leads there from below. @param {number} x */
export function lgamma(x) {
  if (x !== x) return NaN;
  if (x <= 0 && x === Math.floor(x)) return Infinity;
  if (x < 0.5) {
    const turned = Math.abs(Math.sin(Math.PI * (x - 2 * Math.floor(x / 2))));
    return Math.log(Math.PI / turned) - lgamma(1 - x);
  }
  if (x === Infinity) return x;
  let shift = 0;
  while (x < 12) {
    shift -= Math.log(x);
    x += 1;
  }
  const z = 1 / (x * x);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - (z * 691) / 360360))))) / x;
  return shift + (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}

/** The derivative of log gamma. @param {number} x */
export function digamma(x) {
  if (x <= 0 && x === Math.floor(x)) return NaN;
  if (x < 0.5) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.floor(x)));
  let shift = 0;
  while (x < 12) {
    shift -= 1 / x;
    x += 1;
  }
  const z = 1 / (x * x);
  const series = z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - (z * 691) / 32760)))));
  return shift + Math.log(x) - 0.5 / x - series;
}

/** exp(-|x|) I0(x). @param {number} x */
export function bessel_i0e(x) {
  return scaledBessel(0, Math.abs(x));
}

/** exp(-|x|) I1(x). @param {number} x */
export function bessel_i1e(x) {
  return Math.sign(x) * scaledBessel(1, Math.abs(x));
}

/** exp(-x) I_n(x), x >= 0: the power series, and for large x the asymptotic one. @param {number} n @param {number} x */
function scaledBessel(n, x) {
  if (x > 40) {
    let term = 1;
    let sum = 1;
    for (let k = 1; k < 30; k++) {
      const next = (-term * (4 * n * n - (2 * k - 1) ** 2)) / (8 * k * x);
      if (Math.abs(next) > Math.abs(term)) break;
      term = next;
      sum += term;
    }
    return sum / Math.sqrt(2 * Math.PI * x);
  }
  let term = Math.exp(-x) * (n ? x / 2 : 1);
  let sum = term;
  for (let k = 1; term > 1e-18 * sum; k++) {
    term *= (x * x) / 4 / (k * (k + n));
    sum += term;
  }
  return sum;
}
