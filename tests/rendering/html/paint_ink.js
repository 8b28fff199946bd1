// What the tests of ink ask of a page: pictures of runs of marks, and their sums done in both ways.

import { accumulate } from "./density.js";
import { accumulateOn, isSoftware, openDevice } from "./density_webgl.js";
import { paintInk } from "./ink.js";
import { blocksOf } from "./ink_blocks.js";
import { readScene } from "./read_scene.js";

/** The picture of a scene whose marks are one run, as RGBA bytes in base64. With a corner, the part of
 * the page that a canvas of this size shows from there.
 * @param {any} asked */
export function painted({ scene, width, height, unit, placement, sheet, corner }) {
  const { marks, paper } = readScene(scene);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const [red, green, blue, alpha] = Array.from(paper.data);
  context.fillStyle = `rgb(${255 * red} ${255 * green} ${255 * blue} / ${alpha})`;
  context.fillRect(0, 0, width, height);
  paintInk(context, marks, placement, sheet, unit, corner);
  const { data } = context.getImageData(0, 0, width, height);
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}

/** How far the sums of a graphics card are from those of the processor, and how much these are, both in
 * the mean; null where the browser has none.
 * @param {any} asked */
export function compared({ scene, grid, placement }) {
  const device = openDevice();
  if (!device) return null;
  const { marks } = readScene(scene);
  const inked = blocksOf(marks, marks[0].blend.kind, placement, grid);
  const wanted = accumulate(grid, inked);
  const sums = accumulateOn(device, grid, inked);
  let [off, all] = [0, 0];
  wanted.forEach((value, at) => {
    off += Math.abs(value - sums[at]) / wanted.length;
    all += value / wanted.length;
  });
  return { off, all, isSoftware: isSoftware(device) };
}
