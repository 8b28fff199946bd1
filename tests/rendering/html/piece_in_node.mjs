// How a piece lies on its page at some playheads, and with which exposures: asked for by test_piece.py.

import { readFileSync } from "node:fs";
import { leaves } from "../../../gradart/rendering/html/static/groups.js";
import { makePiece } from "../../../gradart/rendering/html/static/piece.js";

const { art, code, constants, heads } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const arrays = constants.map((numbers) => Float64Array.from(numbers, (x) => x ?? NaN));
const piece = makePiece(art, new Function(`return ${code}`)()(arrays), arrays);
piece.set({});
const said = heads.map((u) => {
  const { scene, placement } = piece.at(u);
  const marks = leaves(scene.marks);
  return {
    placement: [placement.scale, placement.dx, placement.dy],
    exposures: marks.map(({ blend }) => blend.exposure),
    points: marks.map(({ points }) => Array.from(points.data, (x) => (x === x ? x : null))),
  };
});
console.log(JSON.stringify(said));
