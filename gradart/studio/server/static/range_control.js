// The control of a range: one slider with two thumbs, and a field for each of its ends.

import { h } from "./markup.js";
import { release, released, touched } from "./slider_motion.js";
import { placeOf, valueAt } from "./slider_scale.js";
import { range, set, state } from "./state.js";

/** @import { Parameter } from "./messages.js" */

const STEPS = 1000;
const ENDS = ["low", "high"];
const MOVING = /^(Arrow|Page|Home$|End$)/; // keys that move a slider

/**
 * A thumb for the lower and one for the upper end; neither goes past the other.
 * @param {Parameter} p
 * @param {string} id
 * @param {object} described
 * @param {string} name
 */
export function twoThumbs(p, id, described, name) {
  const [part] = p.parts;
  let span = [0, 1];

  // Put one end where it is asked for, or at the other one.
  const put = (end, value, live) => {
    const next = [...state.values[p.name]];
    next[end] = end ? Math.max(value, next[0]) : Math.min(value, next[1]);
    set({ values: { [p.name]: next } }, { live });
  };
  const thumbs = ENDS.map((word, end) => {
    const of = `${p.name}[${end}]`; // what the studio calls this number
    const says = { "aria-label": `${name} ${word}`, ...described };
    const thumb = h("input", { type: "range", min: 0, max: STEPS, step: 1, ...says });
    const read = () => valueAt(part, span, null, Number(thumb.value) / STEPS, STEPS);
    thumb.addEventListener("input", () => put(end, read(), true));
    thumb.addEventListener("change", () => put(end, read(), false));
    thumb.addEventListener("pointerdown", () => touched(of));
    thumb.addEventListener("blur", release);
    thumb.addEventListener("keydown", ({ key }) => MOVING.test(key) && touched(of));
    thumb.addEventListener("keyup", ({ key }) => MOVING.test(key) && released());
    return thumb;
  });
  const fields = ENDS.map((word, end) => {
    const own = end ? null : id;
    const field = h("input", { type: "number", id: own, step: "any", "aria-label": `${name}, ${word}` });
    field.addEventListener("change", () => {
      // What is out of bounds goes to the studio, whose message says what the bounds are.
      if (field.value !== "") put(end, Number(field.value), false);
      field.value = state.values[p.name][end];
    });
    return field;
  });
  const below = h("div", { className: "twothumbs" }, thumbs);
  const beside = h("span", { className: "ends" }, fields);

  const show = (value) => {
    const known = value ?? [part.low ?? 0, part.high ?? 1];
    // Under a hand it keeps what it runs over, though the value may no longer ask for it.
    if (!state.touch.parameter?.startsWith(`${p.name}[`)) span = spanOf(p, known);
    const places = known.map((one) => Math.min(1, Math.max(0, placeOf(part, span, one))));
    thumbs.forEach((thumb, end) => {
      thumb.value = String(STEPS * places[end]);
      thumb.setAttribute("aria-valuetext", value ? value[end] : "none");
      thumb.disabled = fields[end].disabled = value === null;
      if (document.activeElement !== fields[end]) fields[end].value = value ? value[end] : "";
    });
    // Where both are at the upper end, the lower one lies on top, for only it can move away.
    below.toggleAttribute("data-up", places[0] > 0.5);
    below.style.setProperty("--from", String(places[0]));
    below.style.setProperty("--to", String(places[1]));
  };
  return { beside, below, show };
}

/** What both thumbs run over: the bounds, or a span that holds the default and both ends. */
function spanOf(p, value) {
  const [part] = p.parts;
  if (part.low !== null) return [part.low, part.high];
  const spans = [...(p.default ?? value), ...value].map((one) => range({ ...part, default: one }));
  return [Math.min(...spans.map(([low]) => low)), Math.max(...spans.map(([, high]) => high))];
}
