// Handles on the picture: a ring at each point that is a parameter, which the pointer moves.

import { $ } from "./dom.js";
import * as viewport from "./viewport.js";
import { changed, set, state } from "./state.js";

/** @import { Placement } from "./messages.js" */
/** @typedef {{ name: string, index: number | null, at: number[], low: number | null, high: number | null }} Handle
 * A point of a parameter, or of its list, in the units of the drawing, and its bounds. */

const NEAR = 12; // css px, from which a handle is taken
const RADIUS = 6; // css px
const ALWAYS = matchMedia("(hover: none)").matches; // whether they are seen, be there a pointer or not

/** @type {Handle | null} the one that is held */
let held = null;
/** @type {Placement | null} how the drawing lay on the page when it was taken: it may move under the hand */
let placement = null;
let over = false; // whether the pointer is over the picture: rings are not seen otherwise

/** The handles of the sketch. @returns {Handle[]} */
function handles() {
  /** @type {Handle[]} */
  const found = [];
  for (const p of state.sketch?.parameters ?? []) {
    const value = state.values[p.name];
    if (value === null) continue;
    const add = (part, index, at) => found.push({ name: p.name, index, at, low: part.parts[0].low, high: part.parts[0].high });
    if (p.role === "point") add(p, null, value);
    else if (p.type === "list") {
      value.forEach((at, index) => {
        const part = p.parts[p.varies ? 0 : index];
        if (part.role === "point") add(part, index, at);
      });
    }
  }
  return found;
}

/** Where a point of the drawing is on the page, in mm. @param {number[]} point @param {Placement} by */
const onPage = ([x, y], by) => [by.scale * x + by.dx, by.dy - by.scale * y];

/** The nearest handle to a place on the page, if there is one near it. @param {number[]} place mm */
function nearest(place) {
  const by = viewport.placementOf();
  if (!by) return null;
  const gap = ({ at }) => {
    const [x, y] = onPage(at, by);
    return state.viewport.zoom * Math.hypot(x - place[0], y - place[1]);
  };
  const [first] = handles().sort((a, b) => gap(a) - gap(b));
  return first && gap(first) < NEAR ? first : null;
}

/** Bring the held point to a place on the page. @param {number[]} place mm @param {boolean} live */
function bring([x, y], live) {
  if (!held || !placement) return;
  const { name, index, low, high } = held;
  const digits = Math.max(0, Math.ceil(Math.log10(placement.scale * state.viewport.zoom)) + 1); // less than a pixel
  const at = [(x - placement.dx) / placement.scale, (placement.dy - y) / placement.scale]
    .map((one) => Number(one.toFixed(Math.min(12, digits))))
    .map((one) => (low === null || high === null ? one : Math.min(high, Math.max(low, one))));
  held.at = at;
  const value = index === null ? at : state.values[name].with(index, at);
  set({ values: { [name]: value } }, { live });
}

viewport.handTo({
  takes: (event, at) => event.button === 0 && !event.altKey && nearest(at) !== null,
  down(at) {
    held = nearest(at);
    placement = viewport.placementOf();
    show();
  },
  move: (at) => bring(at, true),
  up() {
    held = null;
    set({});
    show();
  },
});

viewport.pointed((place) => {
  const near = place !== null && nearest(place) !== null;
  if (over !== (place !== null)) {
    over = place !== null;
    viewport.redraw();
  }
  $("viewport").toggleAttribute("data-handle", near);
});

changed(({ fresh }) => {
  if (fresh) held = null;
  if (handles().length) viewport.redraw();
});

function show() {
  $("viewport").toggleAttribute("data-held", held !== null);
  viewport.redraw();
}

viewport.over((context, screen) => {
  const by = (held && placement) ?? viewport.placementOf();
  if (!by || !(ALWAYS || over || held)) return;
  const path = new Path2D();
  for (const { at } of handles()) {
    const [x, y] = screen(onPage(at, by));
    path.moveTo(x + RADIUS, y);
    path.arc(x, y, RADIUS, 0, 2 * Math.PI);
    path.moveTo(x + 1, y);
    path.arc(x, y, 1, 0, 2 * Math.PI);
  }
  const color = getComputedStyle(document.documentElement).getPropertyValue("--accent");
  viewport.strokeOver(path, color, 1.75, 4);
});
