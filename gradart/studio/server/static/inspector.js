// What is read off the picture: the edge and margin of the page, the point under the pointer,
// and the value and gradient of a field there.

import { $, debounced } from "./dom.js";
import { arrived } from "./picture_requests.js";
import { isFilm } from "./film.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { settings, state } from "./state.js";

/** @import { Answers } from "./messages.js" */

const ARROW = 44; // css px
const { inspector } = state;


arrived((head) => {
  inspector.fields = head.fields;
  if (inspector.field >= inspector.fields.length) inspector.field = 0;
  inspector.found = null;
  inspector.busy = false;
  showReadout();
  ask();
});

viewport.pointed((at) => {
  const [width, height] = viewport.sheet();
  const inside = at && at[0] >= 0 && at[1] >= 0 && at[0] <= width && at[1] <= height;
  inspector.pointer = inside ? at : null;
  if (!inside) inspector.found = null;
  showReadout();
  ask();
});

/** A point of the page in the artist's units. @param {number[]} point */
function toDrawing([x, y]) {
  const { scale, dx, dy } = viewport.placed();
  return [(x - dx) / scale, (dy - y) / scale];
}

function ask() {
  if (!inspector.pointer || !viewport.placementOf() || inspector.busy) return;
  if (inspector.field < 0 || !inspector.fields.length) return;
  if (isFilm() && $("film").dataset.playing === "true") return;
  inspector.busy = true;
  inspector.asked = inspector.pointer;
  inspector.number += 1;
  send("probe", { id: inspector.number, ...settings(), field: inspector.field, at: toDrawing(inspector.pointer) });
  lost();
}

const lost = debounced(1000, () => (inspector.busy = false)); // the studio dropped the request for another

on("probe", (head) => {
  if (head.id !== inspector.number) return;
  inspector.busy = false;
  lost.cancel();
  inspector.found = head.error || head.value === null ? null : head;
  showReadout();
  viewport.redraw();
  if (inspector.pointer && inspector.asked !== inspector.pointer) ask();
});

/** @param {number} x */
const short = (x) => Number(x.toPrecision(4)).toString().replace("-", "−");

function showReadout() {
  if (!inspector.pointer || !viewport.placementOf()) {
    $("where").textContent = "";
    viewport.redraw();
    return;
  }
  const [x, y] = toDrawing(inspector.pointer).map(short);
  let says = `x ${x}  y ${y}`;
  if (inspector.found) {
    const [a, b] = inspector.found.gradient.map((g) => (g === null ? "–" : short(g)));
    says += `     ${inspector.found.name} ${short(inspector.found.value ?? NaN)}  gradient (${a}, ${b})`;
  }
  $("where").textContent = says;
}

viewport.over((context, screen, zoom) => {
  const [width, height, margin] = viewport.sheet();
  if (inspector.edges) {
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
  if (inspector.found && inspector.pointer && viewport.placementOf()) arrow(context, screen, inspector.found);
});

/**
 * The gradient as an arrow from the point that was asked for; y points up in the drawing.
 * @param {CanvasRenderingContext2D} context
 * @param {(point: number[]) => [number, number]} screen
 * @param {Answers["probe"]} found
 */
function arrow(context, screen, { at, gradient }) {
  const { scale, dx, dy } = viewport.placed();
  const [x, y] = screen([at[0] * scale + dx, dy - at[1] * scale]);
  const [a, b] = gradient.map((g) => g ?? 0); // 0 where it is not finite
  const steep = Math.hypot(a, b);
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
  viewport.strokeOver(path, "#e0218a", 2, 5);
}

/** Look at the next of the fields, after the last at none. */
export function nextField() {
  inspector.field = inspector.field + 1 < inspector.fields.length ? inspector.field + 1 : -1;
  inspector.found = null;
  inspector.busy = false;
  showReadout();
  viewport.redraw();
  ask();
}

/** Show the page's edge and margin, or hide them. */
export function toggleEdges() {
  inspector.edges = !inspector.edges;
  $("edges").setAttribute("aria-pressed", String(inspector.edges));
  viewport.redraw();
}

$("edges").addEventListener("click", toggleEdges);
