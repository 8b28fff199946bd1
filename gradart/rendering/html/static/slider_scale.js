// Where on its slider a number is: evenly by its value, by its logarithm, or by steps.

/** @import { Input } from "./art.js" */

export const STEPS = 1000; // of a slider that has none of its own

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
 * How many steps the slider has.
 * @param {Input} input
 * @param {[number, number]} span
 */
export function stepsOf(input, [low, high]) {
  const step = input.step ?? (input.kind === "int" ? 1 : 0);
  if (input.log || !step) return STEPS;
  return Math.max(1, Math.min(1e6, Math.round((high - low) / step)));
}

/**
 * The place of a number, in steps from the slider's low end.
 * @param {Input} input
 * @param {[number, number]} span
 * @param {number} value
 */
export function placeOf(input, span, value) {
  const [low, high] = span;
  const share = input.log
    ? Math.log(value / low) / Math.log(high / low)
    : (value - low) / (high - low || 1);
  return Math.round(share * stepsOf(input, span));
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
  const at = (p) => (input.log ? low * (high / low) ** (p / steps) : low + ((high - low) * p) / steps);
  const value = at(place);
  if (input.kind === "int") return Math.min(high, Math.max(low, Math.round(value)));
  const gap = Math.abs(at(place + 1) - at(place - 1)) / 2;
  const digits = Math.max(0, Math.min(12, 1 - Math.floor(Math.log10(gap))));
  return Math.min(high, Math.max(low, Number(value.toFixed(digits))));
}
