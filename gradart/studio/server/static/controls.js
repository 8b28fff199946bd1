// A control for each parameter, as its type asks for.

import { $, h, icon, debounced } from "./dom.js";
import { list } from "./list_control.js";
import { anySeed, changed, fits, loaded, range, same, set, state, toggleLock } from "./state.js";

const STEPS = 1000; // of a slider that runs over logarithms

const words = (name) => name.replaceAll("_", " ");
const rounded = (value) => Number(value.toPrecision(4));

let showAll = () => {};

/** Build the controls of the sketch in hand; they follow the state from then on. */
function build() {
  const rows = loaded().parameters.map(row);
  $("controls").replaceChildren(...rows.map((r) => r.element));
  $("parameters").hidden = rows.length === 0;
  $("seedrow").hidden = !loaded().takesKey;
  showAll = () => rows.forEach((r) => r.show());
}

changed(({ fresh }) => {
  if (fresh) build();
  showAll();
  $("seed").value = String(state.seed);
  $("resetall").disabled = loaded().parameters.every((p) =>
    same(state.values[p.name], p.default),
  );
});

/** Set all parameters back to their defaults. */
export function resetAll() {
  set({ values: Object.fromEntries(loaded().parameters.map((p) => [p.name, p.default])) });
}

/** Another seed, by chance. */
export function newSeed() {
  if (state.sketch?.takesKey) set({ seed: anySeed() });
}

$("dice").addEventListener("click", newSeed);
$("resetall").addEventListener("click", resetAll);
$("seed").addEventListener("change", () => {
  const field = $("seed");
  const seed = Number(field.value);
  const fine = Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32;
  if (fine && field.value !== "") set({ seed });
  else field.value = String(state.seed);
});

function row(p) {
  const id = `p-${p.name}`;
  const help = p.help ? h("p", { className: "help", id: `${id}-help` }, p.help) : null;
  const described = { "aria-describedby": p.help ? `${id}-help` : null };
  const reset = h(
    "button",
    {
      className: "reset quiet",
      type: "button",
      title: "Back to the default",
      "aria-label": `Reset ${words(p.name)}`,
      onclick: () => set({ values: { [p.name]: p.default } }),
    },
    icon("reset"),
  );
  const lock = h(
    "button",
    {
      className: "lock quiet",
      type: "button",
      title: "Lock: it stays where it is when the drawing is dragged, or shuffled",
      "aria-label": `Lock ${words(p.name)}`,
      "aria-pressed": "false",
      onclick: () => {
        toggleLock(p.name);
        showLock();
      },
    },
    icon("lock"),
  );
  const showLock = () => lock.setAttribute("aria-pressed", String(state.locked.includes(p.name)));
  showLock();
  const control = maker(p)(p, id, described, words(p.name));
  const label = h("label", { htmlFor: id }, words(p.name));
  const head = h("div", { className: "head" }, label, reset, lock, control.beside ?? null);
  const element = h(
    "div",
    { className: "row", "data-parameter": p.name },
    head,
    control.below ?? null,
    help,
  );
  return {
    element,
    show() {
      const value = state.values[p.name];
      reset.hidden = same(value, p.default);
      control.show(value);
    },
  };
}

function maker(p) {
  if (p.choices.length) return choice;
  // A text that stands for a color may become any other text, but is mostly a color.
  if (p.type === "str" && /^#[0-9a-f]{6}$/i.test(p.default)) return color;
  return { float: number, int: number, bool: box, color, list }[p.type] ?? text;
}

function number(p, id, described) {
  const put = (value, live) => {
    if (value !== state.values[p.name] || !live) set({ values: { [p.name]: value } }, { live });
  };
  const slider = h("input", { type: "range", "aria-label": words(p.name), ...described });
  const field = h("input", { type: "number", id, step: "any", ...described });
  if (p.optional) field.placeholder = "none";
  let low = 0;
  let high = 1;
  const read = () => {
    const at = Number(slider.value);
    const value = p.log ? low * (high / low) ** (at / STEPS) : at;
    return p.type === "int" ? Math.round(value) : Number(value.toPrecision(6));
  };
  slider.addEventListener("input", () => put(p.log ? rounded(read()) : read(), true));
  slider.addEventListener("change", () => put(p.log ? rounded(read()) : read(), false));
  field.addEventListener("change", () => {
    const value = field.value === "" ? null : Number(field.value);
    // What is out of bounds goes to the studio, whose message says what the bounds are.
    if (value !== null || p.optional) put(value, false);
    else field.value = state.values[p.name];
  });
  const show = (value) => {
    [low, high] = range(p, value);
    if (p.log) Object.assign(slider, { min: 0, max: STEPS, step: 1 });
    else Object.assign(slider, { min: low, max: high, step: step(p, low, high) });
    const at = Math.min(high, Math.max(low, value ?? low));
    const place = p.log ? (STEPS * Math.log(at / low)) / Math.log(high / low) : at;
    slider.value = String(place);
    slider.setAttribute("aria-valuetext", value ?? "none");
    const [from, to] = [Number(slider.min), Number(slider.max)];
    const share = (Number(slider.value) - from) / (to - from || 1);
    slider.style.setProperty("--share", String(share));
    if (document.activeElement !== field || fits(p, value)) field.value = value ?? "";
    field.setAttribute("aria-invalid", String(!fits(p, value)));
  };
  return { beside: field, below: slider, show };
}

function step(p, low, high) {
  if (p.step !== null) return p.step;
  if (p.type === "int") return 1;
  return 10 ** Math.floor(Math.log10((high - low) / 200));
}

function choice(p, id, described) {
  const short = p.choices.length <= 4 && p.choices.join("").length <= 26;
  if (!short || p.optional) {
    const all = p.optional ? [...p.choices, null] : p.choices;
    const options = all.map((c, i) => h("option", { value: i }, c === null ? "none" : String(c)));
    const select = h("select", { id, ...described }, options);
    select.addEventListener("change", () => set({ values: { [p.name]: all[select.value] } }));
    return { below: select, show: (value) => (select.value = all.indexOf(value)) };
  }
  const radios = p.choices.map((c, i) =>
    h("input", {
      type: "radio",
      name: id,
      id: i ? `${id}-${i}` : id,
      onchange: () => set({ values: { [p.name]: c } }),
    }),
  );
  const parts = radios.map((radio, i) => h("label", {}, radio, h("span", {}, String(p.choices[i]))));
  const group = { className: "segments", role: "radiogroup", "aria-label": words(p.name) };
  return {
    below: h("div", { ...group, ...described }, parts),
    show: (value) => radios.forEach((radio, i) => (radio.checked = p.choices[i] === value)),
  };
}

function box(p, id, described) {
  const input = h("input", { type: "checkbox", id, className: "switch", ...described });
  input.addEventListener("change", () => set({ values: { [p.name]: input.checked } }));
  return { beside: input, show: (value) => (input.checked = value) };
}

function color(p, id, described) {
  const swatch = h("input", { type: "color", "aria-label": `${words(p.name)}, picker` });
  const field = h("input", { type: "text", id, spellcheck: false, ...described });
  const put = (value, live) => set({ values: { [p.name]: value } }, { live });
  swatch.addEventListener("input", () => put(swatch.value, true));
  swatch.addEventListener("change", () => put(swatch.value, false));
  field.addEventListener("change", () => put(field.value.trim() || null, false));
  const show = (value) => {
    if (/^#[0-9a-f]{6}/i.test(value)) swatch.value = value.slice(0, 7);
    field.value = value ?? "";
  };
  return { beside: h("span", { className: "color" }, swatch, field), show };
}

function text(p, id, described) {
  const hint = p.type === "path" ? "a file's path" : p.optional ? "none" : "";
  const field = h("input", { type: "text", id, placeholder: hint, spellcheck: false, ...described });
  const put = (live) => {
    const empty = field.value === "" && p.optional;
    set({ values: { [p.name]: empty ? null : field.value } }, { live });
  };
  const soon = debounced(150, () => put(true)); // a picture for each letter would be too many
  if (p.type === "str") field.addEventListener("input", soon);
  field.addEventListener("change", () => {
    soon.cancel();
    put(false);
  });
  const show = (value) => {
    if (document.activeElement !== field) field.value = value ?? "";
  };
  return { below: field, show };
}
