// Where on its slider a number is: evenly by its value, by its logarithm, or by steps.

/** @import { Input } from "./art.js" */

const STEPS = 1000; // of a slider over logarithms
const DIGITS = 12; // that a sum of steps has right
const FEWEST = 200; // steps of one that runs evenly, with a round number each

/**
 * The range that a slider runs over: the bounds, or a span around the default, and the value.
 * @param {Input} input
 * @param {number} value
 * @returns {[number, number]}
 */
export function range(input, value) {
  const base = input.default;
  const reach = input.kind === "int" ? Math.max(10, 2 * Math.abs(base)) : 2 * Math.abs(base) || 1;
  const low = input.low ?? Math.min(value, base > 0 ? 0 : -reach);
  const high = input.high ?? Math.max(value, base < 0 ? 0 : reach);
  return [low, high];
}

/**
 * How far apart the numbers of a slider are that runs evenly: by its own step, or by a round one.
 * @param {Input} input
 * @param {[number, number]} span
 */
function unitOf(input, [low, high]) {
  if (input.step) return input.step;
  return input.kind === "int" ? 1 : 10 ** Math.floor(Math.log10((high - low) / FEWEST || 1));
}

/**
 * How many steps the slider has.
 * @param {Input} input
 * @param {[number, number]} span
 */
export function stepsOf(input, span) {
  if (input.log) return STEPS;
  return Math.max(1, Math.min(1e6, Math.ceil((span[1] - span[0]) / unitOf(input, span) - 1e-9)));
}

/**
 * The place of a number, in steps from the slider's low end.
 * @param {Input} input
 * @param {[number, number]} span
 * @param {number} value
 */
export function placeOf(input, span, value) {
  const [low, high] = span;
  const steps = stepsOf(input, span);
  if (value >= high) return steps;
  if (input.log) return Math.round((steps * Math.log(value / low)) / Math.log(high / low));
  return Math.round((value - low) / unitOf(input, span));
}

/**
 * The number at a place, with as few digits as tell it from its neighbors.
 * @param {Input} input
 * @param {[number, number]} span
 * @param {number} place
 */
export function valueAt(input, span, place) {
  const [low, high] = span;
  const steps = stepsOf(input, span);
  if (place <= 0) return low;
  if (place >= steps) return high;
  const at = (p) => (input.log ? low * (high / low) ** (p / steps) : low + p * unitOf(input, span));
  let value = rounded(at(place), at(place + 1) - at(place));
  if (input.kind === "int") value = Math.round(at(place));
  else if (input.step && !input.log) value = Number(at(place).toPrecision(DIGITS)); // a step as it was told
  return Math.min(high, Math.max(low, value));
}

/** A number with so few digits that it stays within a quarter of the gap to its neighbors. */
function rounded(value, gap) {
  const digits = Math.max(0, -Math.floor(Math.log10(gap / 2)));
  return Number(value.toFixed(Math.min(digits, 100)));
}
