// Which elements of an SVG share a layer: those of one pen, unless order forbids it. As
// gradart/rendering/vector/pens.py has it.

import { chords } from "./chords.js";
import { leaves } from "./groups.js";
import { coverWith, gridOf, highestUnder, lookedAt } from "./overlaps.js";
import { runsBy } from "./runs.js";

/** @import { Covered } from "./overlaps.js" */
/** @import { Element } from "./svg_elements.js" */
/** @import { Mark, Numbers, Sheet } from "./scene.js" */

const CELL = 0.1; // mm, of a grid that tells which elements lie over each other, or as near as that
const NEAR = Math.SQRT1_2; // cells: whatever point two elements share, the center of one is as near
const MOST = 4096; // cells to a side
const WORK = 1e8; // cells looked at, above which the grid is coarser

/** What an element shares a layer by: the number that it was told, or else its pen. @param {Element} element */
const keyOf = ({ mark, pen }) => (mark.layer ? mark.layer.number : pen.key);

/**
 * Elements, from back to front, as layers of one pen each: those that are told a number are in
 * that layer, and a pen has several only where other elements lie between its own and over them.
 * @param {Element[]} elements
 * @param {Sheet} sheet
 * @returns {Element[][]}
 */
export function layersOf(elements, sheet) {
  const ordered = runsBy(elements, ({ mark }) => mark.blend.kind)
    .flatMap((run) => (run[0].mark.blend.kind === "over" ? run : byPen(run)));
  const found = runsBy(ordered, keyOf);
  return found.length > new Set(elements.map(keyOf)).size ? sunk(ordered, sheet) : found;
}

/**
 * The labels of layers and their ids: "2 gold #b8860b 0.3 mm" and "layer2". Numbers are those that
 * were told; the other layers have those that are left, in order.
 * @param {Element[][]} found
 */
export function labelsOf(found) {
  /** @type {Map<number, string>} */
  const names = new Map();
  for (const { mark: { layer } } of found.flat()) {
    if (!layer?.name) continue;
    const name = names.get(layer.number) ?? layer.name;
    if (name !== layer.name) throw new Error(`layer ${layer.number} is called both '${name}' and '${layer.name}'`);
    names.set(layer.number, name);
  }
  const told = found.map(([{ mark }]) => mark.layer?.number ?? null);
  let free = 0;
  /** @type {Map<number, number>} */
  const seen = new Map();
  return found.map((layer, i) => {
    let number = told[i];
    if (number === null) {
      do free += 1; while (told.includes(free));
      number = free;
    }
    const pens = [...new Set(layer.map(({ pen }) => pen.name))];
    const name = told[i] === null ? "" : names.get(number) ?? "";
    const words = [String(number), name, ...(pens.length === 1 ? pens : [])];
    const times = (seen.get(number) ?? 0) + 1;
    seen.set(number, times);
    return { label: words.filter(Boolean).join(" "), id: `layer${number}${times > 1 ? `-${times}` : ""}` };
  });
}

/** Elements whose order cannot be seen, because they multiply or screen, pen by pen. @param {Element[]} run */
function byPen(run) {
  /** @type {Map<unknown, Element[]>} */
  const pens = new Map();
  for (const element of run) {
    const key = keyOf(element);
    const mine = pens.get(key);
    if (mine) mine.push(element);
    else pens.set(key, [element]);
  }
  return [...pens.values()].flat();
}

/** Layers, each element in the lowest one of its pen that lies over all that is below it. @param {Element[]} elements @param {Sheet} sheet */
function sunk(elements, sheet) {
  const outlines = elements.map(outlineOf);
  let cell = Math.max(CELL, Math.max(sheet.width, sheet.height) / MOST);
  const rows = Math.trunc(sheet.height / cell) + 2;
  const columns = Math.trunc(sheet.width / cell) + 2;
  let work = 0;
  for (const outline of outlines) work += lookedAt(inCells(outline, cell, 0), rows, columns);
  cell *= Math.max(1, Math.sqrt(work / WORK));
  const grid = gridOf(Math.trunc(sheet.height / cell) + 2, Math.trunc(sheet.width / cell) + 2);
  /** @type {Element[][]} */
  const found = [];
  /** @type {Map<unknown, number[]>} */
  const ofPen = new Map();
  elements.forEach((element, i) => {
    const covered = inCells(outlines[i], cell, 0.5);
    const below = highestUnder(grid, covered);
    const key = keyOf(element);
    const mine = ofPen.get(key) ?? [];
    ofPen.set(key, mine);
    let at = mine.find((number) => number >= below);
    if (at === undefined) {
      at = found.length;
      mine.push(at);
      found.push([]);
    }
    found[at].push(element);
    coverWith(grid, covered, at);
  });
  return found;
}

/** @param {Covered} outline @param {number} cell @param {number} shift @returns {Covered} */
function inCells({ path, reach, filled }, cell, shift) {
  return { path: Float64Array.from(path, (value) => value / cell - shift), reach: reach / cell + NEAR, filled };
}

/** An element's path, how far it reaches around it, both in mm, and if it is filled. @param {Element} element @returns {Covered} */
function outlineOf({ mark, row }) {
  if (mark.kind === "group") return rectangle(reachOf(mark.marks));
  const { kind, points, closed } = mark;
  const width = mark.stroke ? mark.width.data[mark.width.shape.length ? row : 0] : 0;
  if (kind === "raster") {
    return rectangle(/** @type {Numbers} */ (mark.corners).data);
  }
  if (kind === "dots") {
    const { data, shape } = /** @type {Numbers} */ (mark.radius);
    const [x, y] = [points.data[2 * row], points.data[2 * row + 1]];
    return { path: Float64Array.of(x, y, x, y), reach: data[shape.length ? row : 0] + width / 2, filled: false };
  }
  const length = 2 * points.shape[1];
  const own = points.data.subarray(row * length, (row + 1) * length);
  const path = kind === "lines" ? Array.from(own) : chords(own);
  const filled = mark.fill !== null;
  return { path: Float64Array.from(closed || filled ? ringed(path) : path), reach: width / 2, filled };
}

/** @param {ArrayLike<number>} corners @returns {Covered} */
function rectangle({ 0: x0, 1: y0, 2: x1, 3: y1 }) {
  return { path: Float64Array.of(x0, y0, x1, y0, x1, y1, x0, y1, x0, y0), reach: 0, filled: true };
}

/** The lowest and the highest corner of what marks cover. @param {Mark[]} marks */
function reachOf(marks) {
  const found = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { kind, points, corners, width, radius } of leaves(marks)) {
    const data = kind === "raster" && corners ? corners.data : points.data;
    const pad = highest(width) / 2 + (kind === "dots" && radius ? highest(radius) : 0);
    for (let i = 0; i < data.length; i += 1) {
      const axis = i % 2;
      if (data[i] - pad < found[axis]) found[axis] = data[i] - pad;
      if (data[i] + pad > found[2 + axis]) found[2 + axis] = data[i] + pad;
    }
  }
  return found;
}

/** @param {Numbers} values */
function highest({ data }) {
  let most = 0;
  for (let i = 0; i < data.length; i += 1) if (data[i] > most) most = data[i];
  return most;
}

/** A path whose runs end where they begin. @param {number[]} path */
function ringed(path) {
  /** @type {number[]} */
  const out = [];
  let start = 0; // of a run
  for (let i = 0; i <= path.length; i += 2) {
    if (i < path.length && !Number.isNaN(path[i]) && !Number.isNaN(path[i + 1])) continue;
    if (start < i) out.push(...path.slice(start, i), path[start], path[start + 1]);
    if (i < path.length) out.push(NaN, NaN);
    start = i + 2;
  }
  return out;
}
