// A control for each parameter, as its kind asks for.

import { $, icon } from "./elements.js";
import { choices, filled, fits, leaves, same, wanted } from "./inputs.js";
import { h } from "./markup.js";
import { placeOf, range, stepsOf, valueAt } from "./slider_scale.js";

/** @import { Input } from "./art.js" */
/** @import { Values } from "./inputs.js" */

/**
 * Take a value; `live` while a hand is moving.
 * @typedef {(value: any, live?: boolean) => void} Put
 * @typedef {{ beside?: HTMLElement, below?: HTMLElement, show: (value: any) => void }} Control
 */

const LARGEST = 10_000; // of the seeds that chance gives

const SHORT = 22; // letters that all values of a choice have at most, where they stand side by side

const words = (name) => name.replaceAll("_", " ");

/**
 * Controls on the panel, which call `change` with values that parameters take, and `refuse` with
 * what to say of one that they do not take; returns what shows other values.
 * @param {readonly Input[]} inputs
 * @param {(values: Values, live: boolean) => void} change
 * @param {(text: string) => void} refuse
 * @returns {(values: Values) => void}
 */
export function makeControls(inputs, change, refuse) {
  const rows = inputs.map((input) => row(input, change, refuse));
  $("controls").replaceChildren(...rows.map(({ element }) => element));
  $("controls").hidden = rows.length === 0;
  return (values) => {
    for (const { input, show } of rows) show(values[input.name]);
    $("reset").disabled = inputs.every((input) => same(values[input.name], input.default));
  };
}

/** A seed by chance. */
export function anySeed() {
  return Math.floor(Math.random() * LARGEST);
}

/** @param {Input} input */
function row(input, change, refuse) {
  const id = `p-${input.name}`;
  const name = input.kind === "key" ? "variation" : words(input.name);
  /** @type {Put} */
  const put = (value, live = false) => {
    if (fits(input, value)) change({ [input.name]: value }, live);
    else refuse(`${name} takes ${wanted(input)}.`);
  };
  const help = input.words ? h("p", { className: "help", id: `${id}-help` }, input.words) : null;
  const described = { "aria-describedby": help ? help.id : null };
  const control = MAKERS[input.kind](input, put, { id, ...described }, name);
  const reset = h(
    "button",
    {
      className: "quiet back",
      type: "button",
      title: "Back to the default",
      "aria-label": `Reset ${name}`,
      onclick: () => put(input.default),
    },
    icon("back"),
  );
  const label =
    control.below?.hasAttribute("role") ? h("span", { className: "label" }, name) : h("label", { htmlFor: id }, name);
  const head = h("div", { className: "head" }, label, reset, control.beside);
  return {
    input,
    element: h("div", { className: "row", "data-parameter": input.name }, head, control.below, help),
    show: (value) => {
      reset.dataset.unused = String(same(value, input.default));
      reset.disabled = same(value, input.default);
      control.show(value);
    },
  };
}

/** @type {Record<string, (input: Input, put: Put, named: Record<string, any>, name: string) => Control>} */
const MAKERS = { float: number, int: number, bool, color, key, list, choice, palette: choice };

// The number field is exact; the slider below it is for the hand.
function number(input, put, named, name) {
  const slider = h("input", {
    type: "range",
    min: "0",
    "aria-label": `${name}, slider`,
    "aria-describedby": named["aria-describedby"],
  });
  const field = h("input", { type: "number", step: "any", ...named });
  if (input.low !== null && input.low !== undefined) field.min = String(input.low);
  if (input.high !== null && input.high !== undefined) field.max = String(input.high);
  /** @type {[number, number]} */
  let span = [0, 1];
  let seen = input.default;
  const read = () => valueAt(input, span, Number(slider.value));
  slider.addEventListener("input", () => put(read(), true));
  slider.addEventListener("change", () => put(read()));
  field.addEventListener("change", () => {
    const value = Number(field.value);
    if (field.value !== "" && fits(input, value)) return put(value);
    put(field.value === "" ? null : value); // which is refused, and says why
    field.value = String(seen);
  });
  const show = (value) => {
    seen = value;
    span = range(input, value);
    const steps = stepsOf(input, span);
    slider.max = String(steps);
    slider.step = "1";
    const place = placeOf(input, span, value);
    slider.value = String(place);
    slider.style.setProperty("--share", String(Math.min(1, Math.max(0, place / steps))));
    slider.setAttribute("aria-valuetext", String(value));
    field.value = String(value);
  };
  return { beside: field, below: slider, show };
}

function bool(input, put, named) {
  const box = h("input", { type: "checkbox", className: "switch", ...named });
  box.addEventListener("change", () => put(box.checked));
  return { beside: box, show: (value) => (box.checked = value) };
}

function color(input, put, named, name) {
  const swatch = h("input", { type: "color", "aria-label": `${name}, picker` });
  const field = h("input", { type: "text", spellcheck: false, ...named });
  let seen = input.default;
  // What the picker does not know is how much of the color there is.
  const picked = () => swatch.value + (seen.length === 9 ? seen.slice(7) : "");
  swatch.addEventListener("input", () => put(picked(), true));
  swatch.addEventListener("change", () => put(picked()));
  field.addEventListener("change", () => {
    put(field.value.trim());
    field.value = seen;
  });
  const show = (value) => {
    seen = value;
    const long = value.length > 5 ? value : value.replace(/[^#]/g, "$&$&");
    swatch.value = long.slice(0, 7).toLowerCase();
    field.value = value;
  };
  return { beside: h("span", { className: "color" }, swatch, field), show };
}

function key(input, put, named) {
  const dice = h(
    "button",
    {
      className: "quiet",
      type: "button",
      title: "Another one (r)",
      "aria-label": "Another variation",
      "aria-keyshortcuts": "r",
      onclick: () => put(anySeed()),
    },
    icon("dice"),
  );
  const field = h("input", { type: "number", min: "0", step: "1", ...named });
  let seen = input.default;
  field.addEventListener("change", () => {
    put(field.value === "" ? null : Number(field.value));
    field.value = String(seen);
  });
  const show = (value) => {
    seen = value;
    field.value = String(value);
  };
  return { beside: h("span", { className: "seed" }, dice, field), show };
}

function list(input, put, named, name) {
  const count = leaves(input.default).length;
  let seen = input.default;
  const fields = Array.from({ length: count }, (_, index) => {
    const field = h("input", { type: "number", step: "any", "aria-label": `${name} ${index + 1}` });
    field.addEventListener("change", () => {
      const numbers = leaves(seen);
      numbers[index] = field.value === "" ? NaN : Number(field.value);
      put(filled(input.default, numbers));
      field.value = String(leaves(seen)[index]);
    });
    return field;
  });
  const group = { className: "list", role: "group", "aria-label": name };
  return {
    below: h("div", { ...group, ...named }, fields),
    show: (value) => {
      seen = value;
      leaves(value).forEach((part, index) => (fields[index].value = String(part)));
    },
  };
}

// A few values side by side, or as a menu where they are long.
function choice(input, put, named, name) {
  const { id, ...described } = named;
  const values = choices(input);
  if (values.join("").length > SHORT) {
    const menu = h("select", named, values.map((value, i) => h("option", { value: String(i) }, String(value))));
    menu.addEventListener("change", () => put(values[Number(menu.value)]));
    return { below: menu, show: (value) => (menu.value = String(values.indexOf(value))) };
  }
  const radios = values.map((value) => h("input", { type: "radio", name: id, onchange: () => put(value) }));
  const parts = radios.map((radio, i) => h("label", {}, radio, h("span", {}, String(values[i]))));
  const group = { className: "segments", role: "radiogroup", "aria-label": name };
  return {
    below: h("div", { ...group, ...described }, parts),
    show: (value) => radios.forEach((radio, i) => (radio.checked = values[i] === value)),
  };
}
