// A pad: a plane with a thumb on it that pointer and arrow keys move, for points and curves.

import { h } from "./markup.js";

const STEP = 0.01; // of the pad's side, that an arrow key goes; ten times as far with Shift

const inside = (share) => Math.min(1, Math.max(0, share));

const SVG = "http://www.w3.org/2000/svg";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * A thumb on a pad. It is told as a slider of two numbers, which arrow keys move.
 * @param {HTMLElement} pad
 * @param {string} says what it is called
 * @param {(at: number[], live: boolean) => void} put called with shares of the pad, from its lower left
 */
export function thumb(pad, says, put) {
  const how = { role: "slider", tabIndex: 0, "aria-roledescription": "2D slider", "aria-label": says };
  const element = h("div", { className: "thumb", ...how });
  let at = [0, 0];
  let held = false;
  let live = false; // whether a key has moved it, and not yet been let go

  const read = (event) => {
    const box = pad.getBoundingClientRect();
    return [inside((event.clientX - box.left) / box.width), inside((box.bottom - event.clientY) / box.height)];
  };
  const take = (event) => {
    held = true;
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    event.preventDefault();
    put(read(event), true);
  };
  element.addEventListener("pointerdown", take);
  element.addEventListener("pointermove", (event) => held && put(read(event), true));
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    element.addEventListener(end, () => {
      if (held) put(at, false);
      held = false;
    });
  }
  element.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? 10 * STEP : STEP;
    live = true;
    put(at.map((share, axis) => inside(share + step * arrow[axis])), true);
  });
  const rest = () => {
    if (live) put(at, false);
    live = false;
  };
  element.addEventListener("keyup", rest);
  element.addEventListener("blur", rest);
  pad.append(element);

  /**
   * Show it at shares of the pad, or not at all.
   * @param {number[]} shares
   * @param {number[]} numbers
   * @param {number[]} span of the first of them
   * @param {boolean} on
   */
  const show = (shares, numbers, [low, high], on) => {
    at = shares.map(inside);
    element.hidden = !on;
    element.style.left = `${100 * at[0]}%`;
    element.style.bottom = `${100 * at[1]}%`;
    element.setAttribute("aria-valuemin", String(low));
    element.setAttribute("aria-valuemax", String(high));
    element.setAttribute("aria-valuenow", String(numbers[0]));
    element.setAttribute("aria-valuetext", `x ${numbers[0]}, y ${numbers[1]}`);
  };
  return { element, show, take, isHeld: () => held };
}

/** What is drawn on a pad. @param {string} tag @param {string} className */
export function drawn(tag, className) {
  const element = document.createElementNS(SVG, tag);
  element.setAttribute("class", className);
  return element;
}

/** A drawing over the whole pad, from 0 to 1 down and across. @param {...Element} parts */
export function plane(...parts) {
  const svg = drawn("svg", "plane");
  svg.setAttribute("viewBox", "0 0 1 1");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.append(...parts);
  return svg;
}

/** A number with as many digits as steps of a span need. @param {number} value @param {number} span */
export function neat(value, span) {
  const digits = Math.max(0, Math.min(12, 3 - Math.floor(Math.log10(span))));
  return Number(value.toFixed(digits));
}
