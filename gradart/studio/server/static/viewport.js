// The picture on its page: zooming, panning, and what is drawn over it.

import { $ } from "./dom.js";
import { state } from "./state.js";

const canvas = $("canvas");
const container = $("viewport");
const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
const EDGE = 28; // css px around the paper
const CLOSEST = 40; // times the whole page
const SMALLEST = 2; // mm, the side of what is seen
const SETTLING = 350; // ms

const shown = state.viewport;
/** @type {((context: CanvasRenderingContext2D, toScreen: typeof screen, zoom: number) => void)[]} */
const overlays = [];
/** @type {(() => void)[]} */
const listeners = [];

/** Draw over the picture: overlay(context, toScreen), with toScreen from mm of the page. */
export const over = (overlay) => overlays.push(overlay);
/** Listen to what is seen changing. */
export const moved = (listener) => listeners.push(listener);
export const placementOf = () => shown.placement;
/** How the drawing lies on the page; only to be asked for where there is a picture. */
export function placed() {
  if (!shown.placement) throw new Error("there is no picture");
  return shown.placement;
}

/**
 * Stroke a path over the picture, in a color on wider white, so that it is seen on any. In css px.
 * @param {Path2D} path
 * @param {string} color
 * @param {number} width
 * @param {number} around of the white
 */
export function strokeOver(path, color, width, around) {
  context.save();
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = around;
  context.strokeStyle = "rgba(255, 255, 255, 0.85)";
  context.stroke(path);
  context.lineWidth = width;
  context.strokeStyle = color;
  context.stroke(path);
  context.restore();
}

export const sheet = () => shown.page;

const size = () => [container.clientWidth, container.clientHeight];

function fitZoom() {
  const [width, height] = size();
  const edge = Math.min(EDGE, width / 20);
  return Math.max(0.01, Math.min((width - 2 * edge) / shown.page[0], (height - 2 * edge) / shown.page[1]));
}

/** Show the whole page. */
export function fit() {
  shown.fitted = true;
  shown.zoom = fitZoom();
  const [width, height] = size();
  shown.corner = [(width - shown.page[0] * shown.zoom) / 2, (height - shown.page[1] * shown.zoom) / 2];
  shown.part = null;
  redraw();
  for (const listener of listeners) listener();
}

/** Take another picture: its head as the studio sent it, and the view if it is a part. */
export function show(head, bitmap, view) {
  const turned = shown.page[0] !== head.page[0] || shown.page[1] !== head.page[1];
  shown.page = head.page;
  shown.placement = head.placement;
  if (view) {
    shown.part?.bitmap.close();
    shown.part = { bitmap, view };
  } else {
    shown.whole?.close();
    shown.whole = bitmap;
    shown.part = null;
  }
  if (turned && shown.fitted) fit();
  else redraw();
}

/** @type {{ factor: number, shift: number[], since: number, next: number } | null} where all lay on the screen before it was fitted */
let settling = null;

/**
 * Let the page go from where the drawing lay on the screen to where it is fitted now, so that it does not jump.
 * @param {{ scale: number, dx: number, dy: number }} was how it lay on the page
 */
export function settle(was) {
  const now = placed();
  const factor = was.scale / now.scale;
  const [x, y] = shown.corner;
  const shift = [(1 - factor) * x + shown.zoom * (was.dx - factor * now.dx), (1 - factor) * y + shown.zoom * (was.dy - factor * now.dy)];
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  settling = calm ? null : { factor, shift, since: performance.now(), next: 0 };
  redraw();
}

/** Draw from now on with the page as it is on the way, and again as long as it is. */
function goOn() {
  if (!settling) return;
  const left = Math.max(0, 1 - (performance.now() - settling.since) / SETTLING) ** 3;
  const scale = settling.factor ** left;
  context.transform(scale, 0, 0, scale, left * settling.shift[0], left * settling.shift[1]);
  if (!left) settling = null;
  else {
    cancelAnimationFrame(settling.next);
    settling.next = requestAnimationFrame(redraw);
  }
}

/** Take one frame of a film, of the whole page. */
export function showFrame(bitmap) {
  shown.whole?.close();
  shown.whole = bitmap;
  shown.part = null;
  redraw();
}

/** Take everything away: another sketch comes. */
export function clear() {
  shown.whole?.close();
  shown.whole = null;
  shown.part = null;
  shown.placement = null;
  fit();
}

/** What is seen, as the studio is asked for it: pixels, and the part of the page in mm. */
export function wanted(most) {
  const density = window.devicePixelRatio || 1;
  const side = (mm) => Math.max(64, Math.min(most, Math.ceil(mm * shown.zoom * density)));
  if (shown.fitted) return { px: side(Math.max(shown.page[0], shown.page[1])), view: null };
  const [width, height] = size();
  const left = Math.max(0, -shown.corner[0] / shown.zoom);
  const top = Math.max(0, -shown.corner[1] / shown.zoom);
  const right = Math.min(shown.page[0], (width - shown.corner[0]) / shown.zoom);
  const bottom = Math.min(shown.page[1], (height - shown.corner[1]) / shown.zoom);
  const view = [left, top, Math.max(SMALLEST, right - left), Math.max(SMALLEST, bottom - top)];
  return { px: side(Math.max(view[2], view[3])), view };
}

/** Draw what there is. */
export function redraw() {
  const density = window.devicePixelRatio || 1;
  const [width, height] = size();
  const [across, down] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  if (!shown.whole && !shown.part) return;
  goOn();
  const [x, y] = shown.corner;
  const [pageWidth, pageHeight] = [shown.page[0] * shown.zoom, shown.page[1] * shown.zoom];
  context.save();
  context.shadowColor = "rgba(0, 0, 0, 0.28)";
  context.shadowBlur = 22 * density;
  context.shadowOffsetY = 5 * density;
  context.fillStyle = "#888";
  context.fillRect(x, y, pageWidth, pageHeight);
  context.restore();
  context.imageSmoothingQuality = "high";
  if (shown.whole) context.drawImage(shown.whole, x, y, pageWidth, pageHeight);
  if (shown.part) {
    const [left, top, w, h] = shown.part.view;
    const [partX, partY] = screen([left, top]);
    context.drawImage(shown.part.bitmap, partX, partY, w * shown.zoom, h * shown.zoom);
  }
  context.lineWidth = 1;
  context.strokeStyle = "rgba(128, 128, 128, 0.3)"; // dark paper on a dark background
  context.strokeRect(x - 0.5, y - 0.5, pageWidth + 1, pageHeight + 1);
  for (const overlay of overlays) overlay(context, screen, shown.zoom);
}

/**
 * @param {number[]} point
 * @returns {[number, number]}
 */
const screen = ([x, y]) => [shown.corner[0] + x * shown.zoom, shown.corner[1] + y * shown.zoom];

/** The point of the page, in mm, under a point of the viewport in css px. @param {number[]} point */
const toPage = ([x, y]) => [(x - shown.corner[0]) / shown.zoom, (y - shown.corner[1]) / shown.zoom];

/**
 * Go closer or farther about a point of the viewport.
 * @param {number} factor
 * @param {number[]} point css px; the middle unless it is given
 */
export function magnify(factor, [x, y] = size().map((side) => side / 2)) {
  const least = fitZoom();
  const next = Math.min(Math.max(least, shown.zoom * factor), CLOSEST * least);
  if (next === least) {
    fit();
    return;
  }
  shown.corner = [x + ((shown.corner[0] - x) * next) / shown.zoom, y + ((shown.corner[1] - y) * next) / shown.zoom];
  shown.zoom = next;
  shown.fitted = false;
  hold();
}

/** Move the page in the viewport. */
export function pan(dx, dy) {
  if (shown.fitted) return;
  shown.corner = [shown.corner[0] + dx, shown.corner[1] + dy];
  hold();
}

function hold() {
  const [width, height] = size();
  const kept = Math.min(width, height) / 4; // so much of the page stays in sight
  const within = (at, length, space) => Math.min(space - kept, Math.max(kept - length, at));
  shown.corner = [within(shown.corner[0], shown.page[0] * shown.zoom, width), within(shown.corner[1], shown.page[1] * shown.zoom, height)];
  redraw();
  for (const listener of listeners) listener();
}

/** How much closer than the whole page, as a word. */
export const closeness = () => `${Math.round((100 * shown.zoom) / fitZoom())} %`;

new ResizeObserver(() => (shown.fitted ? fit() : hold())).observe(container);

const fingers = new Map();

/** The point of the viewport, in css px, that the pointer is at. @param {MouseEvent} event @returns {[number, number]} */
const pointOf = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

/** @typedef {{ takes: (event: PointerEvent, at: number[]) => boolean, down: (at: number[], event: PointerEvent) => void,
 *   move: (at: number[]) => void, up: () => void }} Hand what takes the pointer instead of panning; mm of the page */
/** @type {Hand[]} */
const hands = [];
/** @type {Hand | undefined} the one that has taken the pointer */
let hand;
/** @type {number | null} the pointer that it has taken */
let taken = null;

/** Let another take the pointer where it wants to, before those that have asked later. @param {Hand} other */
export const handTo = (other) => hands.push(other);

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  settling = null; // what is pointed at is where it is
  if (taken === null && !fingers.size) {
    const at = toPage(pointOf(event));
    hand = hands.find((one) => one.takes(event, at));
    if (hand) {
      taken = event.pointerId;
      hand.down(at, event);
      return;
    }
  }
  fingers.set(event.pointerId, pointOf(event));
});

canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId === taken) hand?.move(toPage(pointOf(event)));
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const now = pointOf(event);
  const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
  if (other) {
    const gap = ([x, y]) => Math.hypot(x - other[0], y - other[1]) || 1;
    magnify(gap(now) / gap(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
  } else {
    pan(now[0] - before[0], now[1] - before[1]);
  }
  fingers.set(event.pointerId, now);
});

for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
  canvas.addEventListener(end, (event) => {
    fingers.delete(event.pointerId);
    if (event.pointerId !== taken) return;
    taken = null;
    hand?.up();
  });
}

canvas.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    magnify(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), pointOf(event));
  },
  { passive: false },
);

canvas.addEventListener("dblclick", (event) => (shown.fitted ? magnify(3, pointOf(event)) : fit()));

/** Listen to the pointer over the page: listener(place in mm, or null when it leaves). */
export function pointed(listener) {
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.size && taken === null) listener(toPage(pointOf(event)));
  });
  canvas.addEventListener("pointerleave", () => listener(null));
}
