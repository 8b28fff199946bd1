// A scene on its page as what a file with multiply and screen blending holds: the exposure of ink and
// light has gone into their colors, and what is embedded has become a picture. As
// gradart/rendering/ink/blending.py has it.

import { exposureOn, summed } from "./ink.js";
import { nameOf } from "./placement.js";
import { runsBy } from "./runs.js";
import { tone } from "./tone.js";
import { placed } from "./transform.js";

/** @import { Mark, Numbers, Placement, Scene, Sheet } from "./scene.js" */

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
export function vectorsOf({ marks }, placement, sheet) {
  const whole = { left: 0, top: 0, width: sheet.width, height: sheet.height };
  const names = new Map(marks.map((mark, index) => [mark, `mark ${index} (${nameOf(mark)})`]));
  /** @param {Mark[]} some */
  const onPage = (some) => some.flatMap((mark) => placed(mark, names.get(mark) ?? "", placement, sheet, whole));
  return runsBy(marks, ({ blend }) => `${blend.kind} ${blend.exposure}`).flatMap((run) => {
    const { kind, exposure } = run[0].blend;
    if (kind === "over") return onPage(run);
    const factor = exposure ?? exposureOn(run, placement, sheet) ?? 1;
    return runsBy(run, ({ blend, layer }) => blend.embed && JSON.stringify(layer)).flatMap((part) => {
      if (part[0].blend.embed) return [pictureOf(part, factor, placement, sheet)];
      return onPage(part).map((mark) => ({
        ...mark, stroke: mark.stroke && exposed(mark.stroke, kind, factor),
        fill: mark.fill && exposed(mark.fill, kind, factor),
      }));
    });
  });
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

/** Marks of ink or light as a picture of the page. @param {Mark[]} marks @param {number} exposure @param {Placement} placement @param {Sheet} sheet @returns {Mark} */
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
