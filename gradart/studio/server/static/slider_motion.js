// Sliders that know what they do: how the picture goes along each, and what the one that is touched
// moves, as arrows over the picture.

import { $, debounced } from "./dom.js";
import { arrived } from "./picture_requests.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { changed, key, range, settings, state } from "./state.js";

const CALM = 1000; // ms without a change, after which it is measured again
const LINGER = 900; // ms that arrows stay after the last key
const LONGEST = 11; // mm: an arrow that is longer than nearly all others
const SHORTEST = 1.2; // mm
const { touch } = state;

let measured = ""; // with which settings, as `key` writes them

/** Ask how the picture goes along each slider; that is measured beside the page. */
const measure = debounced(CALM, () => {
  const sliders = state.sketch?.parameters.some((p) => p.type === "float" && !p.choices.length);
  if (!sliders || key() === measured || touch.parameter) return;
  measured = key();
  send("travel", settings());
});

changed(({ live, fresh }) => {
  if (fresh) {
    measured = "";
    state.travels = {};
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

/** A slider is touched: show what it moves. @param {string} parameter */
export function touched(parameter) {
  lift.cancel();
  if (touch.parameter === parameter) return;
  Object.assign(touch, { parameter, asked: "", places: null });
  ask();
}

/** The hand or the key has left it. */
export function release() {
  lift.cancel();
  if (!touch.parameter) return;
  Object.assign(touch, { parameter: null, places: null });
  viewport.redraw();
  measure();
}

const lift = debounced(LINGER, release);

/** A key has left it: who only taps it sees what it moves, too. */
export const released = lift;

/** Ask what the touched slider moves where it is now; one request at a time. */
function ask() {
  if (!touch.parameter || touch.busy || touch.asked === key() || state.film.playing) return;
  touch.busy = true;
  touch.asked = key();
  touch.number += 1;
  send("touch", { id: touch.number, ...settings(), frame: state.frame, parameter: touch.parameter });
}

on("closed", () => (touch.busy = false));

on("touch", (head, bytes) => {
  if (head.id !== touch.number) return;
  touch.busy = false;
  if (!head.error && !head.interrupted && head.parameter === touch.parameter) {
    touch.places = new Float32Array(bytes.slice().buffer);
    viewport.redraw();
  }
  ask();
});

viewport.over((context, screen) => {
  const found = touch.parameter && touch.places ? arrows(touch.places) : [];
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
 * The arrows of places and how they move, (2, n, 2): from where to where, in mm.
 * @param {Float32Array} places
 * @returns {number[][][]}
 */
function arrows(places) {
  const count = places.length / 4;
  const sizes = Array.from({ length: count }, (_, i) =>
    Math.hypot(places[2 * (count + i)], places[2 * (count + i) + 1]),
  );
  const sorted = sizes.filter((size) => size > 0).sort((a, b) => a - b);
  const large = sorted[Math.ceil(0.95 * (sorted.length - 1))] ?? 1;
  const found = [];
  for (let i = 0; i < count; i += 1) {
    const length = Math.min(1.4 * LONGEST, (sizes[i] / large) * LONGEST);
    if (length < SHORTEST) continue;
    const [x, y] = [places[2 * i], places[2 * i + 1]];
    const [dx, dy] = [places[2 * (count + i)], places[2 * (count + i) + 1]].map((d) => (d / sizes[i]) * length);
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
