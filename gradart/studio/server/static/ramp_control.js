// The control of a ramp: its colors as a bar, on which they are moved, added and taken away.

import { h } from "./markup.js";
import { stopsOf, textOf } from "./ramp_text.js";
import { set, state } from "./state.js";

/** @import { Parameter } from "./messages.js" */
/** @import { Stop } from "./ramp_text.js" */

const STEP = 0.01; // of the bar, that an arrow key goes; ten times as far with Shift

/**
 * An editor of a ramp: a click on the bar adds a color there, Delete takes the chosen one away.
 * @param {Parameter} p
 * @param {string} id
 * @param {object} described
 * @param {string} name
 */
export function ramp(p, id, described, name) {
  /** @type {Stop[]} */
  let stops = [];
  let chosen = 0;
  const put = (value, live = false) => set({ values: { [p.name]: value } }, { live });

  const others = [h("option", { value: "own", disabled: true }, "own colors")];
  if (p.optional) others.push(h("option", { value: "none" }, "none"));
  const names = p.choices.map((one) => h("option", { value: one }, one));
  const select = h("select", { id, ...described }, names, others);
  select.addEventListener("change", () => put(select.value === "none" ? null : select.value));

  const bar = h("div", { className: "bar", title: "Click to add a color" });
  const thumbs = h("div", { className: "stops" });
  const swatch = h("input", { type: "color", "aria-label": `${name}, color of the chosen stop` });
  const field = h("input", { type: "text", spellcheck: false, "aria-label": `${name}, colors and places` });
  const drop = h("button", { type: "button", className: "quiet", "aria-label": `${name}, take the chosen color away`, title: "Take the chosen color away" }, "−");
  const below = h("div", { className: "ramp" }, select, h("div", { className: "bars" }, bar, thumbs), h("span", { className: "color" }, swatch, drop, field));

  /** Put other stops, in their order; the one that was changed stays the chosen one. */
  const change = (next, one, live) => {
    const ordered = next.toSorted((a, b) => a.at - b.at);
    chosen = ordered.indexOf(one);
    put(textOf(ordered), live);
  };
  const move = (index, at, live) => {
    const one = { ...stops[index], at: Number(Math.min(1, Math.max(0, at)).toFixed(3)) };
    change(stops.with(index, one), one, live);
  };
  const share = (event) => {
    const box = bar.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  bar.addEventListener("click", (event) => {
    const at = Number(share(event).toFixed(3));
    const one = { color: between(stops, at), at };
    change([...stops, one], one, false);
    marks[chosen]?.focus();
  });
  swatch.addEventListener("input", () => recolor(true));
  swatch.addEventListener("change", () => recolor(false));
  const recolor = (live) => {
    const one = { ...stops[chosen], color: swatch.value };
    change(stops.with(chosen, one), one, live);
  };
  const remove = () => {
    if (stops.length < 3) return;
    const left = stops.toSpliced(chosen, 1);
    change(left, left[Math.min(chosen, left.length - 1)], false);
    marks[chosen]?.focus();
  };
  drop.addEventListener("click", remove);
  field.addEventListener("change", () => put(field.value.trim() || (p.optional ? null : p.default)));

  /** @type {HTMLElement[]} */
  let marks = [];
  /** A thumb for each stop, made once, since a hand may be on one. */
  const mark = () => {
    const index = marks.length;
    const says = { role: "slider", tabIndex: 0, "aria-valuemin": 0, "aria-valuemax": 100 };
    const element = h("div", { className: "stop", "aria-label": `${name}, color ${index + 1}`, ...says });
    let held = false;
    let keyed = false;
    const at = () => marks.indexOf(element);
    element.addEventListener("focus", () => choose(at()));
    element.addEventListener("pointerdown", (event) => {
      held = true;
      element.setPointerCapture(event.pointerId);
      choose(at());
    });
    // The chosen one, for it may have gone past another, and their thumbs have changed places.
    element.addEventListener("pointermove", (event) => held && move(chosen, share(event), true));
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      element.addEventListener(end, () => {
        if (held) set({});
        held = false;
        marks[chosen]?.focus();
      });
    }
    element.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP }[event.key];
      if (event.key === "Delete" || event.key === "Backspace") remove();
      else if (step && !event.ctrlKey && !event.altKey && !event.metaKey) {
        keyed = true;
        move(chosen, stops[chosen].at + step * (event.shiftKey ? 10 : 1), true);
        marks[chosen].focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    const rest = () => {
      if (keyed) set({});
      keyed = false;
    };
    element.addEventListener("keyup", rest);
    element.addEventListener("blur", rest);
    return element;
  };

  const choose = (index) => {
    chosen = index;
    show(state.values[p.name]);
  };

  function show(value) {
    const text = p.palettes[value] ?? value ?? "";
    stops = stopsOf(text);
    chosen = Math.min(chosen, Math.max(0, stops.length - 1));
    while (marks.length < stops.length) marks.push(mark());
    marks = marks.filter((element, index) => index < stops.length || element.remove());
    marks.forEach((element, index) => {
      if (!element.isConnected) thumbs.append(element);
      element.style.left = `${100 * stops[index].at}%`;
      element.style.setProperty("--color", stops[index].color);
      element.setAttribute("aria-valuenow", String(Math.round(100 * stops[index].at)));
      element.setAttribute("aria-valuetext", `${stops[index].color} at ${Math.round(100 * stops[index].at)} %`);
      element.toggleAttribute("data-chosen", index === chosen);
    });
    const mixed = stops.map(({ color, at }) => `${color} ${100 * at}%`).join(", ");
    bar.style.background = stops.length ? `linear-gradient(to right, ${mixed})` : "";
    bar.style.background = stops.length ? `linear-gradient(in oklab to right, ${mixed})` : ""; // where it is known
    select.value = p.choices.includes(value) ? value : value === null ? "none" : "own";
    drop.disabled = stops.length < 3;
    swatch.disabled = !stops.length;
    if (/^#[0-9a-f]{6}/i.test(stops[chosen]?.color)) swatch.value = stops[chosen].color.slice(0, 7);
    if (document.activeElement !== field) field.value = value === null ? "" : textOf(stops);
  }
  return { below, show };
}

/** The color of a ramp at a place, as a hex code: the browser mixes it, in OKLab too. */
function between(stops, at) {
  const after = stops.find((stop) => stop.at >= at) ?? stops.at(-1);
  const before = stops.findLast((stop) => stop.at <= at) ?? stops[0];
  if (!before || !after) return "#808080";
  const share = after.at > before.at ? (at - before.at) / (after.at - before.at) : 0;
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (!context) return before.color;
  context.fillStyle = before.color; // where it cannot mix them
  context.fillStyle = `color-mix(in oklab, ${after.color} ${100 * share}%, ${before.color})`;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return `#${[r, g, b].map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
