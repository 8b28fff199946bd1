// A control for each parameter, as its type asks for.

import { $, icon, debounced } from "./dom.js";
import { easing } from "./easing_control.js";
import { list } from "./list_control.js";
import { h } from "./markup.js";
import { point } from "./point_control.js";
import { ramp } from "./ramp_control.js";
import { twoThumbs } from "./range_control.js";
import { anySeed } from "./shuffling.js";
import { release, released, touched } from "./slider_motion.js";
import { placeOf, positionAt, valueAt, valueOf } from "./slider_scale.js";
import { on } from "./socket.js";
import { changed, fits, loaded, range, same, set, state, toggleLock } from "./state.js";

const STEPS = 1000; // of a slider that runs over logarithms, or by steps of the picture

const SEED = "seed"; // by which name its lock is known, for no parameter has it

const words = (name) => name.replaceAll("_", " ");

const MOVING = /^(Arrow|Page|Home$|End$)/; // keys that move a slider

let showAll = () => {};

/** Build the controls of the sketch in hand; they follow the state from then on. */
function build() {
  const rows = loaded().parameters.map(row);
  $("controls").replaceChildren(...grouped(rows));
  $("parameters").hidden = rows.length === 0;
  $("seedrow").hidden = !loaded().takesKey;
  showAll = () => rows.forEach((r) => r.show());
}

/** The rows as they are shown: those of a group in a section of theirs, which can be closed. */
function grouped(rows) {
  /** @type {HTMLElement[]} */
  const shown = [];
  let name = "";
  loaded().parameters.forEach((p, index) => {
    if (p.section !== name) {
      name = p.section;
      shown.push(h("details", { className: "group", open: true }, h("summary", {}, name)));
    }
    const { element } = rows[index];
    if (name) shown.at(-1)?.append(element);
    else shown.push(element);
  });
  return shown;
}

changed(({ fresh }) => {
  if (fresh) build();
  showAll();
  $("seed").value = String(state.seed);
  $("lockseed").setAttribute("aria-pressed", String(state.locked.includes(SEED)));
  $("resetall").disabled = loaded().parameters.every((p) =>
    same(state.values[p.name], p.default),
  );
});

on("travel", () => showAll());

/** Set all parameters back to their defaults. */
function resetAll() {
  set({ values: Object.fromEntries(loaded().parameters.map((p) => [p.name, p.default])) });
}

/** Another seed, by chance. */
export function newSeed() {
  if (state.sketch?.takesKey) set({ seed: anySeed() });
}

$("dice").addEventListener("click", newSeed);
$("lockseed").addEventListener("click", () => {
  toggleLock(SEED);
  $("lockseed").setAttribute("aria-pressed", String(state.locked.includes(SEED)));
});
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
  if (p.role === "range" && p.optional) return list; // which can be none
  if (p.role) return { point, vector: point, range: twoThumbs, easing, seed: ownSeed }[p.role];
  if (p.type === "palette") return palette;
  if (p.type === "ramp") return ramp;
  if (p.choices.length) return choice;
  // A text that stands for a color may become any other text, but is mostly a color.
  if (p.type === "str" && /^#[0-9a-f]{6}$/i.test(p.default)) return color;
  return { float: number, int: number, bool: box, color, list }[p.type] ?? text;
}

// The number field is exact; the slider beside it has steps of equal visible change, once that is
// known, and marks the range in which the picture stays on its page.
function number(p, id, described) {
  const put = (value, live) => {
    if (value !== state.values[p.name] || !live) set({ values: { [p.name]: value } }, { live });
  };
  const slider = h("input", { type: "range", "aria-label": words(p.name), ...described });
  const field = h("input", { type: "number", id, step: "any", ...described });
  if (p.optional) field.placeholder = "none";
  let span = [0, 1];
  /** @type {number[] | null} */
  let shares = null;
  let even = true; // whether the slider's own steps are those of the number
  const read = () => {
    const at = Number(slider.value);
    const value = even ? Number(at.toPrecision(6)) : valueAt(p, span, shares, at / STEPS, STEPS);
    return p.type === "int" ? Math.round(value) : value;
  };
  slider.addEventListener("input", () => put(read(), true));
  slider.addEventListener("change", () => put(read(), false));
  if (p.type === "float") {
    slider.addEventListener("pointerdown", () => touched(p.name));
    slider.addEventListener("blur", release);
    slider.addEventListener("keydown", ({ key }) => MOVING.test(key) && touched(p.name));
    slider.addEventListener("keyup", ({ key }) => MOVING.test(key) && released());
  }
  field.addEventListener("change", () => {
    const value = field.value === "" ? null : Number(field.value);
    // What is out of bounds goes to the studio, whose message says what the bounds are.
    if (value !== null || p.optional) put(value, false);
    else field.value = state.values[p.name];
  });
  const show = (value) => {
    const held = state.touch.parameter === p.name;
    // Under a hand it keeps its range, though the value may no longer ask for it, and its scale.
    if (!held || !within(value, span)) span = range(p, value);
    const [low, high] = span;
    const known = state.travels[p.name]?.of === span.join() ? state.travels[p.name] : null;
    if (!held) shares = p.step === null ? (known?.shares ?? null) : null;
    even = !p.log && !shares;
    if (even) Object.assign(slider, { min: low, max: high, step: step(p, low, high) });
    else Object.assign(slider, { min: 0, max: STEPS, step: 1 });
    const at = Math.min(high, Math.max(low, value ?? low));
    slider.value = String(even ? at : STEPS * positionAt(shares, placeOf(p, span, at)));
    slider.dataset.even = String(!shares);
    mark(slider, known?.on_page?.map((place) => positionAt(shares, place)) ?? null);
    slider.title = known?.on_page ? `On the page ${known.on_page.map((x) => said(p, span, x)).join(" to ")}` : "";
    slider.setAttribute("aria-valuetext", value ?? "none");
    const [from, to] = [Number(slider.min), Number(slider.max)];
    const share = (Number(slider.value) - from) / (to - from || 1);
    slider.style.setProperty("--share", String(share));
    if (document.activeElement !== field || fits(p, value)) field.value = value ?? "";
    field.setAttribute("aria-invalid", String(!fits(p, value)));
  };
  return { beside: field, below: slider, show };
}

const within = (value, span) => value === null || (value >= span[0] && value <= span[1]);

/** Mark the range on its track. @param {HTMLElement} slider @param {number[] | null} ends from 0 to 1 */
function mark(slider, ends) {
  slider.toggleAttribute("data-on-page", ends !== null);
  slider.style.setProperty("--from", String(ends?.[0] ?? 0));
  slider.style.setProperty("--to", String(ends?.[1] ?? 1));
}

const said = (p, span, place) => Number(valueOf(p, span, place).toPrecision(3));

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

// A seed of its own: a number that means nothing, and a button for another one.
function ownSeed(p, id, described, name) {
  const field = h("input", { type: "number", id, min: 0, step: 1, ...described });
  const put = (value) => set({ values: { [p.name]: value } });
  field.addEventListener("change", () => {
    if (field.value !== "") put(Number(field.value));
    else if (p.optional) put(null);
    else field.value = state.values[p.name];
  });
  const says = { title: `New ${name}`, "aria-label": `New ${name}` };
  const dice = h("button", { type: "button", className: "quiet", ...says, onclick: () => put(anySeed()) }, icon("dice"));
  const show = (value) => {
    if (document.activeElement !== field || fits(p, value)) field.value = value ?? "";
    field.setAttribute("aria-invalid", String(!fits(p, value)));
  };
  return { beside: h("span", { className: "seed" }, dice, field), show };
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

// A palette by its name, or by hex codes in the field; between them its colors on its paper.
function palette(p, id, described) {
  const others = [h("option", { value: "own", disabled: true }, "own colors")];
  if (p.optional) others.push(h("option", { value: "none" }, "none"));
  const names = p.choices.map((name) => h("option", { value: name }, name));
  const select = h("select", { id, ...described }, names, others);
  const field = h("input", { type: "text", spellcheck: false, "aria-label": `${words(p.name)}, hex codes` });
  const strip = h("div", { className: "swatches", "aria-hidden": "true" });
  const put = (value) => set({ values: { [p.name]: value } });
  select.addEventListener("change", () => put(select.value === "none" ? null : select.value));
  field.addEventListener("change", () => put(field.value.trim() || (p.optional ? null : p.default)));
  const show = (value) => {
    const codes = p.palettes[value] ?? value ?? "";
    select.value = p.choices.includes(value) ? value : value === null ? "none" : "own";
    if (document.activeElement !== field) field.value = codes;
    const [colors, paper] = codes.split(" on ");
    strip.style.background = paper ?? "";
    strip.replaceChildren(
      ...(colors.match(/#[0-9a-f]+/gi) ?? []).map((code) => {
        const swatch = h("span", {});
        swatch.style.background = code;
        return swatch;
      }),
    );
  };
  return { below: h("div", { className: "palette" }, select, strip, field), show };
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
