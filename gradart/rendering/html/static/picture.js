// The canvas: as many pixels as the screen has there, painted anew when that changes.

import { $ } from "./elements.js";

/** @import { Corner } from "./scene.js" */

/**
 * What paints the picture, or a part of it: with the page's corner at `view` on the canvas, and `quick`
 * where another is soon to follow.
 * @typedef {(context: CanvasRenderingContext2D, pixelsPerMm: number, view: Corner | undefined, quick: boolean) => void} Paint
 */

const MOST = 2 ** 24; // pixels of a canvas, which is what the smallest devices hold
const SLOW = 40; // ms that a picture takes, from which on a window is not resized at every step
const REST = 150; // ms without another step
const HEAVY = 400; // ms; a picture that takes more is not painted once more, in finer lines

/**
 * The canvas of a page; `changed` is called when it has to be painted anew.
 * @param {{ width: number, height: number }} page in mm
 * @param {Paint} paint
 * @param {boolean} reads whether that reads what it has painted, as ink does
 * @param {() => void} changed
 */
export function makePicture(page, paint, reads, changed) {
  const canvas = $("picture");
  const detail = $("detail");
  let size = [0, 0];
  let took = 0; // ms of the last picture
  let timer = 0;
  let rest = 0;

  const soon = () => {
    clearTimeout(timer);
    if (took > SLOW) timer = setTimeout(changed, REST);
    else changed();
  };

  const observer = new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    const told = entry.devicePixelContentBoxSize?.[0];
    const now = [
      nearly(width * devicePixelRatio, told?.inlineSize),
      nearly(height * devicePixelRatio, told?.blockSize),
    ];
    if (now[0] === size[0] && now[1] === size[1]) return;
    size = now;
    soon();
  });
  try {
    observer.observe(canvas, { box: "device-pixel-content-box" });
  } catch {
    observer.observe(canvas); // a browser that counts no pixels
  }
  for (const kind of ["resize", "scroll"]) visualViewport?.addEventListener(kind, soon);

  return {
    /**
     * Paint the picture, and what a pinch has enlarged of it once more, sharper: quickly, and finely
     * when no other has followed; until then it says so.
     */
    show(quick = true) {
      clearTimeout(rest);
      if (size[0] < 1 || size[1] < 1) return;
      const start = performance.now();
      const [width, height] = bounded(size[0], size[1]);
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      paint(context(canvas), width / page.width, undefined, quick);
      enlarge(quick);
      if (quick) took = performance.now() - start;
      const again = quick && took < HEAVY;
      canvas.toggleAttribute("data-quick", again);
      if (again) rest = setTimeout(() => this.show(false), REST);
    },

    /**
     * The picture on a canvas of its own.
     * @param {number} long pixels of the long side
     */
    copy(long) {
      const scale = long / Math.max(page.width, page.height);
      const copy = document.createElement("canvas");
      copy.width = Math.round(page.width * scale);
      copy.height = Math.round(page.height * scale);
      paint(context(copy), scale, undefined, false);
      return copy;
    },
  };

  /** @param {HTMLCanvasElement} on */
  function context(on) {
    return /** @type {CanvasRenderingContext2D} */ (on.getContext("2d", { willReadFrequently: reads }));
  }

  /** @param {boolean} quick */
  function enlarge(quick) {
    const zoom = visualViewport?.scale ?? 1;
    const box = canvas.getBoundingClientRect();
    const seen = zoom > 1.01 ? visible(box) : null;
    detail.hidden = seen === null;
    if (seen === null) return;
    const [width, height] = bounded(
      seen.width * devicePixelRatio * zoom,
      seen.height * devicePixelRatio * zoom,
    );
    Object.assign(detail, { width, height });
    detail.style.left = `${canvas.offsetLeft + seen.left}px`;
    detail.style.top = `${canvas.offsetTop + seen.top}px`;
    detail.style.width = `${seen.width}px`;
    detail.style.height = `${seen.height}px`;
    const scale = width / seen.width; // of a pixel in CSS
    paint(context(detail), (scale * box.width) / page.width, { x: -seen.left * scale, y: -seen.top * scale }, quick);
  }
}

/** Whole pixels: as many as the browser tells, unless it tells of another screen than is shown. */
function nearly(pixels, told = pixels) {
  return Math.round(Math.abs(told - pixels) < 2 ? told : pixels);
}

/** What is seen of the canvas, from its corner, in CSS pixels; null for nothing. @param {DOMRect} box */
function visible(box) {
  const { offsetLeft, offsetTop, width, height } = /** @type {VisualViewport} */ (visualViewport);
  const left = Math.max(0, offsetLeft - box.left);
  const top = Math.max(0, offsetTop - box.top);
  const right = Math.min(box.width, offsetLeft + width - box.left);
  const bottom = Math.min(box.height, offsetTop + height - box.top);
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : null;
}

/** Sides of a canvas, made smaller where they are more than one holds. */
function bounded(width, height) {
  const scale = Math.min(1, Math.sqrt(MOST / (width * height)));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}
