// Sums runs of ink as the page does: node sum_ink.mjs STATIC FOLDER, with FOLDER/asked.json; what is
// found comes to FOLDER as float32, one file a run, and to the output.

import { readFile, writeFile } from "node:fs/promises";
import { readScene } from "./read_scene.js";

const [statics, folder] = process.argv.slice(2);
const { exposureOn, summed } = await import(`${statics}/ink.js`);
const { exposureOf, tone } = await import(`${statics}/tone.js`);
const asked = JSON.parse(await readFile(`${folder}/asked.json`, "utf8"));
const found = [];
for (const [number, { scene, placement, sheet, grid }] of asked.entries()) {
  const { marks, paper } = readScene(scene);
  const density = summed(marks, placement, grid);
  const { sums, channels, tint } = density;
  const [exposure, cells] = [1, 7].map((cell) => exposureOf(density, cell));
  const pixels = new Uint8ClampedArray(4 * grid.width * grid.height);
  pixels.forEach((_, at) => { pixels[at] = 255 * paper.data[at % 4]; });
  tone(density, pixels, marks[0].blend.kind, marks[0].blend.exposure ?? exposure ?? 1, 0, 0);
  await writeFile(`${folder}/${number}.sums`, new Uint8Array(sums.buffer));
  await writeFile(`${folder}/${number}.rgba`, pixels);
  found.push({ channels, tint, exposure, cells, onSheet: exposureOn(marks, placement, sheet) });
}
process.stdout.write(JSON.stringify(found));
