// Scenes that end at their box, as gradart/rendering/layout/transform.py clips them.

import { nameOf } from "./placement.js";
import { placed } from "./transform.js";

/** @import { Mark, Numbers, Placement, Scene, Shape, Sheet } from "./scene.js" */
/** @import { View } from "./transform.js" */

/** A scene's box on its page, in mm: its left, top, right and low edge. @param {Numbers} box @param {Placement} placement */
export function boxOnPage({ data: [ax, ay, bx, by] }, { scale, dx, dy }) {
  const [x, y] = [[ax, bx], [-ay, -by]];
  return [
    Math.min(...x) * scale + dx, Math.min(...y) * scale + dy,
    Math.max(...x) * scale + dx, Math.max(...y) * scale + dy,
  ];
}

/**
 * What is seen of a scene on its page; null for nothing.
 * @param {Scene} scene
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @returns {View | null}
 */
export function seenOf({ clip, box }, placement, { width, height }) {
  if (!clip || !box) return { left: 0, top: 0, width, height };
  const edges = boxOnPage(box, placement);
  const [left, top] = [Math.max(edges[0], 0), Math.max(edges[1], 0)];
  const [right, low] = [Math.min(edges[2], width), Math.min(edges[3], height)];
  return left < right && top < low ? { left, top, width: right - left, height: low - top } : null;
}

/**
 * A function that cuts marks of ink or light to what is seen of a clipped scene: what lies outside of
 * it does not count for their exposure. Of other scenes they are left as they are.
 * @param {Scene} scene
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @returns {(marks: Shape[]) => Shape[]}
 */
export function inkCutter(scene, placement, sheet) {
  if (!scene.clip) return (marks) => marks;
  const seen = seenOf(scene, placement, sheet);
  if (!seen) return () => [];
  return (marks) => marks.flatMap((mark, index) => {
    if (mark.kind === "raster") return [mark]; // which adds nothing up
    return placed(mark, nameOf(index, mark), placement, sheet, seen).map((part) => inUnits(part, placement));
  });
}

/**
 * Marks of a scene as they are painted: its ink is cut where an exposure of it is to be found.
 * @param {Scene} scene
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @returns {Mark[]}
 */
export function paintedMarks(scene, placement, sheet) {
  if (!scene.clip) return scene.marks;
  const cut = inkCutter(scene, placement, sheet);
  /** @param {Mark[]} marks @returns {Mark[]} */
  const inside = (marks) => marks.flatMap(shown);
  /** @param {Mark} mark @returns {Mark[]} */
  const shown = (mark) => {
    if (mark.kind === "group") return [{ ...mark, marks: inside(mark.marks) }];
    return mark.blend.kind === "over" || mark.blend.exposure !== null ? [mark] : cut([mark]);
  };
  return inside(scene.marks);
}

/** A placed mark in the artist's units again. @param {Shape} mark @param {Placement} placement @returns {Shape} */
function inUnits(mark, { scale, dx, dy }) {
  const { data, shape } = mark.points;
  const points = Float64Array.from(data, (value, i) => (i % 2 ? dy - value : value - dx) / scale);
  return { ...mark, points: { data: points, shape } };
}
