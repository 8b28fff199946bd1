// What the page draws by itself while a slider moves: the Taylor polynomial of the marks in that
// parameter, until the picture comes.

import { arrived } from "./picture_requests.js";
import { evaluate, holds } from "./taylor.js";
import * as viewport from "./viewport.js";
import { $ } from "./dom.js";
import { changed, key, numberOf, state, withNumber } from "./state.js";

/** @import { Stroked } from "./messages.js" */

const { touch } = state;
const OPERATORS = { over: "source-over", ink: "multiply", light: "lighter" };

let exact = ""; // the settings of the picture that is seen, as `key` writes them
let frame = 0; // that is asked for

arrived((head, request) => {
  exact = request.key;
  if (!touch.parameter && exact === key()) touch.series = null;
  viewport.redraw();
});

changed(({ fresh }) => {
  if (fresh) touch.series = null;
  if (!touch.series) return;
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => viewport.redraw());
});

/** The series of the touched slider, if it holds for all settings as they are. */
export function held(inner = 1) {
  const { series } = touch;
  if (!series || series.others !== others(series.head.parameter)) return null;
  return holds(series.head, numberOf(series.head.parameter), inner) ? series : null;
}

/** A word for all settings but one number. @param {string} name */
export const others = (name) => JSON.stringify([withNumber(name, null), state.seed, state.frame]);

viewport.over((context, screen, zoom) => {
  const series = exact === key() ? null : held();
  $("viewport").toggleAttribute("data-preview", series !== null);
  if (!series) return;
  const { head, coefficients, points } = series;
  evaluate(coefficients, (numberOf(head.parameter) - head.at) / head.unit, points);
  const [width, height] = viewport.sheet();
  context.save();
  context.translate(...screen([0, 0]));
  context.scale(zoom, zoom);
  const page = new Path2D();
  page.rect(0, 0, width, height);
  context.clip(page);
  context.fillStyle = head.paper;
  context.fill(page);
  context.lineCap = context.lineJoin = "round";
  let start = 2 * head.places;
  for (const mark of head.marks) {
    context.globalCompositeOperation = /** @type {any} */ (OPERATORS[mark.blend]);
    draw(context, mark, points, start);
    start += 2 * mark.paths * mark.points;
  }
  context.restore();
});

/**
 * Draw one mark whose points begin at `start`.
 * @param {CanvasRenderingContext2D} context
 * @param {Stroked} mark
 * @param {Float32Array} points
 * @param {number} start
 */
function draw(context, mark, points, start) {
  const of = (list, path) => list[list.length > 1 ? path : 0];
  // One path of all is faster; where strokes are alike and hide what is below, it is the same.
  const alike = [mark.stroke ?? [], mark.fill ?? [], mark.width].every((list) => list.length < 2);
  const solid = [...(mark.stroke ?? []), ...(mark.fill ?? [])].every((color) => color.endsWith("/ 1)"));
  const together = alike && solid && !(mark.stroke && mark.fill);
  let path = new Path2D();
  for (let row = 0; row < mark.paths; row += 1) {
    trace(path, mark, points, start + 2 * row * mark.points, of(mark.radius, row));
    if (together && row < mark.paths - 1) continue;
    if (mark.fill) {
      context.fillStyle = of(mark.fill, row);
      context.fill(path);
    }
    if (mark.stroke) {
      context.strokeStyle = of(mark.stroke, row);
      context.lineWidth = of(mark.width, row);
      context.stroke(path);
    }
    path = new Path2D();
  }
}

/**
 * @param {Path2D} path
 * @param {Stroked} mark
 * @param {Float32Array} points
 * @param {number} start
 * @param {number} radius
 */
function trace(path, mark, points, start, radius) {
  const end = start + 2 * mark.points;
  if (mark.shape === "dots") {
    path.moveTo(points[start] + radius, points[start + 1]);
    path.arc(points[start], points[start + 1], radius, 0, 2 * Math.PI);
    return;
  }
  const step = mark.shape === "lines" ? 2 : 6;
  let down = false; // whether the pen is
  for (let at = start; at < end; at += step) {
    const lifted = Number.isNaN(points[at]) || Number.isNaN(points[at + 1]);
    if (lifted) down = false;
    else if (step === 2) {
      if (down) path.lineTo(points[at], points[at + 1]);
      else path.moveTo(points[at], points[at + 1]);
      down = true;
    } else if (at + 7 < end) {
      if (!down) path.moveTo(points[at], points[at + 1]);
      const [x1, y1, x2, y2, x, y] = points.subarray(at + 2, at + 8);
      down = ![x1, y1, x2, y2, x, y].some(Number.isNaN);
      if (down) path.bezierCurveTo(x1, y1, x2, y2, x, y);
    }
  }
  if (mark.closed && down) path.closePath();
}
