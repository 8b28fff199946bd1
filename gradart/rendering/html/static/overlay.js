// What is drawn over the picture, sharp at any size: lines and points in mm of the page.

import { $ } from "./elements.js";

/** @import { Sheet } from "./scene.js" */

const SVG = "http://www.w3.org/2000/svg";
const FAR = 4; // pages from the page, where lines are cut, so that no browser loses its way

/**
 * A line, open or closed, of x and y in mm; NaN lifts the pen. `kind` is the class that it has in
 * inspected.css. Of one that has a radius in mm, a circle around its first point.
 * @typedef {{ kind: string, points: number[][], closed?: boolean, radius?: number }} Shape
 */

/** @param {Sheet} page */
export function makeOverlay({ width, height }) {
  const svg = make("svg", { id: "overlay", viewBox: `0 0 ${width} ${height}`, tabindex: "0", role: "application" });
  const drawn = make("g", { "aria-hidden": "true" });
  svg.append(drawn);
  $("frame").append(svg);

  /** Whether a point is so near that it can be drawn. @param {number[]} point */
  const isNear = ([x, y]) => Math.abs(x) < FAR * width + width && Math.abs(y) < FAR * height + height;

  /** @param {Shape} shape */
  const path = ({ points, closed, radius }) => {
    if (radius !== undefined) {
      const [x, y] = points[0];
      return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
    }
    let text = "";
    let down = false;
    for (const point of points) {
      const near = isNear(point);
      if (near) text += `${down ? "L" : "M"}${point[0].toFixed(3)} ${point[1].toFixed(3)}`;
      down = near;
    }
    return closed ? `${text}Z` : text;
  };

  return {
    svg,

    /** @param {readonly Shape[]} shapes from back to front, each over a rim in the paper's color */
    draw(shapes) {
      drawn.replaceChildren(
        ...shapes.flatMap((shape) => {
          const d = path(shape);
          return d ? [make("path", { d, class: `rim ${shape.kind}` }), make("path", { d, class: shape.kind })] : [];
        }),
      );
    },

    /** How many mm a pixel of CSS is. */
    unit: () => width / (svg.getBoundingClientRect().width || width),

    /** The place of an event in mm of the page. @param {PointerEvent} event */
    place(event) {
      const box = svg.getBoundingClientRect();
      return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
    },
  };
}

/** @param {string} tag @param {Record<string, string>} attributes */
function make(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
