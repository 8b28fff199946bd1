// A scene painted on a canvas, as gradart/rendering/painting/cairo.py paints it.

import { boxOnPage, paintedMarks } from "./clipped_scene.js";
import { isFine, paintFinely, stepsOf } from "./fine_edges.js";
import { layGroup } from "./group_pictures.js";
import { leaves } from "./groups.js";
import { paintInk } from "./ink.js";
import { OUTLINED, penOf, slantsArePale } from "./hairlines.js";
import { traceCurves, traceLines } from "./paths.js";
import { cornerOf } from "./placement.js";
import { paintRaster } from "./raster.js";
import { blendRuns } from "./runs.js";
import { placed } from "./transform.js";

/** @import { Axes, Exactness } from "./paths.js" */
/** @import { Corner, Gradient, Mark, Numbers, Placement, Scene, Shape, Sheet } from "./scene.js" */

/** What is painted on. @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

const OUTLINE = Object.freeze({ dot: 0.01, near: 0 }); // px
const STROKE = Object.freeze({ dot: 0.01, near: 0.5 });
const FINE_STROKE = Object.freeze({ dot: 0.01, near: 0.25 });
const ROUND = 1.5; // px: the corners of thinner lines are cut, which nobody sees and is sooner filled
const FAR = 16_000; // px; a canvas counts in float32, and in fixed point
const TOGETHER = 10_000; // numbers in a path

/**
 * Paint all marks of a scene, and its paper under them, over what was there.
 * @param {Context} context
 * @param {Scene} scene
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @param {number} pixelsPerMm
 * @param {Corner} [view] where the page's corner lies, if the canvas shows a part of the page
 * @param {boolean} [quick] whether it is soon followed by another: thin lines are less exact then
 */
export function paint(context, scene, placement, sheet, pixelsPerMm, view, quick) {
  context.save();
  lay(context, scene.paper);
  paintMarks(context, paintedMarks(scene, placement, sheet), placement, sheet, pixelsPerMm, view, quick);
  layAround(context, scene, placement, sheet, pixelsPerMm, view);
  context.restore();
}

/** Cover a canvas with paper, or clear it. @param {Context} context @param {Numbers | null} paper */
export function lay(context, paper) {
  const { width, height } = context.canvas;
  context.setTransform(1, 0, 0, 1, 0, 0);
  if (!paper || paper.data[3] < 1) context.clearRect(0, 0, width, height);
  if (!paper) return;
  ink(context, paper, 0, "fillStyle");
  context.fillRect(0, 0, width, height);
}

/**
 * Lay the paper anew around the box of a clipped scene. Pixels on its edge have a share of both.
 * @param {Context} context
 * @param {Scene} scene
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @param {number} unit
 * @param {Corner} [view]
 */
export function layAround(context, { clip, box, paper }, placement, sheet, unit, view) {
  if (!clip || !box) return;
  const { width, height } = context.canvas;
  const corner = view ?? cornerOf(context.canvas, sheet, unit);
  // A canvas cannot count what is far away.
  const [x0, y0, x1, y1] = boxOnPage(box, placement).map((edge, i) => (
    i % 2 ? near(edge * unit + corner.y, height) : near(edge * unit + corner.x, width)));
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.beginPath();
  context.rect(0, 0, width, height);
  context.rect(x0, y0, x1 - x0, y1 - y0);
  const opaque = paper && paper.data[3] >= 1;
  if (!opaque) {
    context.globalAlpha = 1;
    context.fillStyle = "#000";
    context.globalCompositeOperation = "destination-out";
    context.fill("evenodd");
  }
  if (paper) {
    ink(context, paper, 0, "fillStyle");
    context.globalCompositeOperation = opaque ? "source-over" : "lighter";
    context.fill("evenodd");
  }
  context.globalCompositeOperation = "source-over";
}

/** @param {number} value @param {number} side of a canvas */
const near = (value, side) => Math.min(Math.max(value, -1), side + 1);

/**
 * Paint marks over what is there: run by run of those that are blended alike.
 * @param {Context} context
 * @param {Mark[]} marks
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @param {number} pixelsPerMm
 * @param {Corner} [view]
 * @param {boolean} [quick]
 */
export function paintMarks(context, marks, placement, sheet, pixelsPerMm, view, quick) {
  const corner = view ?? cornerOf(context.canvas, sheet, pixelsPerMm);
  /** @param {Context} own @param {Mark[]} inside */
  const paintInside = (own, inside) => paintMarks(own, inside, placement, sheet, pixelsPerMm, view, quick);
  /** @param {Shape[]} some @param {Context} own @param {number} steps */
  const paintShapes = (some, own = context, steps = 1) => {
    own.lineCap = "round";
    for (const mark of some) paintMark(own, mark, placement, sheet, pixelsPerMm, corner, steps);
  };
  const most = quick ? 1 : stepsOf(context);
  for (const run of blendRuns(marks)) {
    if (run[0].blend.kind !== "over") {
      paintInk(context, leaves(run), placement, sheet, pixelsPerMm, view);
      continue;
    }
    for (const part of parts(run)) {
      const [first] = part;
      if (first.kind === "group") layGroup(context, first, paintInside);
      else if (most > 1 && leaves(part).some((mark) => isFine(mark, pixelsPerMm))) {
        paintFinely(context, most, (fine) => paintShapes(leaves(part), fine, most));
      } else paintShapes(leaves(part));
    }
  }
  context.globalAlpha = 1;
}

/** Marks that are painted in one go: those that are traced, a picture alone, or a group. @param {Mark[]} run */
function parts(run) {
  /** @type {Mark[][]} */
  const found = [];
  let traced = false;
  for (const mark of run) {
    const is = mark.kind !== "group" && mark.kind !== "raster";
    if (is && traced) found[found.length - 1].push(mark);
    else found.push([mark]);
    traced = is;
  }
  return found;
}

/**
 * @param {Context} context
 * @param {Shape} mark
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @param {number} unit
 * @param {Corner} corner
 * @param {number} steps in which a pixel is painted
 */
function paintMark(context, mark, placement, sheet, unit, corner, steps) {
  const { scale, dx, dy } = placement;
  const axes = { kx: scale * unit, ky: -scale * unit, x0: dx * unit + corner.x, y0: dy * unit + corner.y };
  if (mark.kind === "raster") {
    paintRaster(context, mark, axes, unit);
    return;
  }
  let local = axes;
  if (mark.anchor) {
    const [x, y] = mark.anchor.data;
    local = { kx: unit, ky: -unit, x0: x * axes.kx + axes.x0, y0: y * axes.ky + axes.y0 };
  }
  if (isNear(mark.points.data, local, context.canvas, FAR / steps)) {
    paintRows(context, mark, local, unit, gradientOf(context, mark, axes), steps);
    return;
  }
  const seen = {
    left: -corner.x / unit, top: -corner.y / unit,
    width: context.canvas.width / unit, height: context.canvas.height / steps / unit,
  };
  const onPage = { kx: unit, ky: unit, x0: corner.x, y0: corner.y };
  for (const part of placed(mark, nameless, placement, sheet, seen)) {
    paintRows(context, part, onPage, unit, gradientOf(context, part, onPage), steps);
  }
}

const nameless = "a mark";

/**
 * Whether a canvas can count where all points are: no more than so far outside of it.
 * @param {ArrayLike<number>} data
 * @param {Axes} axes
 * @param {{ width: number, height: number }} canvas
 * @param {number} far px
 */
function isNear(data, { kx, ky, x0, y0 }, { width, height }, far) {
  const [right, low] = [width + far, height + far];
  for (let i = 0; i < data.length; i += 2) {
    const x = data[i] * kx + x0;
    const y = data[i + 1] * ky + y0;
    if (x < -far || x > right || y < -far || y > low) return false;
  }
  return true;
}

/**
 * Fill and stroke a mark row by row. Rows that are stroked alike and hide what they cover are one
 * path: their order is not seen. A dot is filled and stroked as a row is.
 * @param {Context} context
 * @param {Shape} mark
 * @param {Axes} axes
 * @param {number} unit
 * @param {CanvasGradient | null} gradient
 * @param {number} steps
 */
function paintRows(context, mark, axes, unit, gradient, steps) {
  const { stroke, fill, width, points } = mark;
  const together = (!stroke || !fill) && isUniform(stroke) && isUniform(fill) && (mark.kind === "dots" || !fill);
  const pales = steps === 1 && mark.kind !== "dots" && slantsArePale();
  const outlined = OUTLINED / steps; // px: thinner lines are painted another way
  const exactness = steps > 1 ? FINE_STROKE : STROKE;
  let size = 0; // of the path so far, in numbers
  let pen = 0; // that it is stroked with, in pixels
  const rows = points.shape[0];
  for (let row = 0; row < rows; row += 1) {
    const fills = isSeen(fill, row);
    const line = width.data[width.shape.length ? row : 0] * unit;
    const strokes = line > 0 && isSeen(stroke, row);
    if (!fills && !strokes) continue;
    let wider = line;
    if (strokes && line < outlined && (steps > 1 || pales)) wider = steps > 1 ? outlined : penOf(line, points, row);
    if (size && (wider !== pen || size > TOGETHER)) {
      apply(context, mark, row - 1, pen, 1, gradient);
      size = 0;
    }
    if (!size) context.beginPath();
    size += tracePath(context, mark, row, axes, unit, fills ? OUTLINE : exactness);
    pen = wider;
    const alpha = pen === outlined ? line / pen : 1; // of a line that is drawn too wide
    if (together && alpha === 1) continue;
    apply(context, mark, row, pen, alpha, gradient);
    size = 0;
  }
  if (size) apply(context, mark, rows - 1, pen, 1, gradient);
}

/**
 * Fill and stroke the path as a row is.
 * @param {Context} context
 * @param {Shape} mark
 * @param {number} row
 * @param {number} pen
 * @param {number} alpha of the stroke
 * @param {CanvasGradient | null} gradient
 */
function apply(context, { stroke, fill }, row, pen, alpha, gradient) {
  if (fill && isSeen(fill, row)) {
    if (gradient) {
      context.globalAlpha = 1;
      context.fillStyle = gradient;
    } else ink(context, fill, row, "fillStyle");
    context.fill();
  }
  if (stroke && pen > 0 && isSeen(stroke, row)) {
    ink(context, stroke, row, "strokeStyle");
    context.globalAlpha *= alpha;
    context.lineWidth = pen;
    context.lineJoin = pen < ROUND ? "bevel" : "round";
    context.stroke();
  }
}

/**
 * Tell the path of a row; how many numbers it is made of.
 * @param {Context} context
 * @param {Shape} mark
 * @param {number} row
 * @param {Axes} axes
 * @param {number} unit
 * @param {Exactness} exactness
 */
function tracePath(context, { kind, points, radius, closed }, row, axes, unit, exactness) {
  const { data } = points;
  if (kind === "dots") {
    const size = radius ? radius.data[radius.shape.length ? row : 0] * unit : 0;
    const x = data[2 * row] * axes.kx + axes.x0;
    const y = data[2 * row + 1] * axes.ky + axes.y0;
    if (size > 0 && x === x && y === y) {
      context.moveTo(x + size, y);
      context.arc(x, y, size, 0, 2 * Math.PI);
    }
    return 8;
  }
  const length = 2 * points.shape[1];
  const trace = kind === "lines" ? traceLines : traceCurves;
  trace(context, data, row * length, (row + 1) * length, closed, axes, exactness);
  return length;
}

/** Whether one color, which hides what is below, is that of all rows. @param {Numbers | null} colors */
const isUniform = (colors) => !colors || (colors.shape.length < 2 && colors.data[3] >= 1);
/** @param {Numbers | null} colors @param {number} row */
const isSeen = (colors, row) => !!colors && colors.data[colors.shape.length < 2 ? 3 : 4 * row + 3] > 0;

/**
 * Take a row's color for what is painted next. Its alpha is set apart: in a color it has 8 bits.
 * @param {Context} context
 * @param {Numbers} colors
 * @param {number} row
 * @param {"fillStyle" | "strokeStyle"} which
 */
function ink(context, colors, row, which) {
  const { data } = colors;
  const at = colors.shape.length < 2 ? 0 : 4 * row;
  context.globalAlpha = Math.min(Math.max(data[at + 3], 0), 1);
  context[which] = hex(data, at);
}

/** @param {ArrayLike<number>} data @param {number} at */
const hex = (data, at) => `#${HEX[byte(data[at])]}${HEX[byte(data[at + 1])]}${HEX[byte(data[at + 2])]}`;
const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"));
/** @param {number} value */
const byte = (value) => Math.min(Math.max(Math.round(value * 255), 0), 255);

/** @param {Context} context @param {Shape} mark @param {Axes} axes */
function gradientOf(context, { gradient }, axes) {
  if (!gradient) return null;
  const [x0, y0, x1, y1] = gradient.ends.data;
  const start = [x0 * axes.kx + axes.x0, y0 * axes.ky + axes.y0];
  const end = [x1 * axes.kx + axes.x0, y1 * axes.ky + axes.y0];
  const radius = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const made = gradient.kind === "linear"
    ? context.createLinearGradient(start[0], start[1], end[0], end[1])
    : context.createRadialGradient(start[0], start[1], 0, start[0], start[1], radius);
  const { data, shape: [count] } = gradient.stops;
  for (let i = 0; i < count; i += 1) {
    made.addColorStop(i / (count - 1), hex(data, 4 * i) + HEX[byte(data[4 * i + 3])]);
  }
  return made;
}
