// A piece: what is computed when, and how a film lies on its page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { makePiece } from "../../../gradart/rendering/html/static/piece.js";
import { fit } from "../../../gradart/rendering/html/static/placement.js";

const NONE = { radius: null, corners: null, anchor: null, fill: null, gradient: null, layer: null };
const BLEND = { kind: "over", exposure: null, embed: false };
const MARK = { ...NONE, kind: "dots", closed: false, moves: true, points: 0, stroke: null, width: 1, radius: 1, blend: BLEND };
const ART = {
  film: true, seconds: 1, fps: 10, at: 0, page: { width: 100, height: 60, margin: 5 },
  paper: 2, box: null, clip: false, paperMoves: false, boxMoves: false, marks: [MARK],
  inputs: [{ name: "reach", kind: "float", default: 1 }],
};

/** A dot that goes from 0 to its reach, and to its square upwards; what was called is kept. */
function dot(box = null) {
  const calls = [];
  let reach = 0;
  const outputs = [
    { data: new Float64Array(2), shape: [1, 2] },
    { data: new Float64Array(1), shape: [] },
    { data: Float64Array.of(1, 1, 1, 1), shape: [4] },
    { data: Float64Array.from(box ?? [0, 0, 1, 1]), shape: [2, 2] },
  ];
  const stages = [
    (x) => {
      calls.push(`reach ${x}`);
      reach = x;
    },
    (u) => {
      calls.push(u);
      outputs[0].data.set([reach * u, (reach * u) ** 2]);
      if (box) outputs[3].data.set([-u, -u, 1 + u, 1 + u]);
    },
  ];
  return { calls, program: { stages, outputs } };
}

test("what depends on parameters alone is computed once for all frames", () => {
  const { calls, program } = dot();
  const piece = makePiece(ART, program);
  piece.set({ reach: 2 });
  for (const u of [0, 0.3, 0.6]) piece.at(u);
  piece.set({ reach: 3 });
  piece.at(0.5);
  assert.deepEqual(calls.filter((call) => typeof call === "string"), ["reach 2", "reach 3"]);
});

test("what takes long is known for the defaults, and computed for other values", () => {
  const { calls, program } = dot();
  const known = { places: [0], constants: 1 };
  const piece = makePiece({ ...ART, film: false, known }, program, [Float64Array.of(9), Float64Array.of(3, 4)]);
  const defaults = Object.fromEntries(ART.inputs.map((input) => [input.name, input.default]));
  for (const values of [defaults, { ...defaults, reach: 2 }, defaults]) piece.set(values);
  assert.deepEqual(calls, ["reach 2"]);
  assert.deepEqual([...piece.at(0).scene.marks[0].points.data], [3, 4]);
});

test("the frames of a film without a box lie all alike, so that their union fits", () => {
  const piece = makePiece(ART, dot().program);
  piece.set({ reach: 2 });
  const first = piece.at(0.7);
  assert.deepEqual([...first.scene.marks[0].points.data], [1.4, 1.4 ** 2]);
  for (const u of [0, 0.25, 0.9]) assert.deepEqual(piece.at(u).placement, first.placement);
  const corners = { data: Float64Array.of(0, 0, 1.8, 1.8 ** 2), shape: [2, 2] };
  const union = { ...first.scene, marks: [{ ...first.scene.marks[0], points: corners }] };
  assert.deepEqual(first.placement, fit([union], ART.page));
  piece.set({ reach: 4 });
  assert.notDeepEqual(piece.at(0.7).placement, first.placement);
});

test("what is told of all frames is not looked for, but where other values are in hand", () => {
  const { calls, program } = dot();
  const placement = { scale: 3, dx: 1, dy: 2 };
  const piece = makePiece({ ...ART, placement, exposures: { 0: 2 } }, program);
  piece.set({ reach: 1 });
  assert.deepEqual(piece.at(0.5).placement, placement);
  assert.deepEqual(calls, ["reach 1", 0.5]);
  piece.set({ reach: 2 });
  assert.notDeepEqual(piece.at(0.5).placement, placement);
  piece.set({ reach: 1 });
  assert.deepEqual(piece.at(0.5).placement, placement);
});

test("while a hand moves few frames are looked at, and all of them when it rests", () => {
  const { calls, program } = dot();
  const piece = makePiece({ ...ART, fps: 100 }, program);
  piece.set({ reach: 1 });
  const whole = piece.at(0).placement;
  calls.length = 0;
  piece.set({ reach: 1.5 }, true);
  piece.at(0);
  assert.ok(calls.length < 12);
  piece.set({ reach: 1 });
  assert.deepEqual(piece.at(0).placement, whole);
});

test("frames with a box that moves lie by it, each by its own", () => {
  const piece = makePiece({ ...ART, box: 3, boxMoves: true }, dot([0, 0, 1, 1]).program);
  piece.set({ reach: 1 });
  for (const u of [0, 0.5]) {
    const { scene, placement } = piece.at(u);
    assert.deepEqual(placement, fit([scene], ART.page));
  }
  assert.ok(piece.at(0).placement.scale > piece.at(0.5).placement.scale);
});

test("a still has one stage", () => {
  const { calls, program } = dot();
  const piece = makePiece({ ...ART, film: false }, program);
  piece.set({ reach: 1 });
  piece.at(0);
  piece.at(0);
  assert.deepEqual(calls, ["reach 1"]);
  assert.equal(piece.frames, 1);
});
