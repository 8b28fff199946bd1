// Clipped scenes in an SVG, as gradart/rendering/vector/svg_elements.py writes them: each element that leaves the
// box is clipped by itself, so that they blend one by one.

import { mm } from "./numerals.js";
import { elementsOf } from "./svg_elements.js";

/** @import { Mark, Numbers, Sheet } from "./scene.js" */
/** @import { Element } from "./svg_elements.js" */

/** The element that clips others to the edges of a box in mm. @param {number[]} edges */
export function windowElement(edges) {
  const [left, top, right, low] = edges.map(mm);
  const path = `M${left} ${top} ${right} ${top} ${right} ${low} ${left} ${low}Z`;
  return `<defs><clipPath id="box"><path d="${path}"/></clipPath></defs>\n`;
}

/**
 * The elements of placed marks, of which those are clipped that leave the box.
 * @param {Mark[]} marks
 * @param {Sheet} sheet
 * @param {number[]} edges
 * @returns {Element[]}
 */
export function clippedElements(marks, sheet, edges) {
  return marks.flatMap((mark) => elementsOf(mark, sheet)).map((element) => {
    if (isWithin(element, edges)) return element;
    const { body } = element;
    // A group's own element comes after its mask, whose elements have no style.
    const start = element.mark.kind === "group" ? "<g style" : body.slice(0, body.indexOf(" "));
    const [tag, ...rest] = start.split(" ");
    const clipped = [`${tag} clip-path="url(#box)"`, ...rest].join(" ");
    return { ...element, body: body.replace(start, () => clipped) };
  });
}

/** Whether an element lies with its ink within the edges; of a group it is not known. @param {Element} element @param {number[]} edges */
function isWithin({ mark, row }, [left, top, right, low]) {
  if (mark.kind === "group") return false;
  const { width, stroke, radius, corners } = mark;
  /** @param {Numbers} values */
  const own = ({ data, shape }) => data[shape.length ? row : 0];
  let pad = stroke ? own(width) / 2 : 0;
  if (mark.kind === "dots" && radius) pad += own(radius);
  const size = mark.points.data.length / mark.points.shape[0];
  const points = corners ? corners.data : mark.points.data.subarray(row * size, (row + 1) * size);
  return points.every((value, i) => (
    i % 2 ? !(value - pad < top || value + pad > low) : !(value - pad < left || value + pad > right)));
}
