// Looks at a piece's curves and fields where a hand points: over the picture, and as numbers.

import { findPlaces } from "./curve_places.js";
import { curveSubject } from "./curve_subject.js";
import { fieldSubject } from "./field_subject.js";
import { makePanel } from "./inspect_panel.js";
import { makeOverlay } from "./overlay.js";

/** @import { Art } from "./art.js" */
/** @import { Lessons } from "./lessons.js" */
/** @import { Drawn } from "./piece.js" */
/** @import { Values } from "./inputs.js" */
/** @import { Place } from "./curve_places.js" */

/**
 * What the inspector and what it looks at know of each other: the picture, the panel, the overlay.
 * @typedef {object} View
 * @property {Lessons} lessons
 * @property {ReturnType<typeof makePanel>} panel
 * @property {ReturnType<typeof makeOverlay>} overlay
 * @property {Drawn} drawn
 * @property {Place[]} places
 * @property {{ width: number, height: number, margin: number }} page
 */

/**
 * A thing to look at. `isSeen` is whether the picture shows it; `enter` sets up the panel, `changed`
 * takes another picture, `point` a place in mm of the page, `step` the arrow keys, `show` draws and
 * tells.
 * @typedef {object} Subject
 * @property {string} name
 * @property {(view: Omit<View, "panel">) => boolean} isSeen
 * @property {boolean} holds whether a click holds what is looked at, until the next
 * @property {(view: View) => void} changed
 * @property {(view: View) => void} enter
 * @property {(view: View, place: number[], held: boolean) => void} point
 * @property {(view: View, x: number, y: number) => void} step
 * @property {(view: View) => void} show
 */

const DARK = 0.4; // of a paper's brightness

/** @param {Art} art @param {Lessons} lessons @param {() => void} pause */
export function makeInspector(art, lessons, pause) {
  /** @type {Subject[]} */
  let subjects = [];
  /** @type {ReturnType<typeof makePanel> | null} */
  let panel = null;
  const overlay = makeOverlay(art.page);
  /** @type {View | null} */
  let view = null;
  /** @type {Subject | null} */
  let subject = null;
  let still = false; // whether a click holds what is looked at

  function changed() {
    if (!view) return;
    const chosen = subjects[view.panel.subject];
    if (chosen !== subject) {
      subject = chosen;
      still = false;
      subject.enter(view);
      overlay.svg.setAttribute("aria-label", `${subject.name}, looked at: arrow keys move the point`);
    }
    subject.show(view);
  }

  /** @param {PointerEvent} event @param {boolean} held */
  function point(event, held) {
    if (!view || !subject) return;
    subject.point(view, overlay.place(event), held);
    subject.show(view);
  }

  overlay.svg.addEventListener("pointermove", (event) => {
    if (event.buttons || (!(still && subject?.holds) && event.pointerType === "mouse")) point(event, event.buttons !== 0);
  });
  overlay.svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pause();
    overlay.svg.setPointerCapture(event.pointerId);
    still = !still || event.pointerType !== "mouse";
    point(event, true);
  });
  overlay.svg.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way || !view || !subject || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const size = event.shiftKey ? 10 : 1;
    subject.step(view, way[0] * size, way[1] * size);
    subject.show(view);
  });
  new ResizeObserver(changed).observe(overlay.svg);

  return {
    /** @param {Drawn} drawn @param {Values} values @param {number} u */
    shown(drawn, values, u) {
      lessons.set(values, u);
      const places = findPlaces(lessons, drawn.scene, drawn.placement);
      const page = art.page;
      if (!panel) {
        overlay.svg.toggleAttribute("data-dark", isDark(drawn));
        const first = { lessons, overlay, drawn, places, page };
        subjects = subjectsOf(lessons);
        const seen = subjects.filter(({ isSeen }) => isSeen(first));
        if (seen.length) subjects = seen;
        panel = makePanel(subjects.map(({ name }) => name), changed);
      }
      view = { lessons, panel, overlay, drawn, places, page };
      subject?.changed(view);
      changed();
    },
  };
}

/** Graphs first, for their numbers are the simplest. @param {Lessons} lessons */
function subjectsOf({ curves, told }) {
  const isPlane = (/** @type {{ kind: string }} */ { kind }) => Number(kind === "curve");
  const sorted = [...curves].sort((a, b) => isPlane(a) - isPlane(b));
  return [...sorted.map((curve) => curveSubject(curve)), ...told.fields.map((field) => fieldSubject(field))];
}

/** @param {Drawn} drawn */
function isDark({ scene: { paper } }) {
  if (!paper) return matchMedia("(prefers-color-scheme: dark)").matches;
  const [r, g, b] = paper.data;
  return 0.3 * r + 0.59 * g + 0.11 * b < DARK;
}
