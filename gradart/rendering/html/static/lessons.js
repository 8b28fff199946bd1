// Curves and fields of a piece, computed with their derivatives wherever one looks.

import { argument } from "./inputs.js";

/** @import { Input, Program } from "./art.js" */
/** @import { Values } from "./inputs.js" */

/**
 * A function of one number: a "graph" of numbers, or a "curve" of points. `jet` is the place, among
 * the outputs, of its derivatives, (n + 1,) or (n + 1, 2); `ends` those of the least and the largest
 * number that it was looked at, (2,) each. One that was `descended` is a field of one number.
 * @typedef {{ name: string, kind: "graph" | "curve", jet: number, ends: number[], descended?: boolean }} Curve
 */

/**
 * A function of a point, by the places of its value (), gradient (2,), Hessian (2, 2), and of the
 * box (2, 2) that it is known in, if it has one.
 * @typedef {{ name: string, value: number, gradient: number, hessian: number, box: number | null }} Field
 */

/**
 * What the page is told. `panels` are pairs of places of boxes (2, 2), of which the first was laid
 * onto the second; `elsewhere` is whether there was any view. From `constants` on, the document's
 * arrays are those of the lessons' program.
 * @typedef {object} Told
 * @property {Input[]} inputs
 * @property {Curve[]} curves
 * @property {Field[]} fields
 * @property {number[][]} panels
 * @property {boolean} elsewhere
 * @property {number} constants
 */

/** @typedef {ReturnType<typeof makeLessons>} Lessons */

const SHARES = [0.21, 0.48, 0.83]; // of an interval, where curves are compared

/**
 * @param {Told} told
 * @param {Program} program whose stages take parameters, the playhead, t, p, and a second p
 */
export function makeLessons(told, program) {
  const { outputs, stages } = program;
  const numbers = (place) => outputs[place].data;
  let curves = told.curves;

  /** @param {Curve} curve @param {number} t */
  function jet(curve, t) {
    stages[2](t);
    return Float64Array.from(numbers(curve.jet));
  }

  /** @param {Curve} curve */
  function interval({ ends }) {
    let [low, high] = [Infinity, -Infinity];
    for (const place of ends) {
      low = Math.min(low, numbers(place)[0]);
      high = Math.max(high, numbers(place)[1]);
    }
    return high > low ? [low, high] : null;
  }

  /** Whether two curves are the same, as far as some places tell. @param {Curve} one @param {Curve} other */
  function alike(one, other) {
    const [low, high] = interval(other) ?? interval(one) ?? [-1, 1];
    return SHARES.every((share) => {
      const t = low + share * (high - low);
      const there = jet(other, t);
      return jet(one, t).every((x, k) => Math.abs(x - there[k]) <= 1e-9 * (1 + Math.abs(x)));
    });
  }

  /** Curves of which no two are the same. */
  function distinct() {
    /** @type {Curve[]} */
    const kept = [];
    for (const curve of told.curves) {
      const same = kept.findIndex((other) => other.kind === curve.kind && alike(curve, other));
      if (same < 0) kept.push(curve);
      else kept[same] = { ...kept[same], descended: kept[same].descended || curve.descended };
    }
    return kept;
  }

  return {
    told,

    /** The curves, of which no two are the same. */
    get curves() {
      return curves;
    },

    /** Compute what depends on parameters and playhead. @param {Values} values @param {number} u */
    set(values, u) {
      stages[0](...told.inputs.map((input) => argument(input, values[input.name] ?? input.default)));
      stages[1](u);
      if (curves === told.curves) curves = distinct();
    },

    /** The derivatives of a curve at t, from order 0 on: numbers, or x and y by turns. */
    jet,

    /** The highest order of these. @param {Curve} curve */
    order: (curve) => outputs[curve.jet].shape[0] - 1,

    /** From where to where a curve was looked at; null if that is not known. */
    interval,

    /** The value and the gradient of a field. @param {Field} field @param {number} x @param {number} y */
    slope(field, x, y) {
      stages[3](Float64Array.of(x, y));
      const [gx, gy] = numbers(field.gradient);
      return { value: numbers(field.value)[0], gradient: [gx, gy] };
    },

    /** The second derivatives of a field: xx, xy, yy. @param {Field} field @param {number} x @param {number} y */
    hessian(field, x, y) {
      stages[4](Float64Array.of(x, y));
      const [xx, xy, , yy] = numbers(field.hessian);
      return [xx, xy, yy];
    },

    /** The box that a field is known in: x0, y0, x1, y1. @param {Field} field */
    box: (field) => (field.box === null ? null : [...numbers(field.box)]),

    /** Boxes of which the first was laid onto the second: x0, y0, x1, y1 each. */
    panels: () => told.panels.map(([from, onto]) => ({ from: [...numbers(from)], onto: [...numbers(onto)] })),
  };
}
