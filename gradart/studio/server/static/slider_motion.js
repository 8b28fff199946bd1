// Sliders that know what they do: how the picture goes along each, and what the one that is touched
// moves, as arrows over the picture.

import { $, debounced } from "./dom.js";
import { arrived } from "./picture_requests.js";
import { held, others } from "./preview.js";
import { on, send } from "./socket.js";
import { evaluate, slopes } from "./taylor.js";
import * as viewport from "./viewport.js";
import { changed, key, numberOf, range, settings, state } from "./state.js";

const CALM = 1000; // ms without a change, after which it is measured again
const LINGER = 900; // ms that arrows stay after the last key
const LONGEST = 11; // mm: an arrow that is longer than nearly all others
const SHORTEST = 1.2; // mm
const ENOUGH = 0.6; // of the way to where a series no longer holds: then the next one is asked for
const { touch } = state;

let sent = ""; // the settings beside the slider's, when it was last asked
let measured = ""; // with which settings, as `key` writes them

/** Ask how the picture goes along each slider; that is measured beside the page. */
const measure = debounced(CALM, () => {
  const sliders = state.sketch?.parameters.some((p) => p.role === "range" || (p.type === "float" && !p.choices.length));
  if (!sliders || key() === measured || touch.parameter) return;
  measured = key();
  send("travel", settings());
});

changed(({ live, fresh }) => {
  if (fresh) {
    measured = "";
    state.travels = {};
    touch.busy = false; // what was asked of the earlier one is not answered
    touch.number += 1;
    release();
  }
  if (!live && !fresh) measure();
  ask();
});

arrived(() => {
  if (!measured) measure();
});

on("closed", () => (measured = ""));

on("travel", (head) => {
  const p = state.sketch?.parameters.find(({ name }) => name === head.parameter);
  if (!p) return;
  const of = range(p, state.values[p.name]).join();
  state.travels[p.name] = { shares: head.shares, on_page: head.on_page, of };
});

/** A slider is touched: show what it moves. @param {string} parameter the name of its number */
export function touched(parameter) {
  lift.cancel();
  if (touch.parameter === parameter) return;
  Object.assign(touch, { parameter, asked: "", series: null });
  ask();
}

/** The hand or the key has left it. */
export function release() {
  lift.cancel();
  if (!touch.parameter) return;
  touch.parameter = null; // its series stays, until the picture has come
  viewport.redraw();
  measure();
}

for (const end of ["pointerup", "pointercancel"]) addEventListener(end, release); // it may be off the slider by then

const lift = debounced(LINGER, release);

/** A key has left it: who only taps it sees what it moves, too. */
export const released = lift;

/** Ask what the touched slider moves where it is now; one request at a time. */
function ask() {
  if (!touch.parameter || touch.busy || touch.asked === key() || state.film.playing) return;
  if (held(ENOUGH)) return;
  touch.busy = true;
  touch.asked = key();
  touch.number += 1;
  sent = others(touch.parameter);
  send("touch", { id: touch.number, ...settings(), frame: state.frame, parameter: touch.parameter });
}

on("closed", () => (touch.busy = false));

on("touch", (head, bytes) => {
  if (head.id !== touch.number) return;
  touch.busy = false;
  if (!head.error && !head.interrupted && head.parameter === touch.parameter) {
    const coefficients = new Float32Array(bytes.slice().buffer);
    const count = head.places + head.marks.reduce((sum, mark) => sum + mark.paths * mark.points, 0);
    touch.series = { head, coefficients, points: new Float32Array(2 * count), others: sent };
    viewport.redraw();
  }
  ask();
});

viewport.over((context, screen) => {
  const found = touch.parameter && touch.series ? arrows(touch.series) : [];
  $("viewport").toggleAttribute("data-arrows", found.length > 0);
  if (!found.length) return;
  const path = new Path2D();
  for (const [from, to] of found) arrow(path, screen(from), screen(to));
  const style = getComputedStyle(document.documentElement);
  context.save();
  context.lineCap = context.lineJoin = "round";
  for (const { width, color, alpha } of [
    { width: 3, color: "--panel", alpha: 0.5 },
    { width: 1.25, color: "--accent", alpha: 1 },
  ]) {
    context.globalAlpha = alpha;
    context.lineWidth = width;
    context.strokeStyle = style.getPropertyValue(color);
    context.stroke(path);
  }
  context.restore();
});

/**
 * The arrows of a series where its slider is: from where to where, in mm.
 * @param {NonNullable<typeof touch.series>} series
 * @returns {number[][][]}
 */
function arrows({ head, coefficients, points }) {
  const value = Math.min(head.high, Math.max(head.low, numberOf(head.parameter)));
  const s = (value - head.at) / head.unit;
  const moves = slopes(coefficients, s, new Float32Array(points.length));
  evaluate(coefficients, s, points);
  const sizes = Array.from({ length: head.places }, (_, i) => Math.hypot(moves[2 * i], moves[2 * i + 1]));
  const sorted = sizes.filter((size) => size > 0).sort((a, b) => a - b);
  const large = sorted[Math.ceil(0.95 * (sorted.length - 1))] ?? 1;
  const found = [];
  for (let i = 0; i < head.places; i += 1) {
    const length = Math.min(1.4 * LONGEST, (sizes[i] / large) * LONGEST);
    if (length < SHORTEST) continue;
    const [x, y] = [points[2 * i], points[2 * i + 1]];
    const [dx, dy] = [moves[2 * i], moves[2 * i + 1]].map((d) => (d / sizes[i]) * length);
    found.push([[x, y], [x + dx, y + dy]]);
  }
  return found;
}

/** @param {Path2D} path @param {number[]} from @param {number[]} to */
function arrow(path, [fromX, fromY], [toX, toY]) {
  const angle = Math.atan2(toY - fromY, toX - fromX);
  const head = Math.min(5, Math.hypot(toX - fromX, toY - fromY) / 2.5);
  path.moveTo(fromX, fromY);
  path.lineTo(toX, toY);
  for (const side of [-1, 1]) {
    path.moveTo(toX, toY);
    path.lineTo(toX - head * Math.cos(angle + 0.5 * side), toY - head * Math.sin(angle + 0.5 * side));
  }
}
