// The control of an easing: its curve on a pad, with a thumb for each of its two handles.

import { h } from "./markup.js";
import { drawn, neat, plane, thumb } from "./pad.js";
import { same, set, state } from "./state.js";

/** @import { Parameter } from "./messages.js" */

const [LOWEST, HIGHEST] = [-0.5, 1.5]; // y that the pad shows; fields take others, too

/** Easings to begin with. @type {Record<string, number[]>} */
const NAMED = {
  linear: [0, 0, 1, 1],
  "soft start": [0.42, 0, 1, 1],
  "soft end": [0, 0, 0.58, 1],
  "soft both": [0.42, 0, 0.58, 1],
  "slow both": [0.85, 0, 0.15, 1],
  "too far": [0.34, 1.4, 0.64, 1],
  "swing back": [0.36, -0.4, 0.64, 1],
};

/** How far down the pad a y is. @param {number} y */
const down = (y) => (HIGHEST - y) / (HIGHEST - LOWEST);

/**
 * A small editor of a cubic Bezier easing.
 * @param {Parameter} p
 * @param {string} id
 * @param {object} described
 * @param {string} name
 */
export function easing(p, id, described, name) {
  const put = (value, live) => set({ values: { [p.name]: value } }, { live });
  const now = () => state.values[p.name] ?? NAMED.linear;
  const changed = (index, some) => now().toSpliced(index, some.length, ...some);

  const [frame, arms, line] = ["frame", "arms", "line"].map((part) => drawn("path", part));
  frame.setAttribute("d", `M0 ${down(0)}H1M0 ${down(1)}H1`);
  const pad = h("div", { className: "pad" }, plane(frame, arms, line));
  const handles = ["first", "second"].map((word, index) =>
    thumb(pad, `${name}, ${word} handle`, ([x, y], live) => {
      put(changed(2 * index, [neat(x, 1), neat(LOWEST + y * (HIGHEST - LOWEST), 1)]), live);
    }),
  );

  const names = Object.keys(NAMED);
  const select = h("select", { id, ...described }, [
    ...names.map((one) => h("option", { value: one }, one)),
    h("option", { value: "own", disabled: true }, "own curve"),
    p.optional ? h("option", { value: "none" }, "none") : null,
  ].filter((one) => one !== null));
  select.addEventListener("change", () => put(NAMED[select.value] ?? null, false));

  const fields = ["x1", "y1", "x2", "y2"].map((axis, index) => {
    const field = h("input", { type: "number", step: "any", title: axis, "aria-label": `${name} ${axis}` });
    field.addEventListener("change", () => {
      if (field.value === "") field.value = String(now()[index]);
      else put(changed(index, [Number(field.value)]), false);
    });
    return field;
  });
  const numbers = h("div", { className: "numbers" }, select, h("div", { className: "four" }, fields));
  const below = h("div", { className: "padded" }, pad, numbers);

  const show = (value) => {
    const [x1, y1, x2, y2] = value ?? NAMED.linear;
    [[x1, y1], [x2, y2]].forEach(([x, y], index) => {
      handles[index].show([x, 1 - down(y)], [x, y], [0, 1], value !== null);
    });
    const [held, curve] = [`M0 ${down(0)}L${x1} ${down(y1)}M1 ${down(1)}L${x2} ${down(y2)}`, `M0 ${down(0)}C${x1} ${down(y1)} ${x2} ${down(y2)} 1 ${down(1)}`];
    arms.setAttribute("d", value ? held : "");
    line.setAttribute("d", value ? curve : "");
    select.value = value === null ? "none" : (names.find((one) => same(NAMED[one], value)) ?? "own");
    fields.forEach((field, index) => {
      if (document.activeElement !== field) field.value = value ? value[index] : "";
    });
  };
  return { below, show };
}
