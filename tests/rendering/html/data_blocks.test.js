// Numbers from a document: all bits are there again. Python has written them to the files named here.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readNumbers } from "../../../gradart/rendering/html/static/data_blocks.js";

const folder = process.env.NUMBERS ?? "";

test("arrays come back bit for bit", { skip: folder === "" }, async () => {
  const html = readFileSync(`${folder}/blocks.html`, "utf8");
  const text = (id) => new RegExp(`id="${id}">([^<]*)<`).exec(html)?.[1];
  globalThis.document = /** @type {any} */ ({ getElementById: (id) => ({ textContent: text(id) }) });
  const arrays = await readNumbers();
  const expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8"));
  assert.equal(arrays.length, expected.length);
  arrays.forEach((array, i) => {
    assert.equal(array.constructor.name, expected[i].type);
    const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
    assert.equal(bytes.toString("hex"), expected[i].bytes);
  });
});
