// An SVG of a scene as `gradart run -o x.svg` writes it: millimeters, a layer for each pen.

import { boxOnPage } from "./clipped_scene.js";
import { leaves } from "./groups.js";
import { vectorsOf } from "./ink_vectors.js";
import { general, mm } from "./numerals.js";
import { clippedElements, windowElement } from "./svg_clipping.js";
import { apart, elementsOf, gradientElement, image, penRuns } from "./svg_elements.js";
import { labelsOf, layersOf } from "./svg_layers.js";
import { colors } from "./transform.js";

/** @import { Numbers, Placement, Scene, Sheet } from "./scene.js" */

// Of the strokes in a layer, not of the layer: each of them meets those below.
const BLENDING = "<style>.ink>*{mix-blend-mode:multiply}.light>*{mix-blend-mode:screen}</style>\n";
// What XML 1.0 cannot hold, not even escaped.
const FORBIDDEN = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * A scene on its page as an SVG document. `provenance` is what it says of its making.
 * @param {Scene} scene
 * @param {Placement} placement
 * @param {Sheet} sheet
 * @param {{ title?: string, provenance?: string }} [said]
 */
export function svgText(scene, placement, sheet, { title = "", provenance = "" } = {}) {
  const [width, height] = [mm(sheet.width), mm(sheet.height)];
  const marks = vectorsOf(scene, placement, sheet);
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>\n'
      + '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
      + ' xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"'
      + ` width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}">\n`,
  ];
  for (const [tag, text] of [["title", title], ["metadata", provenance]]) {
    if (text) parts.push(`<${tag}>${escaped(text.replace(FORBIDDEN, ""))}</${tag}>\n`);
  }
  if (scene.paper) parts.push(paperOf(sheet, colors(scene.paper, "paper")));
  if (leaves(marks).some(({ blend }) => blend.kind !== "over")) parts.push(BLENDING);
  const edges = scene.clip && scene.box && marks.length ? boxOnPage(scene.box, placement) : null;
  if (edges) parts.push(windowElement(edges));
  const gradients = leaves(marks, true).flatMap(({ gradient }) => (gradient ? [gradientElement(gradient)] : []));
  if (gradients.length) parts.push("<defs>\n", ...new Set(gradients), "</defs>\n");
  const elements = edges ? clippedElements(marks, sheet, edges) : marks.flatMap((mark) => elementsOf(mark, sheet));
  const layers = layersOf(elements, sheet);
  const named = labelsOf(layers);
  layers.forEach((layer, i) => {
    const runs = penRuns(layer);
    const only = runs.length === 1 ? runs[0][0].pen.attributes : "";
    const { id, label } = named[i];
    parts.push(`<g id="${id}" inkscape:groupmode="layer" inkscape:label="${escaped(label)}"${only}>\n`);
    if (runs.length > 1) parts.push(apart(runs));
    else for (const { body } of layer) parts.push(body);
    parts.push("</g>\n");
  });
  parts.push("</svg>\n");
  return parts.join("");
}

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** The paper as a picture of one pixel: what a plotter reads as geometry it would draw. @param {Sheet} sheet @param {Numbers} color */
function paperOf({ width, height }, { data: [red, green, blue, alpha] }) {
  const opacity = alpha < 1 ? ` opacity="${general(alpha, 4)}"` : "";
  return image([red, green, blue, 1], 1, 1, [0, 0, width, height], ` id="paper"${opacity}`);
}
