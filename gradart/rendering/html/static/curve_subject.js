// A curve to look at: its tangent, normal, circle and Taylor arc at t, and all derivatives as numbers.

import { frame, polynomial } from "./curve_geometry.js";
import { drawnJet } from "./curve_places.js";
import { shortly } from "./inspect_panel.js";

/** @import { Curve } from "./lessons.js" */
/** @import { Place } from "./curve_places.js" */
/** @import { Subject, View } from "./inspector.js" */
/** @import { Shape } from "./overlay.js" */

const STEPS = 1000; // of the slider of t
const ARC = 200; // points of a Taylor arc to each side
const RIGHT = 0.2; // mm, as far from the curve as nobody sees
const WALK = 60; // steps of a descent
const PRIMES = ["", "′", "″", "‴"];

/** @param {Curve} told @returns {Subject} */
export function curveSubject(told) {
  const isGraph = told.kind === "graph";
  let t = NaN;
  /** Which of the places is looked at, by its order, since places come and go. */
  let chosen = 0;
  let rates = [0.01, 1]; // of a descent, the ends of its slider

  const placesOf = (/** @type {Pick<View, "places">} */ view) => view.places.filter(({ curve }) => curve.name === told.name && curve.jet === told.jet);

  /** @param {View} view @returns {Place | undefined} */
  function placeOf(view) {
    const places = placesOf(view);
    return places[Math.min(chosen, places.length - 1)];
  }

  /** @param {View} view @param {number[]} point */
  const toPage = ({ drawn: { placement } }, [x, y]) => [
    x * placement.scale + placement.dx,
    placement.dy - y * placement.scale,
  ];

  /** @param {View} view @param {Place} place @param {number} at */
  const jetAt = (view, place, at) => drawnJet(place, view.lessons.jet(told, at), at);

  /** @param {View} view @param {Place} place @param {number} at */
  const pointAt = (view, place, at) => toPage(view, jetAt(view, place, at)[0]);

  /** Hold t within what is drawn. @param {Place | undefined} place @param {number} to */
  function move(place, to) {
    t = place ? Math.min(place.t1, Math.max(place.t0, to)) : to;
  }

  /** @param {View} view */
  const orders = (view) => view.lessons.order(told);

  /** The order of the Taylor arc. @param {View} view */
  const order = (view) => Math.round(view.panel.at("order") * orders(view));

  const rate = (/** @type {View} */ view) => rates[0] * (rates[1] / rates[0]) ** view.panel.at("rate");

  /** How far a secant reaches: fine where it is short. @param {View} view @param {Place} place */
  const run = (view, place) => Math.max(1e-5, view.panel.at("run") ** 2) * (place.t1 - place.t0);

  return {
    name: told.name,

    holds: true,
    isSeen: (view) => placesOf(view).length > 0,

    changed() {},

    enter(view) {
      const { panel } = view;
      const place = placeOf(view);
      if (place && !(t >= place.t0 && t <= place.t1)) t = place.t0 + 0.36 * (place.t1 - place.t0);
      panel.hint("Move over the curve, or drag. A click holds the point, another lets it go; arrow keys move it.");
      panel.slide([
        { name: "t", words: isGraph ? "x" : "t", steps: STEPS, at: 0.36 },
        { name: "order", words: "order of the Taylor arc", steps: orders(view), at: 3 / orders(view) },
        ...(isGraph ? [{ name: "run", words: "run of the secant", steps: STEPS, at: 0.5 }] : []),
        ...(isGraph ? [{ name: "rate", words: "step of the descent", steps: STEPS, at: 0.35 }] : []),
      ]);
      panel.choose([
        { kind: "tangent", words: "tangent", on: true },
        { kind: "normal", words: "normal", on: false },
        { kind: "circle", words: "osculating circle", on: true },
        { kind: "taylor", words: "Taylor arc", on: true },
        ...(isGraph ? [{ kind: "secant", words: "secant", on: false }] : []),
        ...(isGraph ? [{ kind: "descent", words: "descent from here", on: Boolean(told.descended) }] : []),
      ]);
      if (isGraph && place) rates = ratesFor(view, place);
      if (place) panel.put("t", (t - place.t0) / (place.t1 - place.t0), "");
    },

    point(view, [px, py]) {
      const places = placesOf(view);
      const { scale, dx } = view.drawn.placement;
      const x = (px - dx) / scale;
      let best = Infinity;
      places.forEach((place, i) => {
        const at = isGraph ? (x - place.x0) / place.sx : nearest(view, place, px, py);
        const held = Math.min(place.t1, Math.max(place.t0, at));
        const [qx, qy] = pointAt(view, place, held);
        const far = Math.hypot(qx - px, qy - py);
        if (!(far < best)) return;
        best = far;
        chosen = i;
        t = held;
      });
      const place = placeOf(view);
      if (place) view.panel.put("t", (t - place.t0) / (place.t1 - place.t0), "");
    },

    step(view, x, y) {
      const place = placeOf(view);
      if (!place) return;
      move(place, t + ((x + y) * (place.t1 - place.t0)) / 200);
      view.panel.put("t", (t - place.t0) / (place.t1 - place.t0), "");
    },

    show(view) {
      const { panel, overlay } = view;
      const place = placeOf(view);
      if (!place) {
        overlay.draw([]);
        panel.miss(told.name);
        return;
      }
      const slid = place.t0 + panel.at("t") * (place.t1 - place.t0);
      // Where the hand has moved the slider, and not the picture.
      if (!(Math.abs(slid - t) <= (place.t1 - place.t0) / STEPS / 1.9)) move(place, slid);
      panel.put("t", (t - place.t0) / (place.t1 - place.t0), shortly(t));
      panel.put("order", order(view) / orders(view), String(order(view)));
      panel.put("rate", panel.at("rate"), shortly(rate(view)));
      panel.put("run", panel.at("run"), shortly(run(view, place)));
      panel.reveal("order", panel.shows("taylor"));
      panel.reveal("rate", panel.shows("descent"));
      panel.reveal("run", panel.shows("secant"));
      overlay.draw(shapes(view, place));
      tell(view, place);
    },
  };

  /** The t whose point is nearest to a place of the page. @param {View} view @param {Place} place @param {number} x @param {number} y */
  function nearest(view, place, x, y) {
    const far = (/** @type {number} */ at) => {
      const [qx, qy] = pointAt(view, place, at);
      return Math.hypot(qx - x, qy - y);
    };
    let step = (place.t1 - place.t0) / 300;
    let best = t;
    for (let i = 0; i <= 300; i++) {
      const at = place.t0 + i * step;
      if (!(far(at) >= far(best))) best = at;
    }
    for (; step > (place.t1 - place.t0) * 1e-7; step /= 2) {
      for (const at of [best - step, best + step]) if (far(at) < far(best)) best = at;
    }
    return best;
  }

  /** @param {View} view @param {Place} place @returns {Shape[]} */
  function shapes(view, place) {
    const { panel, page, overlay } = view;
    const { scale } = view.drawn.placement;
    const jet = jetAt(view, place, t);
    const { tangent, normal, curvature, center } = frame(jet);
    const [x, y] = toPage(view, jet[0]);
    const long = page.width + page.height;
    const unit = overlay.unit();
    const along = (/** @type {number[]} */ way, /** @type {number} */ mm) => [x + way[0] * mm, y - way[1] * mm];
    /** @type {Shape[]} */
    const found = [];
    for (const other of placesOf(view)) {
      if (other === place || t < other.t0 || t > other.t1) continue;
      const there = pointAt(view, other, t);
      if (isGraph && Math.abs(there[0] - x) < 0.5) found.push({ kind: "upright", points: [[x, y], there] });
      found.push({ kind: "point other", points: [there], radius: 3.2 * unit });
    }
    if (panel.shows("circle") && Math.abs(curvature) > 1e-6 * scale / long) {
      const radius = Math.abs(scale / curvature);
      if (radius < 40 * long) found.push({ kind: "circle", points: [toPage(view, center)], radius });
    }
    if (panel.shows("taylor")) found.push(...taylor(view, place, jet));
    if (panel.shows("normal")) found.push({ kind: "normal", points: [[x, y], along(normal, Math.sign(curvature || 1) * 18)] });
    if (panel.shows("tangent")) found.push({ kind: "tangent", points: [along(tangent, -0.3 * long), along(tangent, 0.3 * long)] });
    if (panel.shows("secant")) {
      const end = pointAt(view, place, t + run(view, place));
      const [ux, uy] = [end[0] - x, end[1] - y];
      const size = Math.hypot(ux, uy) / (0.3 * long) || 1;
      found.push({ kind: "upright", points: [[x, y], [end[0], y], end] });
      found.push({ kind: "secant", points: [[x - ux / size, y - uy / size], [x + ux / size, y + uy / size]] });
      found.push({ kind: "point other", points: [end], radius: 3.2 * unit });
    }
    if (panel.shows("descent")) found.push(...descent(view, place));
    found.push({ kind: "point", points: [[x, y]], radius: 4.6 * unit });
    return found;
  }

  /** The Taylor arc, thick where nobody sees it apart from the curve. @param {View} view @param {Place} place @param {number[][]} jet @returns {Shape[]} */
  function taylor(view, place, jet) {
    const n = Math.min(order(view), jet.length - 1);
    const reach = place.t1 - place.t0;
    const at = (/** @type {number} */ s) => toPage(view, polynomial(jet, n, s));
    const isRight = (/** @type {number} */ s) => {
      if (t + s < place.t0 || t + s > place.t1) return false;
      const [x, y] = at(s);
      const [qx, qy] = pointAt(view, place, t + s);
      return Math.hypot(x - qx, y - qy) < RIGHT;
    };
    const ends = [-1, 1].map((sign) => {
      let i = 0;
      while (i < ARC && isRight(sign * reach * ((i + 1) / ARC) ** 2)) i++;
      return sign * reach * (i / ARC) ** 2;
    });
    // Close where it is the curve, and bends as that does.
    const line = (/** @type {number} */ from, /** @type {number} */ to) =>
      Array.from({ length: 2 * ARC + 1 }, (_, i) => at((i < ARC ? from : to) * (i / ARC - 1) ** 2));
    return [
      { kind: "taylor", points: line(-reach, reach) },
      { kind: "taylor right", points: line(ends[0], ends[1]) },
    ];
  }

  /** Rates among which descents settle, bounce, and are thrown out. @param {View} view @param {Place} place */
  function ratesFor(view, place) {
    let most = 0;
    for (let i = 0; i <= 60; i++) {
      const bend = Math.abs(view.lessons.jet(told, place.t0 + (i / 60) * (place.t1 - place.t0))[2]);
      if (Number.isFinite(bend)) most = Math.max(most, bend);
    }
    return most > 0 ? [0.02 / most, 24 / most] : [0.01, 1];
  }

  /** Where steps against the slope lead from t. @param {View} view */
  function walk(view) {
    const found = [t];
    for (let i = 0; i < WALK && Number.isFinite(found[i]); i++) found.push(found[i] - rate(view) * view.lessons.jet(told, found[i])[1]);
    return found;
  }

  /** @param {View} view @param {Place} place @returns {Shape[]} */
  function descent(view, place) {
    const ground = place.order === 0 ? place : placesOf(view).find(({ order: k }) => k === 0);
    if (!ground) return [];
    const points = walk(view).map((at) => pointAt(view, ground, at));
    const unit = view.overlay.unit();
    return [
      { kind: "descent", points },
      ...points.slice(1).filter(([x, y]) => Number.isFinite(x + y)).map((point) => ({ kind: "descent step", points: [point], radius: 2.2 * unit })),
    ];
  }

  /** @param {View} view @param {Place} place */
  function tell(view, place) {
    const jet = view.lessons.jet(told, t);
    const name = (/** @type {number} */ k) => (k < PRIMES.length ? `${isGraph ? "f" : "c"}${PRIMES[k]}` : `${isGraph ? "f" : "c"}⁽${"⁰¹²³⁴⁵⁶⁷⁸⁹"[k]}⁾`);
    const { curvature } = frame(jetAt(view, place, t));
    /** @type {import("./inspect_panel.js").Row[]} */
    const rows = [[isGraph ? "x" : "t", t]];
    const last = orders(view);
    for (let k = 0; k <= last; k++) rows.push(isGraph ? [name(k), jet[k]] : [name(k), jet[2 * k], jet[2 * k + 1]]);
    if (isGraph) {
      rows.push(["radius, as drawn", Math.abs(1 / curvature)]);
      if (view.panel.shows("secant")) {
        const step = run(view, place);
        rows.push(["slope of the secant", (view.lessons.jet(told, t + step)[0] - jet[0]) / step]);
      }
      if (view.panel.shows("descent")) {
        const path = walk(view);
        rows.push([`x after ${WALK} steps`, path.length > WALK ? path[WALK] : NaN]);
      }
      view.panel.tell(`${told.name} at ${shortly(t)}`, [], rows, place.order + 1);
    } else {
      const own = frame(Array.from({ length: 3 }, (_, k) => [jet[2 * k], jet[2 * k + 1]]));
      rows.push(["speed", own.speed], ["curvature", own.curvature], ["radius", Math.abs(1 / own.curvature)]);
      view.panel.tell(`${told.name} at ${shortly(t)}`, ["x", "y"], rows);
    }
  }
}
