// The control of a point or a vector: a pad, and a field for each coordinate.

import { h } from "./markup.js";
import { drawn, neat, plane, thumb } from "./pad.js";
import { set, state } from "./state.js";

/** @import { Parameter } from "./messages.js" */

/**
 * A pad that runs over the point's bounds, or as far about the origin as the point asks for.
 * @param {Parameter} p
 * @param {string} id
 * @param {object} described
 * @param {string} name
 */
export function point(p, id, described, name) {
  let span = [-1, 1];
  const put = (value, live) => set({ values: { [p.name]: value } }, { live });
  const valueAt = (share) => neat(span[0] + share * (span[1] - span[0]), span[1] - span[0]);
  const arm = drawn("path", "arm");
  const svg = p.role === "vector" ? plane(arm) : null;
  const pad = h("div", { className: "pad" }, svg);
  const spot = thumb(pad, name, (shares, live) => put(shares.map(valueAt), live));
  pad.addEventListener("pointerdown", (event) => event.target !== spot.element && spot.take(event));

  const fields = ["x", "y"].map((axis, index) => {
    const field = h("input", { type: "number", id: index ? null : id, step: "any", "aria-label": `${name} ${axis}`, ...described });
    field.addEventListener("change", () => {
      const next = [...(state.values[p.name] ?? [0, 0])];
      next[index] = Number(field.value);
      if (field.value === "") field.value = state.values[p.name]?.[index] ?? "";
      // What is out of bounds goes to the studio, whose message says what the bounds are.
      else put(next, false);
    });
    return field;
  });
  const rows = fields.map((field, index) => h("label", {}, "xy"[index], field));
  const none = p.optional ? h("button", { type: "button", "aria-label": `${name}: none`, onclick: () => put(null, false) }, "none") : null;
  const below = h("div", { className: "padded" }, pad, h("div", { className: "numbers" }, rows, none));

  const show = (value) => {
    if (!spot.isHeld()) span = spanOf(p, value); // or else the pad would shrink under the hand
    const share = (one) => (one - span[0]) / (span[1] - span[0]);
    spot.show((value ?? [0, 0]).map(share), value ?? [0, 0], span, value !== null);
    arm.setAttribute("d", value ? `M${share(0)} ${1 - share(0)}L${share(value[0])} ${1 - share(value[1])}` : "");
    pad.style.setProperty("--origin", `${100 * share(0)}%`);
    fields.forEach((field, index) => {
      if (document.activeElement !== field) field.value = value ? value[index] : "";
    });
  };
  return { below, show };
}

/** What the pad shows, on both of its sides. */
function spanOf(p, value) {
  if (p.parts[0].low !== null) return [p.parts[0].low, p.parts[0].high];
  const default_ = 2 * Math.max(...(p.default ?? [0, 0]).map(Math.abs)) || 1;
  const reach = Math.max(default_, ...(value ?? []).map(Math.abs));
  return [-reach, reach];
}
