// The panel "Inspect": what is looked at, how, and its numbers as a table.

import { $ } from "./elements.js";
import { h } from "./markup.js";

/**
 * A thing that may be shown, by the class that its lines have.
 * @typedef {{ kind: string, words: string, on: boolean }} Choice
 */

/**
 * A slider: its words, and the text that stands for a place in [0, 1] on it.
 * @typedef {{ name: string, words: string, steps: number }} Slider
 */

/** A row of the table: what it is, and its numbers. @typedef {[string, ...number[]]} Row */

/**
 * @param {readonly string[]} subjects of which one is looked at
 * @param {() => void} changed by the hand
 */
export function makePanel(subjects, changed) {
  const subject = h("select", { id: "inspect-subject", onchange: changed }, ...subjects.map((name, i) => h("option", { value: String(i) }, name)));
  const sliders = h("div");
  const choices = h("div", { className: "choices", role: "group", "aria-label": "Shown" });
  const caption = h("caption");
  const head = h("thead");
  const body = h("tbody");
  const hint = h("p", { className: "help" });
  const section = h(
    "section",
    { id: "inspect", "aria-labelledby": "inspect-title" },
    h("h2", { id: "inspect-title" }, "Inspect"),
    hint,
    h("div", { className: "head", hidden: subjects.length < 2 }, h("label", { htmlFor: subject.id }, "What"), subject),
    sliders,
    choices,
    h("table", {}, caption, head, body),
  );
  $("controls").before(section);
  const unseen = (/** @type {boolean} */ is) => [hint, sliders, choices].forEach((part) => (part.hidden = is));
  /** @type {Map<string, HTMLInputElement>} */
  const boxes = new Map();
  /** @type {Map<string, { field: HTMLInputElement, row: HTMLElement, told: HTMLElement }>} */
  const fields = new Map();

  return {
    /** The number of the subject that is chosen. */
    get subject() {
      return Number(subject.value);
    },

    /** @param {string} text how to use the hand */
    hint(text) {
      hint.textContent = text;
    },

    /** Have these things to choose from; those that were there stay as they are. @param {readonly Choice[]} some */
    choose(some) {
      const rows = some.map(({ kind, words, on }) => {
        const id = `inspect-${kind}`;
        const box = boxes.get(kind) ?? h("input", { type: "checkbox", className: "switch", id, checked: on, onchange: changed });
        boxes.set(kind, box);
        return h("div", { className: "head" }, h("span", { className: `swatch ${kind}` }), h("label", { htmlFor: id }, words), box);
      });
      choices.replaceChildren(...rows);
    },

    /** Whether a thing is to be shown. @param {string} kind */
    shows: (kind) => (boxes.get(kind)?.checked ?? false) && (boxes.get(kind)?.isConnected ?? false),

    /** Have these sliders; those that were there stay where they are. @param {readonly (Slider & { at: number })[]} some */
    slide(some) {
      const rows = some.map(({ name, words, steps, at }) => {
        const id = `inspect-${name}`;
        if (!fields.has(name)) {
          const field = h("input", { type: "range", id, min: "0", step: "1", oninput: changed });
          const told = h("output", { htmlFor: id });
          const top = h("div", { className: "head" }, h("label", { htmlFor: id }, words), told);
          field.max = String(steps);
          field.value = String(Math.round(at * steps));
          fields.set(name, { field, told, row: h("div", { className: "row" }, top, field) });
        }
        return /** @type {{ row: HTMLElement }} */ (fields.get(name)).row;
      });
      sliders.replaceChildren(...rows);
    },

    /** Show a slider or not. @param {string} name @param {boolean} shown */
    reveal(name, shown) {
      const row = fields.get(name)?.row;
      if (row) row.hidden = !shown;
    },

    /** Where a slider stands, from 0 to 1. @param {string} name */
    at(name) {
      const field = fields.get(name)?.field;
      return field ? Number(field.value) / Number(field.max) : 0;
    },

    /** Show where a slider stands, and what that means. @param {string} name @param {number} at @param {string} text */
    put(name, at, text) {
      const found = fields.get(name);
      if (!found) return;
      const { field, told } = found;
      field.value = String(Math.round(at * Number(field.max)));
      field.style.setProperty("--share", String(Math.min(1, Math.max(0, at))));
      field.setAttribute("aria-valuetext", text);
      told.textContent = text;
    },

    /** Say that the picture does not show what is chosen, with no controls for it. @param {string} name */
    miss(name) {
      unseen(true);
      caption.textContent = `${name} is not seen in this picture`;
      head.replaceChildren();
      body.replaceChildren();
    },

    /**
     * The table of numbers.
     * @param {string} title
     * @param {readonly string[]} columns
     * @param {readonly Row[]} rows
     * @param {number} [marked] the row of what is looked at, where there are several
     */
    tell(title, columns, rows, marked = -1) {
      unseen(false);
      caption.textContent = title;
      head.replaceChildren(...(columns.length ? [h("tr", {}, h("td"), ...columns.map((name) => h("th", { scope: "col" }, name)))] : []));
      body.replaceChildren(
        ...rows.map(([name, ...numbers], i) =>
          h("tr", { className: i === marked ? "marked" : "" }, h("th", { scope: "row" }, name), ...numbers.map((x) => h("td", { colSpan: columns.length > numbers.length ? columns.length : 1 }, h("data", { value: String(x) }, shortly(x))))),
        ),
      );
    },
  };
}

/** A number with as many digits as one reads. @param {number} x */
export function shortly(x) {
  if (Number.isNaN(x)) return "–";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  const size = Math.abs(x);
  const text = size !== 0 && (size >= 1e7 || size < 1e-4) ? x.toExponential(3) : String(Number(x.toPrecision(6)));
  return text.replaceAll("-", "−");
}
