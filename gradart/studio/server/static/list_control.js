// The control of a list: a field for each value of a point, a palette, a few words.

import { h } from "./markup.js";
import { set, state } from "./state.js";

const BLANK = { float: 0, int: 0, bool: false, str: "", path: "", color: "#000000" };

/** A field for each value of a list, and buttons for more and fewer where its length varies. */
export function list(p, id, described, name) {
  const group = { className: "list", role: "group", "aria-label": name, ...described };
  const below = h("div", group);
  let shape = "";
  let leaves = [];
  const put = (value, live = false) => set({ values: { [p.name]: value } }, { live });

  // Put another value where the path leads, in a copy: the last one is kept for undo.
  const change = (path, value, live) => {
    const next = structuredClone(state.values[p.name]);
    const last = path.slice(0, -1).reduce((at, index) => at[index], next);
    last[path.at(-1)] = value;
    put(next, live);
  };

  function fields(part, value, path) {
    if (!part.parts.length) {
      const words = [name, ...path.map((index) => index + 1)].join(" ");
      const first = leaves.length === 0 ? id : null;
      const made = leaf(part, words, first, (to, live) => change(path, to, live));
      leaves.push({ path, show: made.show });
      return made.element;
    }
    const rows = value.map((one, index) => fields(at(part, index), one, [...path, index]));
    return h("div", { className: "list" }, rows, part.varies ? length(part, value, path) : null);
  }

  function length(part, value, path) {
    const resized = (to) => (path.length ? change(path, to) : put(to));
    const more = () => resized([...value, value.at(-1) ?? blank(part.parts[0])]);
    const fewer = () => resized(value.slice(0, -1));
    return [
      button("+", `one more of ${name}`, more),
      value.length ? button("−", `one fewer of ${name}`, fewer) : null,
    ];
  }

  const show = (value) => {
    const now = form(value);
    if (now !== shape) {
      shape = now;
      leaves = [];
      const unset = value === null;
      const start = button("set", `set ${name}`, () => put(blank(p)));
      const none = p.optional ? button("none", `${name}: none`, () => put(null)) : null;
      below.replaceChildren(...(unset ? [start] : [fields(p, value, []), none ?? ""]));
    }
    for (const one of leaves) one.show(one.path.reduce((part, index) => part[index], value));
  };
  return { below, show };
}

const at = (part, index) => (part.varies ? part.parts[0] : part.parts[index]);

const blank = (part) => {
  if (part.parts.length) return part.parts.map(blank);
  return part.choices[0] ?? part.low ?? BLANK[part.type];
};

// The lengths of a list, of its lists too: what decides how many fields there are.
const form = (value) => (Array.isArray(value) ? `[${value.map(form)}]` : value === null ? "none" : ".");

const button = (text, says, onclick) =>
  h("button", { type: "button", className: "quiet", "aria-label": says, title: says, onclick }, text);

function leaf(part, words, id, put) {
  const same = { id, "aria-label": words };
  // A palette or a ramp may be of other colors than those that have a name.
  if (part.choices.length && part.type !== "palette" && part.type !== "ramp") {
    const options = part.choices.map((c, index) => h("option", { value: index }, String(c)));
    const select = h("select", same, options);
    select.addEventListener("change", () => put(part.choices[select.value]));
    return { element: select, show: (value) => (select.value = part.choices.indexOf(value)) };
  }
  if (part.type === "bool") {
    const input = h("input", { type: "checkbox", className: "switch", ...same });
    input.addEventListener("change", () => put(input.checked));
    return { element: input, show: (value) => (input.checked = value) };
  }
  const number = part.type === "float" || part.type === "int";
  const kind = number ? "number" : "text";
  const field = h("input", { type: kind, step: "any", spellcheck: false, ...same });
  let shown = "";
  field.addEventListener("change", () => {
    if (!number) put(field.value);
    else if (field.value === "") field.value = shown;
    else put(Number(field.value));
  });
  const show = (value) => {
    shown = value;
    if (document.activeElement !== field) field.value = value;
  };
  if (part.type !== "color") return { element: field, show };
  const swatch = h("input", { type: "color", "aria-label": `${words}, picker` });
  swatch.addEventListener("input", () => put(swatch.value, true));
  swatch.addEventListener("change", () => put(swatch.value));
  return {
    element: h("span", { className: "color" }, swatch, field),
    show: (value) => {
      if (/^#[0-9a-f]{6}/i.test(value)) swatch.value = value.slice(0, 7);
      show(value);
    },
  };
}
