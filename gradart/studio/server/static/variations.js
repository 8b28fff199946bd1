// Variations: a grid of seeds, or of values of one parameter. A click adopts one.

import { $, paint } from "./dom.js";
import { h } from "./markup.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { between, changed, loaded, numberOf, numbersOf, set, state, withNumber } from "./state.js";

const PX = 480;
const { grid } = state;


/** Whether the grid is open. */
export const isOpen = () => !$("grid").hidden;

changed(({ fresh }) => {
  if (!fresh) return;
  close();
  const seed = loaded().takesKey ? [h("option", { value: "" }, "the seed")] : [];
  const options = loaded()
    .parameters.flatMap((p) => (p.choices.length ? [{ name: p.name, says: words(p) }] : numbersOf(p)))
    .map(({ name, says }) => h("option", { value: name }, says));
  $("vary").replaceChildren(...seed, ...options);
  $("variations").hidden = !$("vary").options.length;
});

const words = (p) => p.name.replaceAll("_", " ");

function settings(count) {
  const name = $("vary").value;
  const { values, seed } = state;
  if (!name) {
    return Array.from({ length: count }, (_, i) => {
      const other = (seed + i) % 2 ** 32;
      return { values, seed: other, says: `seed ${other}` };
    });
  }
  const chosen = loaded().parameters.find((p) => p.name === name && p.choices.length);
  const number = loaded().parameters.flatMap(numbersOf).find((one) => one.name === name);
  const now = numberOf(name);
  const at = (i) => {
    if (!number) return now;
    return number.part.role === "seed" ? (now + i) % 2 ** 32 : between(number.part, i / (count - 1), now);
  };
  const spread = chosen?.choices ?? Array.from({ length: count }, (_, i) => at(i));
  const says = chosen ? words(chosen) : number?.says;
  return [...new Set(spread)].map((value) => ({ values: withNumber(name, value), seed, says: `${says} ${value}` }));
}

/** Open the grid, and ask for its pictures. */
export function open() {
  if (!state.sketch || !$("vary").options.length) return;
  const side = Number($("cells").value);
  grid.cells = settings(side * side).map((cell) => {
    const [width, height] = viewport.sheet();
    const canvas = h("canvas", { width, height });
    const adopt = () => {
      close();
      set({ values: cell.values, seed: cell.seed });
    };
    const button = h("button", { className: "cell", type: "button", onclick: adopt }, canvas, cell.says);
    return { ...cell, canvas, button };
  });
  const element = $("grid");
  const columns = Math.min(side, grid.cells.length);
  element.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  element.style.gridTemplateRows = `repeat(${Math.ceil(grid.cells.length / columns)}, minmax(0, 1fr))`;
  element.replaceChildren(...grid.cells.map((cell) => cell.button));
  element.hidden = false;
  grid.cells[0].button.focus();
  grid.number += 1;
  const px = Math.min(PX, Math.max(120, Math.round((1600 * devicePixelRatio) / (2 * side))));
  send("grid", { id: grid.number, px, cells: grid.cells.map(({ values, seed }) => ({ values, seed })) });
}

/** Close the grid; what it still lacks is not drawn. */
export function close() {
  if (!isOpen()) return;
  $("grid").hidden = true;
  $("grid").replaceChildren();
  $("canvas").focus({ preventScroll: true });
  grid.number += 1;
  send("stop_grid", {});
}

on("grid", (head, bytes) => {
  const cell = grid.cells[head.cell];
  if (head.id !== grid.number || !cell) return;
  if (head.error) cell.button.append(h("span", { className: "wrong" }, head.error));
  else if (bytes.length) paint(cell.canvas, bytes).then(() => (cell.button.dataset.drawn = ""));
});

$("showgrid").addEventListener("click", () => (isOpen() ? close() : open()));
for (const id of ["vary", "cells"]) {
  $(id).addEventListener("change", () => isOpen() && open());
}

$("grid").addEventListener("keydown", (event) => {
  const columns = Math.min(Number($("cells").value), grid.cells.length);
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
  if (!by) return;
  event.preventDefault();
  event.stopPropagation();
  const at = grid.cells.findIndex((cell) => cell.button === document.activeElement);
  grid.cells[at + by]?.button.focus();
});
