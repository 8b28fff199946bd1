// The elements of an SVG, row by row, each with the pen that draws it: as
// gradart/rendering/vector/svg_elements.py writes them.

import { general, hex, micrometers, mm, nearest, short } from "./numerals.js";
import { traceCurves, traceLines } from "./paths.js";
import { isCrisp } from "./cells.js";
import { base64, crc32, png } from "./png.js";
import { runsBy } from "./runs.js";

/** @import { Gradient, Group, Mark, Numbers, Shape, Sheet } from "./scene.js" */

/** What a layer is called, its attributes, and what tells it from others. @typedef {{ name: string, attributes: string, key: string }} Pen */
/** One row of a placed mark. @typedef {{ pen: Pen, body: string, mark: Mark, row: number }} Element */

const CRISP = 8; // pixels to the side of a cell that must not be smoothed
const EXACT = Object.freeze({ dot: 0, near: 0 });
const STROKE = Object.freeze({ dot: 0, near: 0.02 }); // mm: what is filled may share its edge with another
const MILLIMETERS = Object.freeze({ kx: 1, ky: 1, x0: 0, y0: 0 });

/** A placed mark's elements, from back to front. @param {Mark} mark @param {Sheet} sheet @returns {Element[]} */
export function elementsOf(mark, sheet) {
  if (mark.kind === "group") {
    return [{ pen: named(`group ${mark.mode}`, ""), body: groupBody(mark, sheet), mark, row: 0 }];
  }
  if (mark.kind === "raster") {
    const { data, shape: [height, width] } = mark.points;
    const [x0, y0, x1, y1] = /** @type {Numbers} */ (mark.corners).data;
    const body = image(data, width, height, [x0, y0, x1, y1], "");
    return [{ pen: named("picture", classOf(mark)), body, mark, row: 0 }];
  }
  const penAt = pensOf(mark);
  /** @type {Element[]} */
  const found = [];
  for (let row = 0; row < mark.points.shape[0]; row++) {
    const pen = penAt(row);
    const body = pen && bodyOf(mark, row);
    if (pen && body) found.push({ pen, body, mark, row });
  }
  return found;
}

/** A pen by what it is called and its attributes. @param {string} name @param {string} attributes @returns {Pen} */
const named = (name, attributes) => ({ name, attributes, key: `${name}\n${attributes}` });

/** Runs of elements of one pen. @param {Element[]} elements */
export const penRuns = (elements) => runsBy(elements, ({ pen }) => pen.key);

/** Each run of elements of one pen in a group of its own. @param {Element[][]} runs */
export function apart(runs) {
  return runs.map((run) => `<g${run[0].pen.attributes}>\n${run.map(({ body }) => body).join("")}</g>\n`).join("");
}

/** A group's element, and its mask before it: white that is as opaque as the group is seen. @param {Group} group @param {Sheet} sheet */
function groupBody({ marks, mask, alpha, mode }, sheet) {
  /** @param {Mark[]} some */
  const bodies = (some) => some.map((mark) => apart(penRuns(elementsOf(mark, sheet)))).join("");
  let [defined, masked] = ["", ""];
  if (mask) {
    const white = bodies(mask);
    const name = `mask${digest(new TextEncoder().encode(white))}`;
    defined = `<defs><mask id="${name}" maskUnits="userSpaceOnUse" x="0" y="0" width="${mm(sheet.width)}"`
      + ` height="${mm(sheet.height)}">\n${white}</mask></defs>\n`;
    masked = ` mask="url(#${name})"`;
  }
  const faded = alpha.data[0] < 1 ? ` opacity="${general(alpha.data[0], 4)}"` : "";
  const blended = mode === "normal" ? "" : `mix-blend-mode:${mode};`;
  return `${defined}<g style="${blended}isolation:isolate"${faded}${masked}>\n${bodies(marks)}</g>\n`;
}

/** A name for bytes. @param {Uint8Array} bytes */
const digest = (bytes) => crc32(bytes).toString(16).padStart(8, "0");

/** @param {Shape} mark @param {number} row */
function bodyOf({ kind, points, radius, closed, fill }, row) {
  if (kind === "dots") {
    const { data, shape } = /** @type {Numbers} */ (radius);
    const [x, y, size] = [points.data[2 * row], points.data[2 * row + 1], data[shape.length ? row : 0]];
    return `<circle cx="${mm(x)}" cy="${mm(y)}" r="${mm(size)}"/>\n`;
  }
  const length = 2 * points.shape[1];
  const sink = new PathData();
  const trace = kind === "lines" ? traceLines : traceCurves;
  trace(sink, points.data, row * length, (row + 1) * length, closed, MILLIMETERS, fill ? EXACT : STROKE);
  return sink.text && `<path d="${sink.text}"/>\n`;
}

/**
 * Path data as text: points that go on as those before them need no letter. They are told by how far
 * they are from where their piece begins, both rounded before: so no rounding adds up.
 */
class PathData {
  text = "";
  last = "";
  /** Where the last piece has ended, in micrometers. */
  x = 0;
  y = 0;

  /** @param {string} letter @param {number[]} numbers x, y, x, y, ... */
  #add(letter, numbers) {
    this.text += letter === this.last ? "" : letter;
    let parted = letter !== this.last;
    const begins = letter === "M" ? [0, 0] : [this.x, this.y];
    const places = numbers.map(micrometers);
    for (const [i, place] of places.entries()) {
      const step = short(place - begins[i % 2]);
      this.text += parted || step.startsWith("-") ? step : ` ${step}`;
      parted = false;
    }
    [this.x, this.y] = places.slice(-2);
    this.last = letter;
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.last = "";
    this.#add("M", [x, y]);
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#add("l", [x, y]);
  }

  /** @param {number[]} numbers */
  bezierCurveTo(...numbers) {
    this.#add("c", numbers);
  }

  closePath() {
    this.text += "Z";
  }
}

/** What draws each row of a mark, null where nothing does. Rows that are drawn alike have the same: texts take time. @param {Shape} mark @returns {(row: number) => Pen | null} */
function pensOf(mark) {
  const { stroke, fill, width } = mark;
  /** @type {Map<number | "pen", any>} by the numbers that tell them, one after the other */
  const known = new Map();
  return (row) => {
    const [strokeAt, fillAt] = [stroke, fill].map((colors) => (colors && colors.shape.length > 1 ? 4 * row : 0));
    const wide = width.data[width.shape.length ? row : 0];
    let at = known;
    for (const number of [wide, ...tellingOf(stroke, strokeAt), ...tellingOf(fill, fillAt)]) {
      if (!at.has(number)) at.set(number, new Map());
      at = at.get(number);
    }
    if (!at.has("pen")) at.set("pen", penOf(mark, wide, strokeAt, fillAt));
    return at.get("pen");
  };
}

/** Two numbers that tell a color as a file has it. @param {Numbers | null} colors @param {number} at */
function tellingOf(colors, at) {
  if (!colors) return [0, 0];
  const [red, green, blue] = [0, 1, 2].map((c) => nearest(colors.data[at + c] * 255));
  return [(red * 256 + green) * 256 + blue, colors.data[at + 3]];
}

/** What draws with a width and colors; null if nothing is seen. @param {Shape} mark @param {number} width @param {number} strokeAt @param {number} fillAt @returns {Pen | null} */
function penOf(mark, width, strokeAt, fillAt) {
  const { stroke, fill, gradient } = mark;
  const names = [];
  const attributes = [' fill="none"', classOf(mark)];
  if (stroke && stroke.data[strokeAt + 3] > 0 && width > 0) {
    names.push(`${hex(stroke.data, strokeAt)} ${general(width, 4)} mm`);
    attributes.push(`${painted("stroke", stroke.data, strokeAt)} stroke-width="${general(width, 4)}"`
      + ' stroke-linecap="round" stroke-linejoin="round"');
  }
  if (fill && fill.data[fillAt + 3] > 0) {
    if (gradient) {
      const { data } = gradient.stops;
      names.push(`${hex(data, 0)} to ${hex(data, data.length - 4)} fill`);
      attributes[0] = ` fill="url(#${gradientName(gradient)})"`;
    } else {
      names.push(`${hex(fill.data, fillAt)} fill`);
      attributes[0] = painted("fill", fill.data, fillAt);
    }
  }
  return names.length ? named(names.join(", "), attributes.join("")) : null;
}

/** @param {Shape} mark */
const classOf = ({ blend }) => (blend.kind === "over" ? "" : ` class="${blend.kind}"`);

/** @param {string} what @param {ArrayLike<number>} data @param {number} at */
function painted(what, data, at) {
  const alpha = data[at + 3];
  return ` ${what}="${hex(data, at)}"${alpha < 1 ? ` ${what}-opacity="${general(alpha, 4)}"` : ""}`;
}

/**
 * A picture (height, width, 4) over a box in mm, with more attributes.
 * @param {ArrayLike<number>} cells
 * @param {number} width
 * @param {number} height
 * @param {number[]} box
 * @param {string} said
 */
export function image(cells, width, height, [x0, y0, x1, y1], said) {
  const crisp = isCrisp((x1 - x0) / width, (y1 - y0) / height);
  // Where a viewer smooths all the same, as librsvg 2.54 does, it blurs an eighth of a cell.
  const times = crisp ? CRISP : 1;
  const rgba = new Uint8Array(4 * width * height * times * times);
  let at = 0;
  for (let y = 0; y < height * times; y += 1) {
    for (let x = 0; x < width * times; x += 1) {
      const cell = 4 * (Math.floor(y / times) * width + Math.floor(x / times));
      for (let c = 0; c < 4; c += 1, at += 1) rgba[at] = nearest(cells[cell + c] * 255);
    }
  }
  return `<image${said} x="${mm(x0)}" y="${mm(y0)}" width="${mm(x1 - x0)}" height="${mm(y1 - y0)}"`
    + ` preserveAspectRatio="none"${crisp ? ' style="image-rendering:pixelated"' : ""}`
    + ` xlink:href="data:image/png;base64,${base64(png(rgba, width * times, height * times))}"/>\n`;
}

/** The element of a gradient, for all that it fills. @param {Gradient} gradient */
export function gradientElement(gradient) {
  const [x0, y0, x1, y1] = gradient.ends.data;
  const { data, shape: [count] } = gradient.stops;
  const places = gradient.kind === "linear"
    ? ` x1="${mm(x0)}" y1="${mm(y0)}" x2="${mm(x1)}" y2="${mm(y1)}"`
    : ` cx="${mm(x0)}" cy="${mm(y0)}" r="${mm(Math.hypot(x1 - x0, y1 - y0))}"`;
  const stops = Array.from({ length: count }, (_, i) => {
    const color = painted("stop-color", data, 4 * i).replace("stop-color-opacity", "stop-opacity");
    return `<stop offset="${general(i / (count - 1), 6)}"${color}/>\n`;
  });
  const tag = `${gradient.kind}Gradient`;
  return `<${tag} id="${gradientName(gradient)}" gradientUnits="userSpaceOnUse"${places}>\n${stops.join("")}</${tag}>\n`;
}

/** What a gradient is called: the same for the same one, in any file. @param {Gradient} gradient */
function gradientName({ kind, ends, stops }) {
  const said = Float64Array.from([...ends.data, ...stops.data], (value) => nearest(value * 1e6) / 1e6 + 0);
  return `${kind}${digest(new Uint8Array(said.buffer))}`;
}
