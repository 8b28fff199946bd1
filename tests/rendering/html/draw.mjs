// What the page says of scenes, without a browser: node draw.mjs CODE FOLDER, with FOLDER/asked.json,
// a list of { scenes, sheet, said }. To the output: for each the placement of its scenes together,
// and the SVG of the first.

import { readFile } from "node:fs/promises";
import { readScene } from "./read_scene.js";

const [code, folder] = process.argv.slice(2);
const { fit } = await import(`${code}/placement.js`);
const { svgText } = await import(`${code}/svg_file.js`);
const asked = JSON.parse(await readFile(`${folder}/asked.json`, "utf8"));
const found = asked.map(({ scenes, sheet, said }) => {
  const read = scenes.map(readScene);
  const placement = fit(read, sheet);
  return { placement, svg: said && svgText(read[0], placement, sheet, said) };
});
process.stdout.write(JSON.stringify(found));
