// Looking closely: the page's edge and margin, the place under the pointer, the field there.

import { $, later } from "./dom.js";
import { arrived } from "./picture_requests.js";
import { isFilm } from "./film.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { settings } from "./state.js";

/** @import { FieldValue, Pair, Screen } from "./types.d.ts" */

const ARROW = 44; // css px

let edges = false;
/** @type {string[]} */
let fields = []; // the names of those that the sketch looks at
let field = 0; // which of them is looked at; -1 for none
let number = 0;
let busy = false;
/** @type {Pair | null} */
let place = null; // mm of the page, under the pointer
/** @type {FieldValue | null} */
let found = null; // what the studio says of the field there

arrived((head) => {
  fields = head.fields;
  if (field >= fields.length) field = 0;
  found = null;
  busy = false;
  tell();
  ask();
});

viewport.pointed((at) => {
  const [width, height] = viewport.sheet();
  const on = at && at[0] >= 0 && at[1] >= 0 && at[0] <= width && at[1] <= height;
  place = on ? at : null;
  if (!on) found = null;
  tell();
  ask();
});

/**
 * A place of the page in the artist's units.
 * @param {Pair} place
 * @returns {Pair}
 */
function own([x, y]) {
  const { scale, dx, dy } = viewport.placed();
  return [(x - dx) / scale, (dy - y) / scale];
}

function ask() {
  if (!place || !viewport.lies() || busy || field < 0 || !fields.length) return;
  if (isFilm() && $("film").dataset.playing === "true") return;
  busy = true;
  asked = place;
  number += 1;
  send("probe", { id: number, ...settings(), field, at: own(place) });
  lost();
}

/** @type {Pair | null} */
let asked = null;
const lost = later(1000, () => {
  busy = false; // something else has taken its place
});

on("probe", (head) => {
  if (head.id !== number) return;
  busy = false;
  lost.cancel();
  found = head.error || head.value === null ? null : head;
  tell();
  viewport.redraw();
  if (place && asked !== place) ask();
});

const short = (/** @type {number} */ x) => Number(x.toPrecision(4)).toString().replace("-", "−");

function tell() {
  if (!place || !viewport.lies()) {
    $("where").textContent = "";
    viewport.redraw();
    return;
  }
  const [x, y] = own(place).map(short);
  let says = `x ${x}  y ${y}`;
  if (found) {
    const [a, b] = found.gradient.map((g) => (g === null ? "–" : short(g)));
    says += `     ${found.name} ${short(found.value ?? NaN)}  gradient (${a}, ${b})`;
  }
  $("where").textContent = says;
}

viewport.over((context, screen, zoom) => {
  const [width, height, margin] = viewport.sheet();
  if (edges) {
    context.save();
    context.lineWidth = 1;
    context.strokeStyle = "#e0218a";
    const outline = (/** @type {number} */ inset) => {
      const [x, y] = screen([inset, inset]);
      context.strokeRect(x, y, (width - 2 * inset) * zoom, (height - 2 * inset) * zoom);
    };
    outline(0);
    context.setLineDash([5, 4]);
    outline(margin);
    context.restore();
  }
  if (found && place && viewport.lies()) arrow(context, screen, found);
});

/**
 * The gradient as an arrow from the place that was asked for; y points up in the drawing.
 * @param {CanvasRenderingContext2D} context
 * @param {Screen} screen
 * @param {FieldValue} field
 */
function arrow(context, screen, { at, gradient }) {
  const { scale, dx, dy } = viewport.placed();
  const [x, y] = screen([at[0] * scale + dx, dy - at[1] * scale]);
  const [a, b] = gradient.map(Number);
  const steep = Math.hypot(a, b);
  context.save();
  context.lineCap = context.lineJoin = "round";
  const path = new Path2D();
  path.arc(x, y, 3, 0, 2 * Math.PI);
  if (steep > 0) {
    const [u, v] = [a / steep, -b / steep];
    const [endX, endY] = [x + ARROW * u, y + ARROW * v];
    path.moveTo(x + 3 * u, y + 3 * v);
    path.lineTo(endX, endY);
    path.moveTo(endX - 9 * u - 5 * v, endY - 9 * v + 5 * u);
    path.lineTo(endX, endY);
    path.lineTo(endX - 9 * u + 5 * v, endY - 9 * v - 5 * u);
  }
  /** @type {[number, string][]} */
  const strokes = [
    [5, "rgba(255, 255, 255, 0.85)"],
    [2, "#e0218a"],
  ];
  for (const [width, color] of strokes) {
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke(path);
  }
  context.restore();
}

/** Look at the next of the fields, after the last at none. */
export function nextField() {
  field = field + 1 < fields.length ? field + 1 : -1;
  found = null;
  busy = false;
  tell();
  viewport.redraw();
  ask();
}

/** Show the page's edge and margin, or hide them. */
export function toggleEdges() {
  edges = !edges;
  $("edges").setAttribute("aria-pressed", String(edges));
  viewport.redraw();
}

$("edges").addEventListener("click", toggleEdges);
