// Where on its slider a number is: by equal steps of the picture, where these are known.

/** @import { Parameter } from "./messages.js" */

/**
 * The place of the range, from 0 to 1, at a position of the slider from 0 to 1.
 * @param {number[] | null} shares of the picture's way, at evenly spaced places; null for an even scale
 * @param {number} position
 */
export function placeAt(shares, position) {
  if (!shares) return position;
  const steps = shares.length - 1;
  const next = shares.findIndex((share) => share >= position);
  if (next <= 0) return next === 0 ? 0 : 1;
  const [before, after] = [shares[next - 1], shares[next]];
  return (next - 1 + (position - before) / (after - before)) / steps;
}

/**
 * The position of the slider at a place of the range: the other way round.
 * @param {number[] | null} shares
 * @param {number} place
 */
export function positionAt(shares, place) {
  if (!shares) return place;
  const steps = shares.length - 1;
  const before = Math.min(steps - 1, Math.floor(place * steps));
  return shares[before] + (place * steps - before) * (shares[before + 1] - shares[before]);
}

/** The value at a place of a range, and back. @param {Parameter} p @param {number[]} range @param {number} place */
export const valueOf = (p, [low, high], place) =>
  p.log ? low * (high / low) ** place : low + (high - low) * place;

/** @param {Parameter} p @param {number[]} range @param {number} value */
export const placeOf = (p, [low, high], value) =>
  p.log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low || 1);

/**
 * A value with as few digits as its neighbors on a slider of so many steps leave it.
 * @param {Parameter} p
 * @param {number[]} range
 * @param {number[] | null} shares
 * @param {number} position
 * @param {number} steps
 */
export function valueAt(p, range, shares, position, steps) {
  const at = (q) => valueOf(p, range, placeAt(shares, Math.min(1, Math.max(0, q))));
  const value = at(position);
  const gap = Math.min(
    ...[-1, 1].map((side) => Math.abs(at(position + side / steps) - value)).filter((d) => d > 0),
  );
  const digits = Math.max(0, Math.min(12, -Math.floor(Math.log10(gap / 2))));
  return Math.min(range[1], Math.max(range[0], Number(value.toFixed(digits))));
}
