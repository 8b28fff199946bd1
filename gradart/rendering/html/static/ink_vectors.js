// A scene on its page as what a file with multiply and screen blending holds: the exposure of ink and
// light has gone into their colors, and what is embedded has become a picture. As
// gradart/rendering/ink/blending.py has it.

import { inkCutter, seenOf } from "./clipped_scene.js";
import { alphaOf, leaves } from "./groups.js";
import { exposureOn, summed } from "./ink.js";
import { nameOf } from "./placement.js";
import { blendRuns, runsBy } from "./runs.js";
import { tone } from "./tone.js";
import { placed } from "./transform.js";

/** @import { Mark, Numbers, Placement, Scene, Shape, Sheet } from "./scene.js" */

const DARKEST = 1 / 255; // what full coverage by black lets through: log 0 is not a density
const PICTURE = 300 / 25.4; // pixels to the mm
const LONGEST = 4096; // px of a picture's long side

/**
 * A scene's marks, in mm from the page's top left corner.
 * @param {Scene} scene
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @returns {Mark[]}
 */
export function vectorsOf(scene, placement, sheet) {
  const seen = seenOf(scene, placement, sheet);
  if (!seen) return [];
  const cut = inkCutter(scene, placement, sheet);

  /** Of marks in a group, whose name `group` is. @param {Mark[]} marks @param {string} group @returns {Mark[]} */
  const vectors = (marks, group) => {
    const names = new Map(marks.map((mark, index) => [mark, group + nameOf(index, mark)]));
    /** @param {Mark} mark @returns {Mark[]} */
    const onPage = (mark) => {
      const what = names.get(mark) ?? "";
      if (mark.kind !== "group") return placed(mark, what, placement, sheet, seen);
      alphaOf(mark, what);
      const inside = vectors(mark.marks, `${what}, `);
      const mask = mark.mask && vectors(mark.mask, `${what}, `);
      return inside.length && mask?.length !== 0 ? [{ ...mark, marks: inside, mask }] : [];
    };
    return blendRuns(marks).flatMap((run) => {
      const { kind, exposure } = run[0].blend;
      if (kind === "over") return run.flatMap(onPage);
      const shapes = leaves(run);
      const factor = exposure ?? exposureOn(cut(shapes), placement, sheet) ?? 1;
      return runsBy(shapes, ({ blend, layer }) => blend.embed && JSON.stringify(layer)).flatMap((part) => {
        if (!part[0].blend.embed) return leaves(part.flatMap(onPage)).map((mark) => withExposure(mark, factor));
        const visible = cut(part);
        return visible.length ? [pictureOf(visible, factor, placement, sheet)] : [];
      });
    });
  };
  return vectors(scene.marks, "");
}

/** A mark of ink or light whose colors are exposed. @param {Shape} mark @param {number} factor @returns {Shape} */
function withExposure(mark, factor) {
  const kind = mark.blend.kind === "light" ? "light" : "ink";
  return {
    ...mark, stroke: mark.stroke && exposed(mark.stroke, kind, factor),
    fill: mark.fill && exposed(mark.fill, kind, factor),
  };
}

/** The colors that take so many times the density, as much as one can. @param {Numbers} colors @param {"ink" | "light"} kind @param {number} exposure @returns {Numbers} */
function exposed({ data, shape }, kind, exposure) {
  if (exposure === 1) return { data, shape };
  const out = new Float64Array(data.length);
  for (let at = 0; at < data.length; at += 4) {
    const gone = [0, 1, 2].map((c) => {
      const amount = data[at + 3] * (kind === "ink" ? 1 - data[at + c] : data[at + c]);
      return 1 - (1 - Math.min(amount, 1 - DARKEST)) ** exposure;
    });
    const alpha = Math.max(...gone);
    for (const c of [0, 1, 2]) {
      const tint = gone[c] / Math.max(alpha, 1e-300);
      out[at + c] = kind === "ink" ? 1 - tint : tint;
    }
    out[at + 3] = alpha;
  }
  return { data: out, shape };
}

/** Marks of ink or light as a picture of the page. @param {Shape[]} marks @param {number} exposure @param {Placement} placement @param {Sheet} sheet @returns {Shape} */
function pictureOf(marks, exposure, placement, sheet) {
  const long = Math.max(sheet.width, sheet.height);
  const px = Math.min(LONGEST, Math.ceil(long * PICTURE));
  const unit = px / long;
  const [width, height] = [sheet.width, sheet.height].map((side) => Math.max(1, Math.round(side * unit)));
  const pixels = new Uint8ClampedArray(4 * width * height);
  const kind = marks[0].blend.kind === "light" ? "light" : "ink";
  tone(summed(marks, placement, { width, height, unit, x: 0, y: 0 }), pixels, kind, exposure, 0, 0);
  return {
    ...marks[0], kind: "raster", closed: false, radius: null, anchor: null, stroke: null, fill: null, gradient: null,
    width: { data: new Float64Array(1), shape: [] },
    points: { data: Float64Array.from(pixels, (value) => value / 255), shape: [height, width, 4] },
    corners: { data: Float64Array.of(0, 0, width / unit, height / unit), shape: [2, 2] },
  };
}
