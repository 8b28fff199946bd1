// What is read off the picture: the edge and margin of the page, the point under the pointer,
// and the value and gradient of a field there.

import { $, debounced } from "./dom.js";
import { arrived } from "./picture_requests.js";
import { isFilm } from "./film.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { settings } from "./state.js";

const ARROW = 44; // css px

let edges = false;
let fields = []; // the names of those that the sketch looks at
let field = 0; // which of them is looked at; -1 for none
let number = 0;
let busy = false;
let pointer = null; // mm of the page, under the pointer
let found = null; // what the studio says of the field there

arrived((head) => {
  fields = head.fields;
  if (field >= fields.length) field = 0;
  found = null;
  busy = false;
  showReadout();
  ask();
});

viewport.pointed((at) => {
  const [width, height] = viewport.sheet();
  const on = at && at[0] >= 0 && at[1] >= 0 && at[0] <= width && at[1] <= height;
  pointer = on ? at : null;
  if (!on) found = null;
  showReadout();
  ask();
});

/** A point of the page in the artist's units. */
function toDrawing([x, y]) {
  const { scale, dx, dy } = viewport.placementOf();
  return [(x - dx) / scale, (dy - y) / scale];
}

function ask() {
  if (!pointer || !viewport.placementOf() || busy || field < 0 || !fields.length) return;
  if (isFilm() && $("film").dataset.playing === "true") return;
  busy = true;
  asked = pointer;
  number += 1;
  send("probe", { id: number, ...settings(), field, at: toDrawing(pointer) });
  lost();
}

let asked = null;
const lost = debounced(1000, () => (busy = false)); // the studio dropped the request for another

on("probe", (head) => {
  if (head.id !== number) return;
  busy = false;
  lost.cancel();
  found = head.error || head.value === null ? null : head;
  showReadout();
  viewport.redraw();
  if (pointer && asked !== pointer) ask();
});

const short = (x) => Number(x.toPrecision(4)).toString().replace("-", "−");

function showReadout() {
  if (!pointer || !viewport.placementOf()) {
    $("where").textContent = "";
    viewport.redraw();
    return;
  }
  const [x, y] = toDrawing(pointer).map(short);
  let says = `x ${x}  y ${y}`;
  if (found) {
    const [a, b] = found.gradient.map((g) => (g === null ? "–" : short(g)));
    says += `     ${found.name} ${short(found.value)}  gradient (${a}, ${b})`;
  }
  $("where").textContent = says;
}

viewport.over((context, screen, zoom) => {
  const [width, height, margin] = viewport.sheet();
  if (edges) {
    context.save();
    context.lineWidth = 1;
    context.strokeStyle = "#e0218a";
    const outline = (inset) => {
      const [x, y] = screen([inset, inset]);
      context.strokeRect(x, y, (width - 2 * inset) * zoom, (height - 2 * inset) * zoom);
    };
    outline(0);
    context.setLineDash([5, 4]);
    outline(margin);
    context.restore();
  }
  if (found && pointer && viewport.placementOf()) arrow(context, screen);
});

/** The gradient as an arrow from the point that was asked for; y points up in the drawing. */
function arrow(context, screen) {
  const { scale, dx, dy } = viewport.placementOf();
  const [x, y] = screen([found.at[0] * scale + dx, dy - found.at[1] * scale]);
  const [a, b] = found.gradient;
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
  for (const [width, color] of [[5, "rgba(255, 255, 255, 0.85)"], [2, "#e0218a"]]) {
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
  showReadout();
  viewport.redraw();
  ask();
}

/** Show the page's edge and margin, or hide them. */
export function toggleEdges() {
  edges = !edges;
  $("edges").setAttribute("aria-pressed", edges);
  viewport.redraw();
}

$("edges").addEventListener("click", toggleEdges);
