// A field to look at: its gradient, level line and principal axes at a point, and the way down.

import { descent, levelLine, principal } from "./field_geometry.js";
import { fieldPlaces } from "./field_places.js";
import { shortly } from "./inspect_panel.js";

/** @import { Field } from "./lessons.js" */
/** @import { FieldPlace } from "./field_places.js" */
/** @import { Subject, View } from "./inspector.js" */
/** @import { Shape } from "./overlay.js" */

const STEPS = 1000; // of a slider
const WALK = 150; // steps of a descent
const LINE = 700; // steps of a level line to each side
const FINE = 0.9; // mm of one
const GRID = 12; // points along a side, at which is looked how steep and bent a field is

/** @param {Field} told @returns {Subject} */
export function fieldSubject(told) {
  /** @type {number[] | null} */
  let p = null;
  /** @type {number[] | null} where the descent begins */
  let start = null;
  let chosen = 0; // of the places
  let steepest = 1;
  let rates = [0.01, 1];
  /** @type {FieldPlace[]} */
  let places = [];

  /** @param {View} view @param {FieldPlace} place @param {number[]} point */
  const toPage = ({ drawn: { placement } }, { x0, sx, y0, sy }, [x, y]) => [
    (x0 + sx * x) * placement.scale + placement.dx,
    placement.dy - (y0 + sy * y) * placement.scale,
  ];

  const rate = (/** @type {View} */ view) => rates[0] * (rates[1] / rates[0]) ** view.panel.at("rate");

  const held = (/** @type {number[]} */ box, /** @type {number[]} */ point) =>
    point.map((x, i) => Math.min(box[i + 2], Math.max(box[i], x)));

  /** @param {View} view */
  const slope = (view) => (/** @type {number} */ x, /** @type {number} */ y) => view.lessons.slope(told, x, y);

  /** How steep and how bent the field is. @param {View} view @param {number[]} box */
  function measure(view, box) {
    const [steep, bent] = [[0], [0]];
    for (let i = 0; i < GRID * GRID; i++) {
      const x = box[0] + (((i % GRID) + 0.5) / GRID) * (box[2] - box[0]);
      const y = box[1] + ((Math.floor(i / GRID) + 0.5) / GRID) * (box[3] - box[1]);
      const { gradient } = view.lessons.slope(told, x, y);
      const { curvatures } = principal(view.lessons.hessian(told, x, y));
      if (gradient.every(Number.isFinite)) steep.push(Math.hypot(...gradient));
      if (curvatures.every(Number.isFinite)) bent.push(Math.max(...curvatures.map(Math.abs)));
    }
    const most = (/** @type {number[]} */ list) => list.sort((a, b) => a - b)[Math.floor(0.9 * (list.length - 1))] || 1;
    steepest = most(steep);
    rates = [0.02 / most(bent), 24 / most(bent)];
  }

  /** @param {View} view */
  function put(view) {
    const { box } = places[chosen];
    const [x, y] = /** @type {number[]} */ (p);
    view.panel.put("x", (x - box[0]) / (box[2] - box[0]), shortly(x));
    view.panel.put("y", (y - box[1]) / (box[3] - box[1]), shortly(y));
  }

  return {
    name: told.name,

    holds: false,

    isSeen: (view) => fieldPlaces(told, view.lessons, view.drawn, view.page).length > 0,

    enter(view) {
      const { panel } = view;
      places = fieldPlaces(told, view.lessons, view.drawn, view.page);
      panel.hint("Move over the picture, or drag. A click is where the descent begins; arrow keys move the point.");
      panel.slide([
        { name: "x", words: "x", steps: STEPS, at: 0.62 },
        { name: "y", words: "y", steps: STEPS, at: 0.66 },
        { name: "rate", words: "step of the descent", steps: STEPS, at: 0.35 },
      ]);
      panel.choose([
        { kind: "gradient", words: "gradient", on: true },
        { kind: "level", words: "level line", on: true },
        { kind: "axes", words: "Hessian's axes", on: false },
        { kind: "descent", words: "descent from a click", on: true },
      ]);
      if (!places.length) return;
      const { box } = places[0];
      measure(view, box);
      p ??= [0.62, 0.66].map((share, i) => box[i] + share * (box[i + 2] - box[i]));
      put(view);
    },

    changed(view) {
      places = fieldPlaces(told, view.lessons, view.drawn, view.page);
      if (places.length) measure(view, places[0].box);
    },

    point(view, [px, py], pressed) {
      const { scale, dx, dy } = view.drawn.placement;
      const [x, y] = [(px - dx) / scale, (dy - py) / scale];
      const there = places.map(({ x0, sx, y0, sy }) => [(x - x0) / sx, (y - y0) / sy]);
      const found = there.findIndex(([a, b], i) => held(places[i].box, [a, b]).every((v, k) => v === [a, b][k]));
      if (found < 0) return;
      chosen = found;
      p = there[found];
      if (pressed) start = p;
      put(view);
    },

    step(view, x, y) {
      if (!p || !places.length) return;
      const { box } = places[chosen];
      p = held(box, [p[0] + (x * (box[2] - box[0])) / 200, p[1] + (y * (box[3] - box[1])) / 200]);
      put(view);
    },

    show(view) {
      const { panel, overlay } = view;
      const place = places[Math.min(chosen, places.length - 1)];
      if (!place || !p) {
        overlay.draw([]);
        panel.miss(told.name);
        return;
      }
      const { box } = place;
      const slid = ["x", "y"].map((name, i) => box[i] + panel.at(name) * (box[i + 2] - box[i]));
      // Where the hand has moved a slider, and not the picture.
      p = p.map((v, i) => (Math.abs(slid[i] - v) <= (box[i + 2] - box[i]) / STEPS / 1.9 ? v : slid[i]));
      put(view);
      panel.put("rate", panel.at("rate"), shortly(rate(view)));
      panel.reveal("rate", panel.shows("descent"));
      const path = panel.shows("descent") ? descent(slope(view), start ?? p, rate(view), WALK) : null;
      overlay.draw(shapes(view, place, p, path));
      tell(view, p, path);
    },
  };

  /** @param {View} view @param {FieldPlace} place @param {number[]} at @param {number[][] | null} path @returns {Shape[]} */
  function shapes(view, place, at, path) {
    const { panel, overlay } = view;
    const unit = overlay.unit();
    const { scale } = view.drawn.placement;
    const { gradient } = view.lessons.slope(told, at[0], at[1]);
    const here = toPage(view, place, at);
    const along = (/** @type {number[]} */ [x, y], /** @type {number} */ mm) => {
      const way = [place.sx * x, -place.sy * y];
      const size = Math.hypot(...way) || 1;
      return here.map((v, i) => v + (mm * way[i]) / size);
    };
    /** @type {Shape[]} */
    const found = [];
    for (const other of places) {
      if (other === place || held(other.box, at).some((v, i) => v !== at[i])) continue;
      found.push({ kind: "point other", points: [toPage(view, other, at)], radius: 3.2 * unit });
    }
    if (panel.shows("level")) {
      const step = FINE / scale / Math.sqrt(Math.abs(place.sx * place.sy));
      const line = levelLine(slope(view), at, place.box, step, LINE);
      found.push({ kind: "level", points: line.map((point) => toPage(view, place, point)) });
    }
    if (path) {
      const points = path.map((point) => toPage(view, place, point));
      found.push({ kind: "descent", points });
      found.push(...points.slice(1).map((point) => ({ kind: "descent step", points: [point], radius: 1.9 * unit })));
      found.push({ kind: "point other", points: [points[0]], radius: 3.2 * unit });
    }
    if (panel.shows("axes")) {
      const { curvatures, ways } = principal(view.lessons.hessian(told, at[0], at[1]));
      const most = Math.max(...curvatures.map(Math.abs)) || 1;
      curvatures.forEach((curvature, i) => {
        const mm = 5 + 13 * Math.sqrt(Math.abs(curvature) / most);
        found.push({ kind: curvature < 0 ? "axes cap" : "axes", points: [along(ways[i], mm), along(ways[i], -mm)] });
      });
    }
    if (panel.shows("gradient")) {
      const mm = 6 + 20 * Math.min(1.6, Math.hypot(...gradient) / steepest);
      const tip = along(gradient, mm);
      const [ux, uy] = [0, 1].map((i) => (tip[i] - here[i]) / mm);
      const barb = (/** @type {number} */ side) => [tip[0] - 9 * unit * ux + side * 5 * unit * uy, tip[1] - 9 * unit * uy - side * 5 * unit * ux];
      found.push({ kind: "gradient", points: [here, tip, [NaN, NaN], barb(1), tip, barb(-1)] });
    }
    found.push({ kind: "point", points: [here], radius: 4.6 * unit });
    return found;
  }

  /** @param {View} view @param {number[]} at @param {number[][] | null} path */
  function tell(view, [x, y], path) {
    const { value, gradient } = view.lessons.slope(told, x, y);
    const [xx, xy, yy] = view.lessons.hessian(told, x, y);
    /** @type {import("./inspect_panel.js").Row[]} */
    const rows = [
      ["p", x, y],
      ["f", value],
      ["∇f", gradient[0], gradient[1]],
      ["|∇f|", Math.hypot(...gradient)],
      ["∂∇f / ∂x", xx, xy],
      ["∂∇f / ∂y", xy, yy],
      ["curvatures", ...principal([xx, xy, yy]).curvatures],
    ];
    if (path) {
      const end = path[path.length - 1];
      rows.push([`after ${path.length - 1} steps`, end[0], end[1]], ["f there", view.lessons.slope(told, end[0], end[1]).value]);
    }
    view.panel.tell(`${told.name} at (${shortly(x)}, ${shortly(y)})`, ["x", "y"], rows);
  }
}
