// Variations: a grid of seeds, or of values of one parameter. A click adopts one.

import { $, h, paint } from "./dom.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { between, changed, set, state } from "./state.js";

const PX = 480;

let number = 0;
let cells = []; // what each cell sets, and its canvas

/** Whether the grid is open. */
export const isOpen = () => !$("grid").hidden;

changed(({ fresh }) => {
  if (!fresh) return;
  close();
  const numbers = state.sketch.parameters.filter((p) => p.type === "float" || p.type === "int");
  const choices = state.sketch.parameters.filter((p) => p.choices.length);
  const seed = state.sketch.takesKey ? [h("option", { value: "" }, "the seed")] : [];
  const others = [...new Set([...numbers, ...choices])];
  const options = others.map((p) => h("option", { value: p.name }, p.name.replaceAll("_", " ")));
  $("vary").replaceChildren(...seed, ...options);
  $("variations").hidden = !$("vary").options.length;
});

function settings(count) {
  const p = state.sketch.parameters.find((one) => one.name === $("vary").value);
  const { values, seed } = state;
  if (!p) {
    return Array.from({ length: count }, (_, i) => {
      const other = (seed + i) % 2 ** 32;
      return { values, seed: other, says: `seed ${other}` };
    });
  }
  const spread = p.choices.length
    ? p.choices
    : Array.from({ length: count }, (_, i) => between(p, i / (count - 1)));
  return [...new Set(spread)].map((value) => ({
    values: { ...values, [p.name]: value },
    seed,
    says: `${p.name.replaceAll("_", " ")} ${value}`,
  }));
}

/** Open the grid, and ask for its pictures. */
export function open() {
  if (!state.sketch || !$("vary").options.length) return;
  const side = Number($("cells").value);
  cells = settings(side * side).map((cell) => {
    const [width, height] = viewport.sheet();
    const canvas = h("canvas", { width, height });
    const adopt = () => {
      close();
      set({ values: cell.values, seed: cell.seed });
    };
    const button = h("button", { className: "cell", type: "button", onclick: adopt }, canvas, cell.says);
    return { ...cell, canvas, button };
  });
  const grid = $("grid");
  const columns = Math.min(side, cells.length);
  grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  grid.style.gridTemplateRows = `repeat(${Math.ceil(cells.length / columns)}, minmax(0, 1fr))`;
  grid.replaceChildren(...cells.map((cell) => cell.button));
  grid.hidden = false;
  cells[0].button.focus();
  number += 1;
  const px = Math.min(PX, Math.max(120, Math.round((1600 * devicePixelRatio) / (2 * side))));
  send("grid", { id: number, px, cells: cells.map(({ values, seed }) => ({ values, seed })) });
}

/** Close the grid; what it still lacks is not drawn. */
export function close() {
  if (!isOpen()) return;
  $("grid").hidden = true;
  $("grid").replaceChildren();
  $("canvas").focus({ preventScroll: true });
  number += 1;
  send("stop_grid");
}

on("grid", (head, bytes) => {
  const cell = cells[head.cell];
  if (head.id !== number || !cell) return;
  if (head.error) cell.button.append(h("span", { className: "wrong" }, head.error));
  else if (bytes.length) paint(cell.canvas, bytes).then(() => (cell.button.dataset.drawn = ""));
});

$("showgrid").addEventListener("click", () => (isOpen() ? close() : open()));
for (const id of ["vary", "cells"]) {
  $(id).addEventListener("change", () => isOpen() && open());
}

$("grid").addEventListener("keydown", (event) => {
  const columns = Math.min(Number($("cells").value), cells.length);
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
  if (!by) return;
  event.preventDefault();
  event.stopPropagation();
  const at = cells.findIndex((cell) => cell.button === document.activeElement);
  cells[at + by]?.button.focus();
});
