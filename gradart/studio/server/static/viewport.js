// The picture on its page: zooming, panning, and what is drawn over it.

import { $ } from "./dom.js";

const canvas = $("canvas");
const container = $("viewport");
const context = canvas.getContext("2d");
const EDGE = 28; // css px around the paper
const CLOSEST = 40; // times the whole page
const SMALLEST = 2; // mm, the side of what is seen

let page = [200, 200, 15]; // mm: width, height, margin
let placement = null; // how the drawing lies on the page
let whole = null; // the picture of the whole page
let part = null; // { bitmap, view }: sharper, of what is seen
let zoom = 1; // css px in a mm
let corner = [0, 0]; // css px, where the page's top left is
let fitted = true;
const overlays = [];
const listeners = [];

/** Draw over the picture: overlay(context, toScreen), with toScreen from mm of the page. */
export const over = (overlay) => overlays.push(overlay);
/** Listen to what is seen changing. */
export const moved = (listener) => listeners.push(listener);
export const placementOf = () => placement;
export const sheet = () => page;
export const isFitted = () => fitted;

const size = () => [container.clientWidth, container.clientHeight];

function fitZoom() {
  const [width, height] = size();
  const edge = Math.min(EDGE, width / 20);
  return Math.max(0.01, Math.min((width - 2 * edge) / page[0], (height - 2 * edge) / page[1]));
}

/** Show the whole page. */
export function fit() {
  fitted = true;
  zoom = fitZoom();
  const [width, height] = size();
  corner = [(width - page[0] * zoom) / 2, (height - page[1] * zoom) / 2];
  part = null;
  redraw();
  for (const listener of listeners) listener();
}

/** Take another picture: its head as the studio sent it, and the view if it is a part. */
export function show(head, bitmap, view) {
  const turned = page[0] !== head.page[0] || page[1] !== head.page[1];
  page = head.page;
  placement = head.placement;
  if (view) {
    part?.bitmap.close();
    part = { bitmap, view };
  } else {
    whole?.close();
    whole = bitmap;
    part = null;
  }
  if (turned && fitted) fit();
  else redraw();
}

/** Take one frame of a film, of the whole page. */
export function showFrame(bitmap) {
  whole?.close();
  whole = bitmap;
  part = null;
  redraw();
}

/** Take everything away: another sketch comes. */
export function clear() {
  whole?.close();
  whole = null;
  part = null;
  placement = null;
  fit();
}

/** What is seen, as the studio is asked for it: pixels, and the part of the page in mm. */
export function wanted(most) {
  const density = window.devicePixelRatio || 1;
  const side = (mm) => Math.max(64, Math.min(most, Math.ceil(mm * zoom * density)));
  if (fitted) return { px: side(Math.max(page[0], page[1])), view: null };
  const [width, height] = size();
  const left = Math.max(0, -corner[0] / zoom);
  const top = Math.max(0, -corner[1] / zoom);
  const right = Math.min(page[0], (width - corner[0]) / zoom);
  const bottom = Math.min(page[1], (height - corner[1]) / zoom);
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
  if (!whole && !part) return;
  const box = [...corner, page[0] * zoom, page[1] * zoom];
  context.save();
  context.shadowColor = "rgba(0, 0, 0, 0.28)";
  context.shadowBlur = 22 * density;
  context.shadowOffsetY = 5 * density;
  context.fillStyle = "#888";
  context.fillRect(...box);
  context.restore();
  context.imageSmoothingQuality = "high";
  if (whole) context.drawImage(whole, ...box);
  if (part) {
    const [left, top, w, h] = part.view;
    context.drawImage(part.bitmap, ...screen([left, top]), w * zoom, h * zoom);
  }
  context.lineWidth = 1;
  context.strokeStyle = "rgba(128, 128, 128, 0.3)"; // dark paper on a dark background
  context.strokeRect(box[0] - 0.5, box[1] - 0.5, box[2] + 1, box[3] + 1);
  for (const overlay of overlays) overlay(context, screen, zoom);
}

const screen = ([x, y]) => [corner[0] + x * zoom, corner[1] + y * zoom];

/** The place on the page, in mm, under a place of the viewport in css px. */
export const toPage = ([x, y]) => [(x - corner[0]) / zoom, (y - corner[1]) / zoom];

/** Go closer or farther about a place of the viewport. */
export function magnify(factor, [x, y] = size().map((side) => side / 2)) {
  const least = fitZoom();
  const next = Math.min(Math.max(least, zoom * factor), CLOSEST * least);
  if (next === least) {
    fit();
    return;
  }
  corner = [x + ((corner[0] - x) * next) / zoom, y + ((corner[1] - y) * next) / zoom];
  zoom = next;
  fitted = false;
  hold();
}

/** Move the page in the viewport. */
export function pan(dx, dy) {
  if (fitted) return;
  corner = [corner[0] + dx, corner[1] + dy];
  hold();
}

function hold() {
  const [width, height] = size();
  const kept = Math.min(width, height) / 4; // so much of the page stays in sight
  const within = (at, length, space) => Math.min(space - kept, Math.max(kept - length, at));
  corner = [within(corner[0], page[0] * zoom, width), within(corner[1], page[1] * zoom, height)];
  redraw();
  for (const listener of listeners) listener();
}

/** How much closer than the whole page, as a word. */
export const closeness = () => `${Math.round((100 * zoom) / fitZoom())} %`;

new ResizeObserver(() => (fitted ? fit() : hold())).observe(container);

const fingers = new Map();
const place = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, place(event));
});

canvas.addEventListener("pointermove", (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const now = place(event);
  const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
  if (other) {
    const gap = ([x, y]) => Math.hypot(x - other[0], y - other[1]) || 1;
    magnify(gap(now) / gap(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
  } else {
    pan(now[0] - before[0], now[1] - before[1]);
  }
  fingers.set(event.pointerId, now);
});

for (const end of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
}

canvas.addEventListener(
  "wheel",
  (event) => {
    event.preventDefault();
    magnify(Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 400)), place(event));
  },
  { passive: false },
);

canvas.addEventListener("dblclick", (event) => (fitted ? magnify(3, place(event)) : fit()));

/** Listen to the pointer over the page: listener(place in mm, or null when it leaves). */
export function pointed(listener) {
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.size) listener(toPage(place(event)));
  });
  canvas.addEventListener("pointerleave", () => listener(null));
}
